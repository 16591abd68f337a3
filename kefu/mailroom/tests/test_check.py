from __future__ import annotations

from uuid import uuid4

import pytest

from kefu.mailroom.codes import new_code, read_code
from kefu.mailroom.models import Letter
from kefu.mailroom.tests.factories import a_brand, a_letter, run_letters
from kefu.mailroom.tests.sink import DROP_AFTER_TAKING, Sink
from kefu.mailroom.views import MISSES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def letter(settings):
    with Sink() as sink:
        settings.MAIL_SERVER = sink.at
        letter = a_letter()
        run_letters()
    return letter


def check(client, code: str, language: str = "en"):
    return client.get(f"/{language}/check/", {"code": code})


def test_the_code_of_a_letter_is_answered_however_it_is_typed(client, letter):
    for typed in (
        letter.code,
        letter.code.lower(),
        letter.code.replace("-", ""),
        f" {letter.code.replace('-', ' ')} ",
    ):
        page = check(client, typed).content.decode()

        assert "We sent this letter" in page
        assert "l•••@m•••.example" in page
        assert "lin.xiaomei" not in page


def test_a_code_that_we_never_printed_is_not_ours(client, letter):
    assert "Not from us" in check(client, "0000-0000").content.decode()


@pytest.mark.parametrize("typed", ["12", "7KQ4-M2XPX", "7KQ4-M2X!", "林小美的验证码"])
def test_what_is_no_code_is_told_so_and_stays_in_the_field(client, typed):
    a_brand()

    page = check(client, typed).content.decode()

    assert "This is no message code" in page
    assert f'value="{typed}"' in page


def test_a_letter_that_has_not_left_is_not_ours_yet(client):
    letter = a_letter()

    assert "Not from us" in check(client, letter.code).content.decode()


@pytest.mark.parametrize("then", ["withdrawn", "waiting", "given_up", "sending", "refused"])
def test_a_letter_that_may_have_arrived_stays_ours_whatever_becomes_of_it(client, settings, then):
    with Sink() as sink:
        settings.MAIL_SERVER = sink.at
        sink.manners.end = [DROP_AFTER_TAKING]
        letter = a_letter()
        run_letters()
    Letter.objects.filter(pk=letter.pk).update(state=then)

    assert "We sent this letter" in check(client, letter.code).content.decode()


def test_a_letter_that_the_server_sent_back_never_left(client, settings):
    with Sink() as sink:
        settings.MAIL_SERVER = sink.at
        sink.manners.end = ["554 spam"]
        letter = a_letter()
        run_letters()

    assert "Not from us" in check(client, letter.code).content.decode()


def test_a_letter_of_another_brand_is_not_ours(client, letter):
    other = a_brand(key="other")
    other.pk, other.uid, other.key, other.prefix = None, uuid4(), "yunhai", "YH"
    other.hosts = ["help.yunhai.example"]
    other.save()
    Letter.objects.update(brand=other)

    assert "Not from us" in check(client, letter.code).content.decode()


def test_whoever_guesses_is_slowed_down_and_whoever_has_the_letter_is_not(client, letter):
    for _ in range(MISSES.times):
        check(client, new_code())

    assert check(client, new_code()).status_code == 429
    assert "We sent this letter" in check(client, letter.code).content.decode()


def test_whoever_guesses_is_slowed_down_in_a_whole_network(client, letter):
    for number in range(MISSES.times):
        client.get("/en/check/", {"code": new_code()}, REMOTE_ADDR=f"2001:db8:1:2::{number}")

    answers = [
        client.get("/en/check/", {"code": new_code()}, REMOTE_ADDR=address).status_code
        for address in ("2001:db8:1:2:9::1", "2001:db8:1:3::1")
    ]

    assert answers == [429, 200]


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "是我们发的"), ("zh-hant", "是我們寄的"), ("en", "We sent this letter")],
)
def test_the_answer_is_in_the_readers_language(client, letter, language, words):
    assert words in check(client, letter.code, language).content.decode()


def test_the_page_is_kept_by_no_cache_and_without_a_code_asks_for_one(client):
    a_brand()

    response = client.get("/en/check/")

    assert "no-store" in response.headers["Cache-Control"]
    assert 'name="code"' in response.content.decode()


def test_codes_are_read_as_they_are_heard():
    assert read_code("7kqo-m2il") == "7KQ0-M211"
    assert read_code(new_code()) is not None
