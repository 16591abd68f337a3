"""What the server gives to other people's pages: one script, and a frame that only the brand's origins may show."""

from __future__ import annotations

import gzip
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from time_machine import travel

from kefu.accounts.actions import open_session
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE, LINK_COOKIE
from kefu.accounts.models import Customer, CustomerSession, Level
from kefu.brands.actions import allow_origins
from kefu.brands.models import Brand
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import House, make_conversation, make_house
from kefu.livechat import embedding
from kefu.livechat.loader import loader
from kefu.livechat.tests.factories import OPEN, make_question, post, sign_in

pytestmark = pytest.mark.django_db
HOST = "https://www.xinghai.example"
FRAME, WINDOW = "/zh-hans/chat/frame/", "/zh-hans/chat/frame/window/"
HAND_OVER, TAKE_OVER, LEAVE = "/zh-hans/chat/hand-over/", "/zh-hans/chat/take-over/", "/zh-hans/chat/leave/"
MOST_BYTES = 5 * 1024


@pytest.fixture
def house() -> House:
    made = make_house()
    allow_origins(brand=made.brand, origins=[HOST, "http://localhost:8010"])
    return made


@pytest.fixture
def own(house: House) -> Conversation:
    return make_conversation(house, text="我自己的问题")


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def policy_of(answer: Any) -> dict[str, str]:
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return {name: rest for name, _, rest in (part.partition(" ") for part in parts)}


def test_the_script_is_small_and_any_page_may_load_it(client: Client, house: House) -> None:
    answer = client.get("/embed.js", headers={"Accept-Encoding": "br, gzip"})

    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) <= MOST_BYTES
    assert gzip.decompress(answer.content) == client.get("/embed.js").content
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in answer.headers["Vary"]


def test_it_is_small_also_for_a_brand_with_the_longest_name(house: House) -> None:
    house.brand.name = "".join(chr(0x4E00 + 37 * place) for place in range(80))

    assert len(gzip.compress(loader(house.brand), 9)) <= MOST_BYTES


def test_it_is_fetched_again_only_when_it_has_changed(client: Client, house: House) -> None:
    tag = client.get("/embed.js").headers["ETag"]
    packed = {"Accept-Encoding": "gzip"}
    other = client.get("/embed.js", headers=packed).headers["ETag"]

    assert client.get("/embed.js", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/embed.js", headers={"If-None-Match": f'"older", {tag}'}).status_code == 304
    assert client.get("/embed.js", headers=packed | {"If-None-Match": other}).status_code == 304
    # What somebody keeps unpacked is not what is sent packed.
    assert client.get("/embed.js", headers=packed | {"If-None-Match": tag}).status_code == 200
    Brand.objects.filter(pk=house.brand.pk).update(accent_hue=290)
    assert client.get("/embed.js", headers={"If-None-Match": tag}).status_code == 200


def test_a_brands_name_can_not_end_the_script_that_says_it(house: House) -> None:
    house.brand.name = '</script><script>alert("x")</script>\u2028'

    assert b"</script" not in loader(house.brand)


def test_it_speaks_the_brands_languages(client: Client, house: House) -> None:
    said = client.get("/embed.js").content.decode()
    told = json.JSONDecoder().raw_decode(said, said.rindex("embed({") + len("embed("))[0]

    assert list(told["words"]) == house.brand.languages
    assert len({words["open"] for words in told["words"].values()}) == len(told["words"])


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_the_frame_names_exactly_the_brands_origins(client: Client, house: House, language: str) -> None:
    answer = client.get(f"/{language}/chat/frame/")

    assert policy_of(answer)["frame-ancestors"] == f"{HOST} http://localhost:8010"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_without_origins_nobody_frames_it(client: Client, house: House) -> None:
    allow_origins(brand=house.brand, origins=[])

    assert policy_of(client.get(FRAME))["frame-ancestors"] == "'none'"


@pytest.mark.parametrize(
    "path",
    [
        "/zh-hans/",
        "/zh-hans/chat/",
        "/zh-hans/chat/panel/",
        WINDOW,
        "/zh-hans/cases/",
        "/zh-hans/contact/",
        "/desk/all/",
        "/staff/signin/",
        "/zh-hans/nowhere/",
    ],
)
def test_no_other_page_of_ours_lets_itself_be_framed(client: Client, house: House, path: str) -> None:
    client.force_login(house.mei)

    assert policy_of(client.get(path))["frame-ancestors"] == "'none'"


def test_the_frame_is_the_same_for_everybody(client: Client, own: Conversation) -> None:
    for_nobody = client.get(FRAME)
    client.cookies["kefu_zone"] = "Europe/London"
    client.cookies[LINK_COOKIE] = "whatever"
    sign_in(client, own.customer)

    for_somebody = client.get(FRAME)

    assert for_somebody.content == for_nobody.content
    assert own.ref not in for_somebody.content.decode()
    assert not for_somebody.cookies


def test_the_frames_window_is_drawn_by_the_token_and_by_no_cookie(
    client: Client, house: House, own: Conversation
) -> None:
    sign_in(client, own.customer)
    assert own.ref not in client.get(WINDOW).content.decode()

    other = make_conversation(house, text="别人的问题")
    drawn = client.get(WINDOW, headers=bearing(open_session(customer=other.customer)))

    assert f'data-ref="{other.ref}"' in drawn.content.decode()
    assert own.ref not in drawn.content.decode()
    assert not drawn.cookies
    assert client.get(WINDOW, headers=bearing("nobody")).status_code == 401


@pytest.mark.parametrize(
    ("theme", "drawn"), [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ('"><b>', "")]
)
def test_a_host_may_choose_light_or_dark(client: Client, house: House, theme: str, drawn: str) -> None:
    page = client.get(FRAME, {"theme": theme}).content.decode()

    assert re.search(r"<html[^>]*>", page)[0] == f'<html lang="zh-Hans"{drawn}>'  # type: ignore[index]


def handed_over(client: Client, own: Conversation) -> str:
    return str(post(client, HAND_OVER, {}, **bearing(open_session(customer=own.customer))).json()["code"])


def take_over(client: Client, code: str, ref: str = "", **headers: str) -> Any:
    return client.post(
        TAKE_OVER, {"code": code, "ref": ref}, headers={"Sec-Fetch-Site": "same-origin"} | headers
    )


def test_the_same_customer_goes_on_in_a_window_of_ours(own: Conversation) -> None:
    browser = Client(enforce_csrf_checks=True)

    answer = take_over(browser, handed_over(Client(), own), own.ref)

    assert answer.headers["Location"] == f"/zh-hans/chat/?conversation={own.ref}"
    assert f'data-ref="{own.ref}"' in browser.get("/zh-hans/chat/").content.decode()


@pytest.mark.parametrize(
    ("tool", "place"), [("deposit", "/zh-hans/tools/deposit/"), ("no-such-tool", "/zh-hans/chat/")]
)
def test_whoever_the_frame_knows_goes_on_in_a_tool_of_ours(own: Conversation, tool: str, place: str) -> None:
    browser, values = Client(), {"code": handed_over(Client(), own), "tool": tool}

    answer = browser.post(TAKE_OVER, values, headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.headers["Location"] == place
    assert own.ref in browser.get("/zh-hans/cases/").content.decode()


def test_somebody_vouched_for_stays_no_longer_there_than_here(own: Conversation) -> None:
    Customer.objects.filter(pk=own.customer_id).update(level=Level.VOUCHED)

    take_over(Client(), handed_over(Client(), own))

    ends_at = CustomerSession.objects.filter(customer=own.customer).latest("pk").ends_at
    assert timedelta(hours=23) < ends_at - now() <= timedelta(days=1)


def test_a_window_ends_with_the_session_that_it_goes_on_from(own: Conversation) -> None:
    token = open_session(customer=own.customer)
    code = post(Client(), HAND_OVER, {}, **bearing(token)).json()["code"]
    window = Client()
    take_over(window, code)
    again = post(Client(), HAND_OVER, {}, **bearing(window.cookies[CUSTOMER_COOKIE].value)).json()["code"]
    further = Client()
    take_over(further, again)
    for browser in (window, further):
        assert f'data-ref="{own.ref}"' in browser.get("/zh-hans/chat/").content.decode()
    ends = CustomerSession.objects.filter(customer=own.customer).values_list("ends_at", flat=True)
    assert len(set(ends)) == 1

    post(Client(), LEAVE, {}, **bearing(token))

    for browser in (window, further):
        assert own.ref not in browser.get("/zh-hans/chat/").content.decode()


def test_a_code_of_a_session_that_has_ended_opens_nothing(own: Conversation) -> None:
    token = open_session(customer=own.customer)
    code = post(Client(), HAND_OVER, {}, **bearing(token)).json()["code"]
    post(Client(), LEAVE, {}, **bearing(token))

    assert not take_over(Client(), code, own.ref).cookies


def test_the_words_of_a_question_make_nobody_a_user_again(client: Client, own: Conversation) -> None:
    Customer.objects.filter(pk=own.customer_id).update(level=Level.VOUCHED)
    token = open_session(customer=own.customer)
    asked = make_question(session="token")
    post(Client(), OPEN, asked, **bearing(token))
    post(Client(), LEAVE, {}, **bearing(token))

    again = post(Client(), OPEN, asked).json()

    assert Conversation.objects.get(ref=again["ref"]).customer_id != own.customer_id


def test_a_code_is_good_once(own: Conversation) -> None:
    code = handed_over(Client(), own)
    take_over(Client(), code)

    assert not take_over(Client(), code, own.ref).cookies


def test_a_code_is_good_for_a_minute(own: Conversation) -> None:
    code = handed_over(Client(), own)

    with travel(now() + timedelta(seconds=61)):
        assert not take_over(Client(), code, own.ref).cookies


def test_no_other_session_is_a_code(own: Conversation) -> None:
    token = open_session(customer=own.customer)

    assert not take_over(Client(), token, own.ref).cookies


def test_another_site_makes_nobody_the_customer_of_its_code(own: Conversation) -> None:
    code = handed_over(Client(), own)

    answer = take_over(Client(), code, own.ref, **{"Sec-Fetch-Site": "cross-site"})

    assert not answer.cookies
    assert answer.headers["Location"] == "/zh-hans/chat/"


def test_a_browser_that_is_somebody_already_stays_them(
    client: Client, house: House, own: Conversation
) -> None:
    other = make_conversation(house, text="别人的问题")
    sign_in(client, other.customer)
    before = client.cookies[CUSTOMER_COOKIE].value

    answer = take_over(client, handed_over(Client(), own), own.ref)

    assert client.cookies[CUSTOMER_COOKIE].value == before
    assert f'data-ref="{own.ref}"' in client.get(answer.headers["Location"]).content.decode()
    assert f'data-ref="{other.ref}"' in client.get("/zh-hans/chat/").content.decode()


def test_a_cookie_is_handed_over_to_nobody(client: Client, own: Conversation) -> None:
    sign_in(client, own.customer)

    assert post(client, HAND_OVER, {}).status_code == 401
    assert CustomerSession.objects.filter(customer=own.customer).count() == 1


def test_a_session_that_ends_at_this_moment_is_handed_over_to_nobody(
    own: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, customer_of = open_session(customer=own.customer), embedding._customer

    def ended_meanwhile(request: HttpRequest) -> Customer | None:
        CustomerSession.objects.filter(customer=own.customer).delete()
        return customer_of(request)

    monkeypatch.setattr(embedding, "_customer", ended_meanwhile)

    assert post(Client(), HAND_OVER, {}, **bearing(token)).status_code == 401


def test_leaving_ends_the_session_of_the_token_and_no_other(client: Client, own: Conversation) -> None:
    here, elsewhere = (open_session(customer=own.customer) for _ in range(2))
    sign_in(client, own.customer)

    assert post(client, LEAVE, {}, **bearing(here)).status_code == 200

    assert client.get(WINDOW, headers=bearing(here)).status_code == 401
    assert client.get(WINDOW, headers=bearing(elsewhere)).status_code == 200
    assert f'data-ref="{own.ref}"' in client.get(reverse("livechat:chat")).content.decode()


@pytest.mark.parametrize("path", [HAND_OVER, LEAVE])
def test_the_frames_doors_take_posts_of_our_pages_only(client: Client, own: Conversation, path: str) -> None:
    headers = bearing(open_session(customer=own.customer)) | {"Sec-Fetch-Site": "cross-site"}

    assert client.post(path, {}, content_type="application/json", headers=headers).status_code == 403
