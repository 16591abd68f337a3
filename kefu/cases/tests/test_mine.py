"""My cases: one's own and nobody else's, on any device once the address is proven."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from kefu.accounts import announcing
from kefu.accounts.actions import claim_email, meet_visitor, mint_code
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Customer, Identity, Level, OneTimeCode
from kefu.accounts.viewers import CustomerViewer, customer_of
from kefu.cases import actions, views
from kefu.cases.actions import TO_ADDRESS
from kefu.cases.views import TRANSCRIPTS
from kefu.conversations.actions import Say, resolve, say
from kefu.conversations.models import Conversation, Visibility
from kefu.conversations.tests.factories import House, make_client_id, make_conversation, make_house
from kefu.journal.models import Entry
from kefu.mailroom.models import Letter
from kefu.safety.limits import Limit
from kefu.ui.middleware import ZONE_COOKIE

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "lin.xiaomei@mail.example"


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(announcing, "_ways", [lambda _brand: True])
    return make_house()


def somebody(house: House, client: Client) -> CustomerViewer:
    met = meet_visitor(brand=house.brand, language="zh-hans")
    client.cookies[CUSTOMER_COOKIE] = met.token
    viewer = customer_of({CUSTOMER_COOKIE: met.token})
    assert viewer is not None
    return viewer


def page(client: Client, path: str = "/zh-hans/cases/") -> str:
    return client.get(path).content.decode()


def digits_of_latest_letter() -> str:
    digits = mint_code(code_id=OneTimeCode.objects.latest("pk").pk)
    assert digits is not None
    return digits


def test_whoever_is_new_is_told_what_will_be_here_and_gets_no_cookie(client, house):
    response = client.get("/zh-hans/cases/")

    assert "这里还没有内容" in response.content.decode()
    assert CUSTOMER_COOKIE not in response.cookies
    assert response.headers["Cache-Control"].count("no-store") == 1


def test_each_case_says_what_it_is_about_and_whose_turn_it_is(client, house):
    viewer = somebody(house, client)
    ours = make_conversation(house, viewer, "充的币没到账")
    yours, done = make_conversation(house, viewer), make_conversation(house, viewer)
    for conversation in (yours, done):
        conversation.refresh_from_db()
        say(
            [
                Say(
                    conversation_id=conversation.pk,
                    by=house.mei,
                    client_id=make_client_id(),
                    content="请发一下订单号",
                    spoken_seq=conversation.spoken_seq,
                )
            ]
        )
    resolve(conversation=done, by=house.mei)

    shown = page(client)

    rows = {
        ref: shown[shown.index(ref) - 900 : shown.index(ref) + 700] for ref in (ours.ref, yours.ref, done.ref)
    }
    assert "轮到我们" in rows[ours.ref]
    assert "充的币没到账" in rows[ours.ref]
    assert "轮到你" in rows[yours.ref]
    assert "我们：请发一下订单号" in rows[yours.ref]
    assert shown.count("已解决") == 1
    assert f"/zh-hans/chat/?conversation={ours.ref}" in shown


def test_a_note_is_not_seen_here(client, house):
    conversation = make_conversation(house, somebody(house, client))
    note = Say(
        conversation_id=conversation.pk,
        by=house.mei,
        client_id=make_client_id(),
        content="只给同事看",
        visibility=Visibility.STAFF,
    )
    say([note])

    assert "只给同事看" not in page(client)


def test_nobody_sees_the_cases_of_somebody_else(client, house):
    theirs = make_conversation(house)
    somebody(house, client)

    assert theirs.ref not in page(client)


def test_the_page_costs_the_same_for_one_case_and_twenty(client, house, django_assert_num_queries):
    viewer = somebody(house, client)
    make_conversation(house, viewer)
    page(client)
    with django_assert_num_queries(6):
        page(client)
    for _ in range(19):
        make_conversation(house, viewer)
    with django_assert_num_queries(6):
        page(client)


def test_the_twenty_first_case_is_on_the_second_page(client, house):
    viewer = somebody(house, client)
    oldest = make_conversation(house, viewer)
    for _ in range(20):
        make_conversation(house, viewer)

    assert oldest.ref not in page(client)
    assert oldest.ref in page(client, "/zh-hans/cases/?page=2")


def test_a_proven_address_brings_back_what_was_asked_elsewhere(client, house):
    elsewhere = Client()
    first = make_conversation(house, somebody(house, elsewhere), "在家里问的")
    for browser in (elsewhere, client):
        response = browser.post("/zh-hans/cases/address/", {"email": f" {ADDRESS.upper()} "})
        assert response.headers["Location"] == "/zh-hans/cases/code/"
        assert "l•••@m•••.example" in page(browser, "/zh-hans/cases/code/")
        before = browser.cookies[CUSTOMER_COOKIE].value
        proven = browser.post("/zh-hans/cases/code/", {"code": digits_of_latest_letter()})
        assert proven.headers["Location"] == "/zh-hans/cases/"
        assert browser.cookies[CUSTOMER_COOKIE].value != before
        assert customer_of({CUSTOMER_COOKIE: before}) is None

    assert first.ref in page(client)
    assert "在家里问的" in page(client)
    assert "l•••@m•••.example" in page(client)


def test_typing_somebodys_address_shows_nothing_of_theirs(client, house):
    owner = Client()
    theirs = make_conversation(house, somebody(house, owner))
    owner.post("/zh-hans/cases/address/", {"email": ADDRESS})
    owner.post("/zh-hans/cases/code/", {"code": digits_of_latest_letter()})

    client.post("/zh-hans/cases/address/", {"email": ADDRESS})

    assert theirs.ref not in page(client)
    assert client.post("/zh-hans/cases/code/", {"code": "000000"}).status_code in {400, 302}
    assert theirs.ref not in page(client)


def test_a_wrong_code_is_told_and_may_be_tried_again(client, house):
    client.post("/zh-hans/cases/address/", {"email": ADDRESS})
    digits = digits_of_latest_letter()
    wrong = f"{(int(digits) + 1) % 1_000_000:06}"

    answer = client.post("/zh-hans/cases/code/", {"code": wrong})

    assert answer.status_code == 400
    assert "不一致" in answer.content.decode()
    for _ in range(4):
        client.post("/zh-hans/cases/code/", {"code": wrong})
    ended = client.post("/zh-hans/cases/code/", {"code": digits})
    assert ended.status_code == 400
    assert "失效" in ended.content.decode()


def test_what_is_no_address_is_told_and_stays_in_the_field(client, house):
    answer = client.post("/zh-hans/cases/address/", {"email": "lin.xiaomei@"})

    assert answer.status_code == 400
    assert 'value="lin.xiaomei@"' in answer.content.decode()
    assert not Customer.objects.exists()


def test_without_mail_the_page_says_so_and_stores_nothing(client, house, monkeypatch):
    monkeypatch.setattr(announcing, "_ways", [])

    assert "发不出邮件" in page(client)
    assert client.post("/zh-hans/cases/address/", {"email": ADDRESS}).status_code == 409
    assert not Customer.objects.exists()


def test_an_address_gets_few_codes_an_hour(client, house):
    for _ in range(TO_ADDRESS.times):
        assert client.post("/zh-hans/cases/address/", {"email": ADDRESS}).status_code == 302

    refused = Client().post("/zh-hans/cases/address/", {"email": ADDRESS})

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_a_network_asks_for_few_codes_an_hour(house, monkeypatch):
    monkeypatch.setattr(actions, "FROM_CLIENT", Limit("one", times=1, per=timedelta(hours=1)))

    answers = [
        Client(REMOTE_ADDR=address).post("/zh-hans/cases/address/", {"email": ADDRESS}).status_code
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:9::1", "2001:db8:1:3::1")
    ]

    assert answers == [302, 429, 302]


def test_a_network_tries_few_codes(client, house, monkeypatch):
    monkeypatch.setattr(views, "TRIES_FROM_ADDRESS", Limit("one", times=1, per=timedelta(minutes=10)))
    client.post("/zh-hans/cases/address/", {"email": ADDRESS})
    wrong = f"{(int(digits_of_latest_letter()) + 1) % 1_000_000:06}"

    answers = [
        client.post("/zh-hans/cases/code/", {"code": wrong}, REMOTE_ADDR=address).status_code
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:9::1", "2001:db8:1:3::1")
    ]

    assert answers == [400, 429, 400]


def test_the_code_page_without_a_code_leads_back(client, house):
    assert client.get("/zh-hans/cases/code/").headers["Location"] == "/zh-hans/cases/"


def test_leaving_ends_the_session_and_forgets_the_cookie(client, house):
    conversation = make_conversation(house, somebody(house, client))
    token = client.cookies[CUSTOMER_COOKIE].value

    client.post("/zh-hans/cases/leave/")

    assert conversation.ref not in page(client)
    assert customer_of({CUSTOMER_COOKIE: token}) is None
    assert client.post("/zh-hans/cases/leave/").status_code == 302


@pytest.mark.parametrize("path", ["address/", "code/", "leave/"])
def test_another_site_can_post_nothing_in_the_customers_name(house, path):
    strict = Client(enforce_csrf_checks=True)
    somebody(house, strict)

    assert strict.post(f"/zh-hans/cases/{path}", {"email": ADDRESS, "code": "123456"}).status_code == 403


def test_no_address_reaches_the_journal(client, house):
    client.post("/zh-hans/cases/address/", {"email": ADDRESS})

    assert Entry.objects.exists()
    assert not any("mail.example" in str(entry.payload) for entry in Entry.objects.all())
    assert not Letter.objects.exists(), "The listener posts it, in the worker."
    assert Identity.objects.get().level == Level.CLAIMED


def test_a_claimed_address_is_no_name_to_greet(client, house):
    viewer = somebody(house, client)
    claim_email(customer=Customer.objects.get(pk=viewer.customer_id), email=ADDRESS)

    assert "l•••@" not in page(client)
    assert not re.search(r"lin\.xiaomei", page(client))
    assert Conversation.objects.count() == 0


def proven(house: House, client: Client) -> Customer:
    viewer = somebody(house, client)
    customer = Customer.objects.get(pk=viewer.customer_id)
    identity = claim_email(customer=customer, email=ADDRESS)
    Identity.objects.filter(pk=identity.pk).update(level=Level.PROVEN)
    Customer.objects.filter(pk=customer.pk).update(level=Level.PROVEN)
    return customer


def test_a_phrase_is_chosen_here_and_shown_to_its_owner(client, house):
    customer = proven(house, client)

    client.post("/zh-hans/cases/phrase/", {"phrase": "蓝色的海豚"})

    customer.refresh_from_db()
    assert customer.phrase == "蓝色的海豚"
    assert 'value="蓝色的海豚"' in page(client)


def test_a_phrase_that_is_refused_stays_in_its_field(client, house):
    proven(house, client)

    answer = client.post("/zh-hans/cases/phrase/", {"phrase": "海豚"})

    assert answer.status_code == 400
    assert 'value="海豚"' in answer.content.decode()
    assert "至少 4 个字符" in answer.content.decode()


def test_a_guest_is_offered_no_phrase_and_can_set_none(client, house):
    somebody(house, client)

    assert "防钓鱼短语" not in page(client)
    assert client.post("/zh-hans/cases/phrase/", {"phrase": "蓝色的海豚"}).status_code == 403


def test_a_case_is_saved_as_a_file_with_every_word_and_no_note_and_no_secret(client, house):
    viewer = somebody(house, client)
    conversation = make_conversation(house, viewer, "我的密码是 Tr0ub4dor&3，登不进去")
    conversation.refresh_from_db()
    for text, visibility in (("请马上改密码", Visibility.CUSTOMER), ("只给同事看", Visibility.STAFF)):
        say(
            [
                Say(
                    conversation_id=conversation.pk,
                    by=house.mei,
                    client_id=make_client_id(),
                    content=text,
                    visibility=visibility,
                    spoken_seq=conversation.spoken_seq,
                )
            ]
        )

    answer = client.get(f"/zh-hans/cases/{conversation.ref}/transcript.txt")

    text = answer.content.decode()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{conversation.ref}.txt"'
    assert text.startswith(f"与星海 Exchange 的会话 {conversation.ref}，")
    assert "林美\n请马上改密码" in text
    assert "[已隐藏：密码]" in text
    assert "Tr0ub4dor" not in text
    assert "只给同事看" not in text
    assert "（北京时间）] 你\n" in text


@pytest.mark.parametrize(
    ("device", "chosen", "named"),
    [
        ("Europe/London", "", "London time"),
        ("Europe/London", "Asia/Tokyo", "Tokyo time"),
        ("", "", "Beijing time"),
    ],
)
def test_a_file_is_in_the_zone_of_its_reader(client, house, device, chosen, named):
    viewer = somebody(house, client)
    Customer.objects.filter(pk=viewer.customer_id).update(zone=device)
    conversation = make_conversation(house, viewer)
    if chosen:
        client.cookies[ZONE_COOKIE] = chosen

    text = client.get(f"/en/cases/{conversation.ref}/transcript.txt").content.decode()

    assert f"({named})] You\n" in text


def test_nobody_saves_or_sends_the_case_of_somebody_else(client, house):
    theirs = make_conversation(house)
    proven(house, client)

    assert client.get(f"/zh-hans/cases/{theirs.ref}/transcript.txt").status_code == 404
    assert client.post(f"/zh-hans/cases/{theirs.ref}/transcript/").status_code == 404
    assert Client().get(f"/zh-hans/cases/{theirs.ref}/transcript.txt").status_code == 404
    assert client.get("/zh-hans/cases/nonsense/transcript.txt").status_code == 404
    assert not Entry.objects.filter(kind="conversation.transcript_asked_for").exists()


def test_only_a_proven_mailbox_gets_the_words(client, house):
    conversation = make_conversation(house, somebody(house, client))

    assert "发到我的邮箱" not in page(client)
    assert client.post(f"/zh-hans/cases/{conversation.ref}/transcript/").status_code == 403
    assert not Entry.objects.filter(kind="conversation.transcript_asked_for").exists()


def test_a_case_is_asked_for_by_mail_and_not_without_end(client, house):
    customer = proven(house, client)
    viewer = CustomerViewer(customer.pk, house.brand.pk)
    conversation = make_conversation(house, viewer)

    for _ in range(TRANSCRIPTS.times):
        assert "正在发往 l•••@m•••.example" in page_after(client, conversation)

    assert "发得够多了" in page_after(client, conversation)
    assert Entry.objects.filter(kind="conversation.transcript_asked_for").count() == TRANSCRIPTS.times


def page_after(client: Client, conversation: Conversation) -> str:
    return client.post(f"/zh-hans/cases/{conversation.ref}/transcript/").content.decode()
