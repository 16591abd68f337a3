"""The settings pages of hours: what is typed is saved, kept, refused, put back; and by whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from kefu.accounts.models import Agent, Role, Team
from kefu.accounts.tests.settings_pages import browser_of, fields_of, queries_of
from kefu.conversations.tests.factories import House, make_agent, make_house
from kefu.journal.models import Entry
from kefu.ui.tests.pages import parsed
from kefu.waiting.actions import add_override, set_week
from kefu.waiting.hours import Interval, Kind
from kefu.waiting.models import DatedOverride, HoursRevision, WeeklyHours
from kefu.waiting.state import hours_of

pytestmark = pytest.mark.django_db

DAY, LATE = Interval(540, 1080), Interval(1320, 1560)
SOON = now().date() + timedelta(days=30)


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def lead(house: House) -> Agent:
    return make_agent(house.team, "周启明", Role.LEAD)


@pytest.fixture
def client(lead: Agent) -> Client:
    return browser_of(lead)


def page_of(team: Team) -> str:
    return reverse("hours:team", args=[team.pk])


def typed(client: Client, team: Team, **changes: object) -> dict[str, object]:
    """The form of the week as the page offers it, with something else typed in."""
    return fields_of(client.get(page_of(team)), page_of(team)) | changes


def test_a_lead_types_a_week_and_it_holds(client: Client, house: House, lead: Agent) -> None:
    week = typed(client, house.team, **{"opens-0": ["09:00", "13:00"], "closes-0": ["12:00", "18:00"]})
    week |= {"opens-4": "22:00", "closes-4": "02:00", "do": "save"}

    answer = client.post(page_of(house.team), week, follow=True)

    assert hours_of(house.team).week[0] == (Interval(540, 720), Interval(780, 1080))
    assert hours_of(house.team).week[4] == (LATE,)
    page = parsed(answer)
    assert "The week is saved." in page
    assert "Last changed by 周启明" in page
    revision = HoursRevision.objects.get()
    assert list(Entry.objects.values_list("kind", "subject_id", "actor_id")) == [
        ("waiting.week_set", revision.pk, lead.pk)
    ]


def test_one_more_row_and_a_copied_day_keep_what_is_typed_and_save_nothing(
    client: Client, house: House
) -> None:
    week = typed(client, house.team, **{"opens-0": "09:00", "closes-0": "18:0"})

    rows = fields_of(client.post(page_of(house.team), week | {"do": "row:0"}), page_of(house.team))
    assert (rows["opens-0"], rows["closes-0"]) == (["09:00", ""], ["18:0", ""])

    copied = client.post(
        page_of(house.team),
        week | {"closes-0": "18:00", "do": "copy", "copy-from": "0", "copy-to": ["1", "2"]},
    )
    fields = fields_of(copied, page_of(house.team))
    assert [fields[f"opens-{day}"] for day in range(4)] == [["09:00"], ["09:00"], ["09:00"], [""]]
    assert "Not saved yet." in parsed(copied)
    assert not WeeklyHours.objects.exists()


def test_a_time_that_is_none_is_said_at_its_place_and_nothing_is_lost(client: Client, house: House) -> None:
    week = typed(client, house.team, **{"opens-0": "9 o'clock", "closes-0": "18:00", "opens-1": "10:00"})

    answer = client.post(page_of(house.team), week)

    assert answer.status_code == 422
    page = parsed(answer)
    assert "Write times such as 09:00" in page
    assert "Say both when it opens" in page
    assert fields_of(answer, page_of(house.team))["opens-0"] == ["9 o'clock"]
    assert not WeeklyHours.objects.exists()


def test_of_two_at_once_the_second_is_told_and_overwrites_only_knowingly(
    client: Client, house: House
) -> None:
    grace = make_agent(house.team, "何思恩", Role.SUPERVISOR)
    mine = typed(client, house.team, **{"opens-0": "09:00", "closes-0": "18:00"})
    set_week(team=house.team, week={5: [DAY]}, by=grace)

    answer = client.post(page_of(house.team), mine)

    assert answer.status_code == 409
    assert "何思恩 changed this while you were here." in parsed(answer)
    assert hours_of(house.team).week[5] == (DAY,)
    again = fields_of(answer, page_of(house.team))
    assert (again["opens-0"], again["opens-5"]) == (["09:00"], [""])

    client.post(page_of(house.team), again)
    assert hours_of(house.team).week == ((DAY,), (), (), (), (), (), ())


def test_a_date_that_somebody_changed_meanwhile_is_no_hindrance_to_the_week(
    client: Client, house: House
) -> None:
    mine = typed(client, house.team, **{"opens-0": "09:00", "closes-0": "18:00"})
    add_override(team=house.team, on=SOON, kind=Kind.CLOSED, by=make_agent(house.team, "何思恩", Role.LEAD))

    assert client.post(page_of(house.team), mine).status_code == 302


def test_the_preview_tells_what_would_be_and_changes_nothing(client: Client, house: House) -> None:
    week = typed(client, house.team, **{f"opens-{day}": "00:00" for day in range(7)})
    week |= {f"closes-{day}": "24:00" for day in range(7)}

    answer = client.post(reverse("hours:preview", args=[house.team.pk]), week)

    assert "Open now" in answer.content.decode()
    assert answer.content.decode().count("00:00–24:00") == 7
    assert not WeeklyHours.objects.exists()


def date_form(client: Client, team: Team, **changes: object) -> HttpResponse:
    action = reverse("hours:dates", args=[team.pk])
    return client.post(action, fields_of(client.get(page_of(team)), action) | changes, follow=True)


def test_a_date_is_understood_without_its_zeros(client: Client, house: House) -> None:
    year = SOON.year + 1

    date_form(client, house.team, on=f"{year}-3-4", kind="closed", **{"note-en": "National Day"})

    assert DatedOverride.objects.get().on == date(year, 3, 4)


@pytest.mark.slow
def test_a_date_is_added_changed_and_taken_away(client: Client, house: House) -> None:
    date_form(client, house.team, on=SOON.isoformat(), kind="closed", **{"note-en": "National Day"})
    override = DatedOverride.objects.get()
    assert (override.on, override.kind, override.notes) == (SOON, "closed", {"en": "National Day"})

    page = client.get(page_of(house.team), {"on": SOON.isoformat()})
    form = fields_of(page, reverse("hours:dates", args=[house.team.pk]))
    assert (form["on"], form["note-en"]) == ([SOON.isoformat()], ["National Day"])
    client.post(
        reverse("hours:dates", args=[house.team.pk]),
        form | {"kind": "instead", "opens": "10:00", "closes": "12:00"},
    )
    override.refresh_from_db()
    assert (override.kind, override.intervals) == ("instead", [[600, 720]])

    end = reverse("hours:date_end", args=[house.team.pk, override.pk])
    client.post(end, fields_of(client.get(page_of(house.team)), end))
    assert not DatedOverride.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"on": "1 May"}, "Write the date as year, month and day"),
        ({"on": "2020-01-01"}, "That day is over."),
        ({"on": (SOON + timedelta(days=800)).isoformat()}, "within the next two years"),
        ({"kind": "sometimes"}, "Choose what is different"),
        ({"kind": "instead"}, "Say from when to when."),
        ({"kind": "extra", "opens": "10:00", "closes": ""}, "Say both when it opens"),
        ({"note-en": "x" * 81}, "80 characters at most"),
    ],
)
def test_a_date_that_makes_no_sense_is_refused_and_kept_in_the_form(
    client: Client, house: House, changes: dict[str, str], sentence: str
) -> None:
    answer = date_form(client, house.team, **{"on": SOON.isoformat(), "note-en": "Why", **changes})

    assert answer.status_code == 422
    assert sentence in parsed(answer)
    assert fields_of(answer, reverse("hours:dates", args=[house.team.pk]))["note-en"] != [""]
    assert not DatedOverride.objects.exists()


def test_the_history_tells_before_and_after_and_puts_back(client: Client, house: House, lead: Agent) -> None:
    set_week(team=house.team, week={0: [DAY]}, by=lead)
    set_week(team=house.team, week={0: [LATE]}, by=lead)
    add_override(team=house.team, on=SOON, kind=Kind.CLOSED, by=lead, notes={"en": "National Day"})
    url = reverse("hours:history", args=[house.team.pk])

    page = client.get(url)

    text = parsed(page)
    for words in ("周启明", "09:00–18:00", "22:00–02:00 next day", "National Day", "Closed all day"):
        assert words in text
    date, week, _ = HoursRevision.objects.all()
    for revision in (date, week):
        action = reverse("hours:put_back", args=[house.team.pk, revision.pk])
        client.post(action, fields_of(client.get(url), action))
    assert hours_of(house.team).week[0] == (DAY,)
    assert not DatedOverride.objects.exists()


def test_putting_back_is_refused_when_somebody_was_faster(client: Client, house: House, lead: Agent) -> None:
    set_week(team=house.team, week={0: [DAY]}, by=lead)
    url = reverse("hours:history", args=[house.team.pk])
    action = reverse("hours:put_back", args=[house.team.pk, HoursRevision.objects.get().pk])
    mine = fields_of(client.get(url), action)
    set_week(team=house.team, week={0: [LATE]}, by=lead)

    answer = client.post(action, mine)

    assert answer.status_code == 409
    assert "Nothing was changed." in parsed(answer)
    assert hours_of(house.team).week[0] == (LATE,)


def test_the_history_comes_in_pages(client: Client, house: House, lead: Agent) -> None:
    for number in range(25):
        set_week(team=house.team, week={0: [Interval(number, 600)]}, by=lead)
    url = reverse("hours:history", args=[house.team.pk])

    first = client.get(url)
    rest = client.get(url, {"before": first.context["history"].older})

    assert (len(first.context["history"].entries), len(rest.context["history"].entries)) == (20, 5)
    assert rest.context["history"].older is None


@pytest.mark.slow
def test_each_page_asks_as_often_for_many_as_for_one(
    client: Client, house: House, lead: Agent, django_assert_num_queries: object
) -> None:
    set_week(team=house.team, week={0: [DAY]}, by=lead)
    add_override(team=house.team, on=SOON, kind=Kind.CLOSED, by=lead)
    pages = [page_of(house.team), reverse("hours:history", args=[house.team.pk])]
    few = [queries_of(client, page) for page in pages]
    for number in range(19):
        add_override(team=house.team, on=SOON + timedelta(days=number + 1), kind=Kind.CLOSED, by=lead)

    assert [queries_of(client, page) for page in pages] == few
    assert max(few) <= 16


def test_the_list_of_teams_asks_as_often_for_twenty_as_for_two(
    client: Client, house: House, lead: Agent
) -> None:
    lead.teams.add(Team.objects.create(brand=house.brand, key="second", name="二队"))
    few = queries_of(client, reverse("hours:teams"))
    lead.teams.add(*[Team.objects.create(brand=house.brand, key=f"t{n}", name="队") for n in range(18)])

    assert queries_of(client, reverse("hours:teams")) == few
    assert len(client.get(reverse("hours:teams")).context["rows"]) == 20


def test_who_has_one_team_is_led_to_it_at_once(client: Client, house: House) -> None:
    assert client.get(reverse("hours:teams")).headers["Location"] == page_of(house.team)
    assert page_of(house.team) not in client.get(reverse("settings:index")).content.decode()
    assert reverse("hours:teams") in client.get(reverse("settings:index")).content.decode()


@pytest.mark.slow
def test_mallory_sees_and_changes_no_hours(house: House, lead: Agent) -> None:
    set_week(team=house.team, week={0: [DAY]}, by=lead)
    override = add_override(team=house.team, on=SOON, kind=Kind.CLOSED, by=lead)
    other = make_house("other", "QT")
    mallories = {
        "an agent": (house.mei, 403),
        "an auditor": (make_agent(house.team, "Audit", Role.AUDITOR), 403),
        "a lead of another team": (make_agent(house.stranger.teams.get(), "Lead", Role.LEAD), 404),
        "a supervisor of another brand": (make_agent(other.team, "Mallory", Role.SUPERVISOR), 404),
    }
    doors = [("hours:team", []), ("hours:preview", []), ("hours:dates", []), ("hours:history", [])]
    doors += [("hours:date_end", [override.pk]), ("hours:put_back", [HoursRevision.objects.latest("pk").pk])]

    for who, (mallory, status) in mallories.items():
        client = browser_of(mallory)
        for name, more in doors:
            url = reverse(name, args=[house.team.pk, *more])
            answers = {client.get(url).status_code, client.post(url, {"seen": "999999"}).status_code} - {405}
            assert answers == {status}, (who, name)
    assert Client().get(reverse("hours:team", args=[house.team.pk])).status_code == 302
    assert hours_of(house.team).week[0] == (DAY,)
    assert DatedOverride.objects.exists()


def test_a_thing_of_another_team_is_not_reached_through_ones_own(client: Client, house: House) -> None:
    other = make_house("other", "QT")
    theirs = add_override(
        team=other.team, on=SOON, kind=Kind.CLOSED, by=make_agent(other.team, "Lead", Role.LEAD)
    )
    revision = HoursRevision.objects.get()

    for name, pk in (("hours:date_end", theirs.pk), ("hours:put_back", revision.pk)):
        answer = client.post(reverse(name, args=[house.team.pk, pk]), {"seen": "999999"})
        assert answer.status_code == 404, name
    assert DatedOverride.objects.exists()


def test_an_agent_without_settings_is_offered_none(house: House) -> None:
    desk = browser_of(house.mei).get("/desk/mine/").content.decode()
    assert reverse("settings:index") not in desk
    assert browser_of(house.mei).get(reverse("settings:index")).status_code == 403

    lead = make_agent(house.team, "周启明", Role.LEAD)
    assert reverse("settings:index") in browser_of(lead).get("/desk/mine/").content.decode()
