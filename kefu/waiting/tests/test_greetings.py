"""Greetings: one line of plain text without addresses, set by admins alone, with what was before."""

from __future__ import annotations

import pytest

from kefu.accounts.models import Agent, Role
from kefu.accounts.policy import Refused
from kefu.conversations.tests.factories import House, make_agent, make_house
from kefu.journal.models import Entry
from kefu.journal.revisions import ChangedMeanwhile
from kefu.waiting.greeting_actions import put_back_greetings, set_greetings
from kefu.waiting.greetings import (
    GreetingText,
    NamesAnAddress,
    TooLongSentence,
    UnseenCharacters,
    read_sentence,
)
from kefu.waiting.models import Greeting, GreetingRevision

OPEN = GreetingText(open_text="你好，我们在。")


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def admin(house: House) -> Agent:
    return make_agent(house.team, "苏予安", Role.ADMIN)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 你好，\r\n 我们在。\t", "你好， 我们在。"),
        ("   \n　", ""),
        ("好" * 200, "好" * 200),
        (
            "We are here 24/7. Ask away, e.g. about fees… 👩‍💻",
            "We are here 24/7. Ask away, e.g. about fees… 👩‍💻",
        ),
        ("Hi.How are you?We are here.Ask", "Hi.How are you?We are here.Ask"),
        ("您好.Welcome.您好", "您好.Welcome.您好"),
        ("<b>Hello</b> & welcome, 3.5 % off", "<b>Hello</b> & welcome, 3.5 % off"),
    ],
)
def test_a_sentence_is_one_line_as_it_was_typed(typed: str, kept: str) -> None:
    assert read_sentence(typed) == kept


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("好" * 201, TooLongSentence),
        ("bell \x07", UnseenCharacters),
        ("nothing \x00", UnseenCharacters),
        ("turned \u202e round", UnseenCharacters),
        ("half \ud83d", UnseenCharacters),
        ("zero\u200bwidth", UnseenCharacters),
        ("https://evil.example/login", NamesAnAddress),
        ("请到xinghai-vip.com登录", NamesAnAddress),
        ("加 ｘｉｎｇｈａｉ．ｖｉｐ", NamesAnAddress),
        ("Go to XINGHAI.VIP now", NamesAnAddress),
        ("Go to Xinghai.Vip now", NamesAnAddress),
        ("Xinghai.Example/login", NamesAnAddress),
        ("Xinghai.Support:8443", NamesAnAddress),
        ("Login.Xinghai.Example", NamesAnAddress),
        ("Www.Xinghai.Example", NamesAnAddress),
        ("Hi.xinghai.how", NamesAnAddress),
        ("Xinghai.It", NamesAnAddress),
        ("Ｘｉｎｇｈａｉ．Ｃｏｍ", NamesAnAddress),
        ("Write to help@evil.example", NamesAnAddress),
        ("Telegram @xinghai_vip", NamesAnAddress),
    ],
)
def test_what_misleads_is_not_said_to_customers(typed: str, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        read_sentence(typed)


@pytest.mark.django_db
def test_an_admin_sets_them_by_language_and_the_journal_has_no_word_of_it(house: House, admin: Agent) -> None:
    set_greetings(brand=house.brand, texts={"zh-hans": OPEN}, by=admin)

    assert Greeting.objects.text_in("zh-hans", brand=house.brand) == OPEN
    assert Greeting.objects.text_in("en", brand=house.brand) == GreetingText()
    revision = GreetingRevision.objects.get()
    assert (revision.before, revision.after, revision.actor) == (
        {"zh-hans": GreetingText().written()},
        {"zh-hans": OPEN.written()},
        admin.actor,
    )
    entry = Entry.objects.get(kind="waiting.greetings_set")
    assert (entry.subject_id, entry.brand_id, entry.payload) == (revision.pk, house.brand.pk, {})


@pytest.mark.django_db
def test_saying_the_same_again_is_no_change(house: House, admin: Agent) -> None:
    set_greetings(brand=house.brand, texts={"en": OPEN}, by=admin)
    set_greetings(brand=house.brand, texts={"en": GreetingText(open_text=" 你好，我们在。 ")}, by=admin)

    assert GreetingRevision.objects.count() == 1


@pytest.mark.django_db
def test_what_was_before_is_put_back_and_other_languages_stay(house: House, admin: Agent) -> None:
    set_greetings(brand=house.brand, texts={"en": OPEN}, by=admin)
    set_greetings(brand=house.brand, texts={"zh-hant": OPEN}, by=admin)
    first = GreetingRevision.objects.earliest("pk")

    put_back_greetings(revision=first, by=admin)

    texts = Greeting.objects.texts(house.brand)
    assert texts == {"en": GreetingText(), "zh-hant": OPEN}


@pytest.mark.django_db
def test_nobody_overwrites_what_they_have_not_seen(house: House, admin: Agent) -> None:
    set_greetings(brand=house.brand, texts={"en": OPEN}, by=admin)

    with pytest.raises(ChangedMeanwhile):
        set_greetings(brand=house.brand, texts={"en": GreetingText()}, by=admin, seen=0)
    assert Greeting.objects.text_in("en", brand=house.brand) == OPEN


@pytest.mark.django_db
def test_each_brand_has_its_own(house: House, admin: Agent) -> None:
    other = make_house("aurora", "AU").brand
    set_greetings(brand=house.brand, texts={"en": OPEN}, by=admin)

    assert Greeting.objects.text_in("en", brand=other) == GreetingText()


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_nobody_but_an_admin_sets_greetings(house: House, admin: Agent, role: Role) -> None:
    set_greetings(brand=house.brand, texts={"en": OPEN}, by=admin)
    mallory = make_agent(house.team, "Mallory", role)

    with pytest.raises(Refused):
        set_greetings(brand=house.brand, texts={"en": GreetingText()}, by=mallory)
    with pytest.raises(Refused):
        put_back_greetings(revision=GreetingRevision.objects.get(), by=mallory)
    assert Greeting.objects.text_in("en", brand=house.brand) == OPEN
