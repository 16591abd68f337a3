from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django import Settings

import kefu.__main__ as front
from kefu.accounts.models import Team
from kefu.brands.models import Brand
from kefu.config.commands import brand_add
from kefu.config.running.refusal import Refusal
from kefu.conversations.models import Topic
from kefu.helpcentre.models import Category
from kefu.journal.models import Entry
from kefu.mailroom.addresses import Sender, sender_of
from kefu.safety.models import OfficialWay, OfficialWayRevision
from kefu.ui.icons import names
from kefu.waiting.models import WeeklyHours
from kefu.waiting.state import chat_hours

pytestmark = pytest.mark.django_db

ACME = ("acme", "--name", "Acme 交易所", "--prefix", "QX")
EVERYTHING = (
    *("--domain", "Acme.example", "--host", "Help.Acme.example.", "--host", "help.acme.example"),
    *("--host", "support.acme.example", "--mail", "Support@Acme.example", "--zone", "Asia/Hong_Kong"),
)


def add(*words: str) -> None:
    assert brand_add.run(front._understood(["brand", "add", *words])) == 0


def count() -> list[int]:
    nouns = (Brand, Team, Topic, WeeklyHours, OfficialWay, OfficialWayRevision, Entry)
    return [noun._default_manager.count() for noun in nouns]


def refusal(*words: str) -> str:
    """The sentence, after which everything is as it was."""
    before = count()
    with pytest.raises(Refusal) as caught:
        add(*words)
    assert count() == before
    return str(caught.value)


@pytest.mark.parametrize("path", ["", "contact/", "chat/", "cases/", "search/?q=x"])
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_a_house_without_a_brand_has_pages_once_it_has_one(client: Client, language: str, path: str) -> None:
    page = f"/{language}/{path}"
    assert client.get(page).status_code == 404

    add(*ACME)

    assert client.get(page).status_code == 200


def test_it_has_all_that_was_said_of_it(settings: Settings) -> None:
    add(*ACME, *EVERYTHING)

    brand = Brand.objects.get()
    brand.full_clean()
    assert (brand.key, brand.name, brand.prefix) == ("acme", "Acme 交易所", "QX")
    assert (brand.domain, brand.zone) == ("acme.example", "Asia/Hong_Kong")
    assert brand.hosts == ["help.acme.example", "support.acme.example"]
    assert brand.languages == [code for code, _ in settings.LANGUAGES]


def test_customers_can_choose_a_topic_whose_team_is_there_in_office_hours() -> None:
    add(*ACME, *EVERYTHING)

    topic = Topic.objects.get()
    assert topic.team == Team.objects.get()
    assert [topic.name_in(language) for language in ("zh-hans", "zh-hant", "en")] == [
        "其他",
        "其他",
        "Something else",
    ]
    zone = ZoneInfo("Asia/Hong_Kong")
    friday, saturday = datetime(2026, 11, 27, 17, 59, tzinfo=zone), datetime(2026, 11, 28, 12, tzinfo=zone)
    together = chat_hours(Brand.objects.get()).together
    assert together.is_open(friday)
    assert not together.is_open(saturday)
    assert not together.is_open(friday.replace(hour=18, minute=0))
    assert not together.is_open(friday.replace(hour=8))


def test_its_letters_come_from_its_mail_address_if_it_has_one() -> None:
    add(*ACME)
    add(
        *("other", "--name", "Other", "--prefix", "QT"),
        *("--host", "help.other.example", "--mail", "Support@Other.example"),
    )

    acme, other = Brand.objects.all()
    assert sender_of(acme) is None
    assert sender_of(other) == Sender("Other", "support@other.example")


def test_the_journal_knows_that_the_operator_added_it() -> None:
    add(*ACME, *EVERYTHING)

    brand = Brand.objects.get()
    written = Entry.objects.values_list("kind", "actor_kind", "brand_id").order_by("pk")
    assert list(written) == [
        ("brand.added", "system", brand.pk),
        ("official_way.added", "system", brand.pk),
    ]
    assert Entry.objects.first().subject_id == brand.pk


def test_the_console_says_what_comes_next(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "support.acme.example"]

    add(*ACME, *EVERYTHING)

    said = capsys.readouterr().out
    assert "help.acme.example is answered to only where KEFU_HOSTS names it." in said
    assert "support.acme.example is answered" not in said
    assert "--team acme/support" in said


def test_the_same_key_prefix_or_host_is_refused_in_one_sentence() -> None:
    add(*ACME, *EVERYTHING)

    assert refusal(*ACME) == "There is a brand acme already; choose another key."
    assert refusal("bolt", "--name", "Bolt", "--prefix", "qx") == (
        "The prefix QX belongs to Acme 交易所; choose another."
    )
    assert refusal("bolt", "--name", "Bolt", "--prefix", "BX", "--host", "SUPPORT.acme.example") == (
        "The host support.acme.example belongs to Acme 交易所; choose another."
    )


def test_a_second_brand_needs_a_host_or_nobody_would_find_it() -> None:
    add(*ACME)

    assert refusal("bolt", "--name", "Bolt", "--prefix", "BX") == (
        "Acme 交易所 answers wherever no other brand does; say where Bolt is with --host HOST."
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("ac me", "--name", "A", "--prefix", "QX"), "'ac me' is no key"),
        (("acme", "--name", " ", "--prefix", "QX"), "A name has 1 to 80 characters"),
        (("acme", "--name", "长" * 81, "--prefix", "QX"), "A name has 1 to 80 characters"),
        (("acme", "--name", "A", "--prefix", "OIL"), "'OIL' is no prefix"),
        (("acme", "--name", "A", "--prefix", "Q"), "'Q' is no prefix"),
        (("acme", "--name", "A", "--prefix", "QXQXQ"), "'QXQXQ' is no prefix"),
        ((*ACME, "--host", "https://help.acme.example"), "is no host"),
        ((*ACME, "--domain", "acme.example/help"), "is no host"),
        ((*ACME, "--mail", "acme.example"), "'acme.example' is not an e-mail address"),
        ((*ACME, "--zone", "Beijing"), "'Beijing' is no time zone"),
    ],
)
def test_what_is_malformed_is_refused_in_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    said = refusal(*words)

    assert sentence in said
    assert "\n" not in said


def test_the_verb_needs_a_name_and_a_prefix(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        front._understood(["brand", "add", "acme"])

    assert "--name, --prefix" in capsys.readouterr().err


def test_where_a_brand_is_found_says_nothing_of_where_kefu_listens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = front._understood(["brand", "add", *ACME, "--host", "help.acme.example"])

    choices, environ = front.choose(chosen)

    assert choices.host == "127.0.0.1"
    assert "KEFU_HOST" not in environ


def test_its_first_article_finds_a_shelf_in_every_language() -> None:
    add(*ACME)

    shelves = Category.objects.filter(brand=Brand.objects.get())
    assert [one.name_in("en") for one in shelves][:2] == ["Account & sign-up", "Deposits & withdrawals"]
    assert all(set(one.names) == {"zh-hans", "zh-hant", "en"} for one in shelves)
    assert all(one.icon in names() for one in shelves)
