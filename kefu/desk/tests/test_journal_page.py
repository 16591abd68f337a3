"""The journal's page: filters, pages, words, and who reads which entries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from kefu.accounts.actions import add_agent_token, choose_availability, claim_email
from kefu.accounts.models import Agent, Availability, Knowledge, Role
from kefu.accounts.people.agent_tokens import TokenScope
from kefu.accounts.tests.settings_pages import browser_of
from kefu.conversations.actions import follow_private_link, mint_private_link, resolve
from kefu.conversations.tests.factories import House, make_agent, make_conversation, make_house
from kefu.desk.settings.journal_words import GROUPS, LEFT_OUT, WORDS
from kefu.journal.actor import SYSTEM
from kefu.journal.events import KINDS
from kefu.journal.models import Entry
from kefu.journal.times import first_id_since, last_id_before
from kefu.ui.tests.pages import parsed
from kefu.waiting.actions import set_week
from kefu.waiting.hours import Interval

pytestmark = pytest.mark.django_db

URL = "/desk/settings/journal/"


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def auditor(house: House) -> Agent:
    return make_agent(house.team, "审计", Role.AUDITOR)


def kinds(client: Client, **query: object) -> list[str]:
    return [line.entry.kind for line in client.get(URL, query).context["lines"]]


def test_an_auditor_reads_who_did_what_in_words(house: House, auditor: Agent) -> None:
    conversation = make_conversation(house)
    resolve(conversation=conversation, by=house.mei)

    page = parsed(browser_of(auditor).get(URL))

    for words in ("Resolved the conversation", "林美", "A customer", conversation.ref):
        assert words in page
    assert "充的币还没到账" not in page


def test_whose_token_was_made_stands_beside_it(house: House, auditor: Agent) -> None:
    writer = make_agent(house.team, "何思恩", Role.SUPERVISOR)
    Agent.objects.filter(pk=writer.pk).update(knowledge=Knowledge.WRITES)
    add_agent_token(agent=writer, name="articles", scopes=[TokenScope.READ_ARTICLES], by=SYSTEM)

    lines = browser_of(auditor).get(URL, {"kind": "members"}).context["lines"]

    assert "何思恩" in next(line.about for line in lines if line.entry.kind == "agent.token_added")


def test_what_nobody_did_by_hand_is_not_said_to_be_the_consoles(house: House, auditor: Agent) -> None:
    conversation = make_conversation(house)
    claim_email(customer=conversation.customer, email="xiaomei@mail.example")
    token = mint_private_link(conversation_id=conversation.pk, address="xiaomei@mail.example")
    follow_private_link(token=str(token), brand_id=house.brand.pk)

    lines = browser_of(auditor).get(URL).context["lines"]

    assert {line.what: line.who for line in lines if line.entry.kind.startswith("conversation.link")} == {
        "Made a private link": "The system",
        "Came by a private link": "Whoever has the link",
    }


def test_each_filter_narrows_the_list(house: House, auditor: Agent) -> None:
    first, second = make_conversation(house), make_conversation(house)
    resolve(conversation=first, by=house.mei)
    choose_availability(agent=house.stranger, availability=Availability.BUSY)
    client = browser_of(auditor)

    assert kinds(client, kind="conversation.resolved") == ["conversation.resolved"]
    assert set(kinds(client, kind="members")) == {"agent.availability_chosen"}
    assert kinds(client, who=house.mei.pk) == ["conversation.resolved"]
    assert set(kinds(client, who="customer")) <= set(GROUPS["conversations"][1])
    assert {line.ref for line in client.get(URL, {"ref": second.ref.lower()}).context["lines"]} == {
        second.ref
    }
    assert kinds(client, brand=house.brand.pk + 1) == []
    assert kinds(client, brand=house.brand.pk, kind="conversation.resolved") == ["conversation.resolved"]


def test_days_are_those_of_the_reader(house: House, auditor: Agent) -> None:
    make_conversation(house)
    # 23:30 on the 10th in Shanghai is 15:30 UTC; half an hour later the 11th begins there.
    Entry.objects.filter(pk__lte=1_000_000_000).update(recorded_at=datetime(2026, 11, 10, 15, 30, tzinfo=UTC))
    late = Entry.objects.latest("pk")
    Entry.objects.filter(pk=late.pk).update(recorded_at=datetime(2026, 11, 10, 16, 0, tzinfo=UTC))
    client = browser_of(auditor)

    assert kinds(client, since="2026-11-11", until="2026-11-11") == [late.kind]
    assert late.kind not in kinds(client, until="2026-11-10")
    assert len(kinds(client, since="2026-11-10")) == Entry.objects.exclude(kind__in=LEFT_OUT).count()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"since": "yesterday"}, "Write the date as year, month and day"),
        ({"until": "2026-13-01"}, "Write the date as year, month and day"),
        ({"ref": "XH-0000"}, "This is no number of a conversation."),
    ],
)
def test_a_filter_that_makes_no_sense_is_said_and_kept(
    auditor: Agent, query: dict[str, str], sentence: str
) -> None:
    answer = browser_of(auditor).get(URL, query)

    assert answer.status_code == 422
    assert sentence in parsed(answer)
    assert next(iter(query.values())) in answer.content.decode()


def test_odd_values_of_choices_are_no_filter_and_no_error(house: House, auditor: Agent) -> None:
    make_conversation(house)
    client = browser_of(auditor)

    assert kinds(client, kind="nonsense", who="-1", brand="x", before="9" * 30)


def test_a_supervisor_reads_what_happened_in_their_teams_alone(house: House) -> None:
    supervisor = make_agent(house.team, "何思恩", Role.SUPERVISOR)
    other = make_house("other", "QT")
    make_conversation(house)
    theirs = make_conversation(other)
    for one in (house, other):
        set_week(team=one.team, week={0: [Interval(540, 1080)]}, by=make_agent(one.team, "Lead", Role.LEAD))
    choose_availability(agent=house.mei, availability=Availability.BUSY)
    client = browser_of(supervisor)

    lines = client.get(URL).context["lines"]

    assert {line.entry.brand_id for line in lines} == {house.brand.pk}
    assert {line.entry.kind for line in lines} >= {"conversation.opened", "waiting.week_set"}
    assert "agent.availability_chosen" not in {line.entry.kind for line in lines}
    assert client.get(URL, {"ref": theirs.ref}).context["lines"] == []
    assert other.mei.name not in [one.name for one in client.get(URL).context["actors"] if one == other.mei]


def test_the_filter_offers_a_supervisor_the_brands_of_their_teams_alone(house: House, auditor: Agent) -> None:
    supervisor = make_agent(house.team, "何思恩", Role.SUPERVISOR)
    other = make_house("other", "QT")

    theirs, all_of_them = (browser_of(one).get(URL) for one in (supervisor, auditor))

    assert theirs.context["brands"] == [house.brand]
    assert all_of_them.context["brands"] == [house.brand, other.brand]


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD])
def test_agents_and_leads_read_no_journal(house: House, role: Role) -> None:
    client = browser_of(make_agent(house.team, "Mallory", role))

    assert client.get(URL).status_code == 403
    assert client.post(URL).status_code == 405


def test_the_journal_comes_in_pages_and_asks_as_often_for_fifty_as_for_two(
    house: House, auditor: Agent
) -> None:
    conversation = make_conversation(house)
    add_entries(conversation.pk, house, 1)
    client = browser_of(auditor)
    few = queries_of(client)
    for _ in range(59):
        add_entries(conversation.pk, house, 1)

    assert queries_of(client) == few
    first = client.get(URL, {"kind": "conversation.looked"})
    rest = client.get(URL, {"kind": "conversation.looked", "before": first.context["older"]})
    assert (len(first.context["lines"]), len(rest.context["lines"])) == (50, 10)
    assert "kind=conversation.looked&amp;before=" in first.content.decode()


def add_entries(conversation_id: int, house: House, count: int) -> None:
    start = now() - timedelta(days=400)
    known = Entry.objects.count()
    Entry.objects.bulk_create(
        Entry(
            kind="conversation.looked",
            actor_kind="agent",
            actor_id=house.mei.pk,
            conversation_id=conversation_id,
            occurred_at=start + timedelta(hours=known + number),
        )
        for number in range(count)
    )


def queries_of(client: Client) -> int:
    client.get(URL)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(URL).status_code == 200
    return len(captured)


def test_moments_lead_to_places_in_the_journal_also_over_holes(house: House) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    with transaction.atomic():
        rows = Entry.objects.bulk_create(
            Entry(
                kind="conversation.opened", actor_kind="system", recorded_at=begin + timedelta(minutes=number)
            )
            for number in range(100)
        )
    Entry.objects.filter(pk__in=[row.pk for row in rows if row.pk % 7 == 0]).delete()
    at = begin + timedelta(minutes=50)

    found = Entry.objects.filter(recorded_at__gte=begin, pk__gte=first_id_since(at), recorded_at__lt=at)
    late = Entry.objects.filter(recorded_at__gte=at, pk__lte=last_id_before(at))
    assert not found.exists()
    assert not late.filter(recorded_at__gte=at + timedelta(minutes=1)).exists()
    assert Entry.objects.filter(pk__gte=first_id_since(at)).order_by("pk")[0].recorded_at >= at


def test_every_kind_of_entry_has_its_words() -> None:
    of_the_house = {
        kind
        for kind, event in KINDS.items()
        if kind and event.__module__.startswith("kefu.") and ".tests." not in event.__module__
    }

    assert sorted(of_the_house - set(WORDS)) == [], "Say it in kefu/desk/settings/journal_words.py."


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", "也没有人能改动。时间按此时区显示："),
        ("zh-hant", "也沒有人能改動。時間依此時區顯示："),
        ("en", "nobody can change them. Times are in: "),
    ],
)
def test_the_lead_runs_on_as_sentences_do_in_its_language(auditor: Agent, language: str, said: str) -> None:
    browser = browser_of(auditor)
    Agent.objects.filter(pk=auditor.pk).update(language=language)

    assert said in browser.get(URL).content.decode()
