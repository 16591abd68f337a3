"""What readers say of an article: bound to the revision they read, guarded, once each, and nothing of who they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from kefu.accounts.tests.factories import make_agent
from kefu.helpcentre import feedback_views
from kefu.helpcentre.actions import give_feedback
from kefu.helpcentre.models import Feedback, ReadingDay, Translation, Verdict
from kefu.helpcentre.reports.figures import Share, Span, share_of
from kefu.helpcentre.tasks import SCHEDULE
from kefu.helpcentre.tests.conftest import Shelf, shelf_filled_by
from kefu.safety.limits import Limit
from kefu.safety.retention import DataKind, retain_all

pytestmark = pytest.mark.django_db

PAGE = "/en/articles/first/feedback/"
SAID = f"{PAGE}said/"
READING = "/en/articles/first/reading/"
KEY = "0123456789abcdef0123456789abcdef"


def _fill(shelf: Shelf) -> None:
    shelf.put("first", title="First")
    shelf.put("secret", number=2, audience="staff")
    shelf.bring_in()


folder, brand, filled = shelf_filled_by(_fill)


@pytest.fixture
def article(filled: Shelf) -> Translation:
    return Translation.objects.get(article__slug="first", language="en")


def say(client: Client, path: str = SAID, REMOTE_ADDR: str = "127.0.0.1", **changes: Any) -> Any:  # noqa: N803 - CGI's own
    values = {"revision": 1, "client_id": KEY, "verdict": "not_helpful"} | changes
    return client.post(
        path,
        values,
        content_type="application/json",
        headers={"Sec-Fetch-Site": "same-origin"},
        REMOTE_ADDR=REMOTE_ADDR,
    )


def form(client: Client, **changes: Any) -> Any:
    return client.post(PAGE, {"revision": 1, "client_id": KEY, "verdict": "not_helpful"} | changes)


def test_an_answer_is_kept_with_the_revision_that_was_read(
    filled: Shelf, article: Translation, client: Client
) -> None:
    filled.put("first", title="First", text="Said better.")
    filled.bring_in()

    assert say(client, verdict="helpful").json() == {"verdict": "helpful"}
    assert say(client, REMOTE_ADDR="192.0.2.2", client_id=f"{KEY}2", revision=2).status_code == 200
    assert say(client, REMOTE_ADDR="192.0.2.3", client_id=f"{KEY}3", revision=7).status_code == 200

    kept = Feedback.objects.order_by("pk").values_list("translation", "revision", "verdict")
    assert list(kept) == [
        (article.pk, 1, "helpful"),
        (article.pk, 2, "not_helpful"),
        # Nobody has read what is not published.
        (article.pk, 2, "not_helpful"),
    ]


def test_an_answer_reads_nothing_of_the_article_but_its_row(article: Translation) -> None:
    with CaptureQueriesContext(connection) as asked:
        give_feedback(translation=article, revision=1, client_id=KEY, verdict=Verdict.HELPFUL)

    read = [one["sql"] for one in asked if 'FROM "helpcentre_translation"' in one["sql"]]
    assert len(read) == 1
    assert '"html"' not in read[0]


def test_a_reason_and_words_join_the_first_answer_and_twice_is_once(
    article: Translation, client: Client
) -> None:
    say(client)
    say(client, reason="wrong", words=" 菜单里没有这一项 ")
    say(client, reason="wrong", words=" 菜单里没有这一项 ")

    feedback = Feedback.objects.get()
    assert (feedback.verdict, feedback.reason, str(feedback.words)) == (
        "not_helpful",
        "wrong",
        "菜单里没有这一项",
    )
    say(client)
    assert str(Feedback.objects.get().words) == "菜单里没有这一项"


def test_what_is_said_after_an_editor_was_done_is_shown_and_told_again(
    article: Translation, client: Client
) -> None:
    say(client, reason="wrong")
    done = {"done_at": now(), "done_by": make_agent(), "told_at": now()}

    for said in ({"words": "The menu is elsewhere"}, {"reason": "unclear"}):
        Feedback.objects.update(**done)
        say(client, **said)

        feedback = Feedback.objects.get()
        assert (feedback.done_at, feedback.done_by, feedback.told_at) == (None, None, None)


@pytest.mark.parametrize("said", [{}, {"reason": "wrong"}, {"words": ""}, {"verdict": "helpful"}])
def test_what_says_nothing_new_stays_done(said: dict[str, str], article: Translation, client: Client) -> None:
    say(client, reason="wrong", words="The menu is elsewhere")
    Feedback.objects.update(done_at=now(), told_at=now())

    say(client, **said)

    feedback = Feedback.objects.get()
    assert None not in (feedback.done_at, feedback.told_at)


def test_who_changes_their_mind_has_no_reason_any_more(article: Translation, client: Client) -> None:
    say(client, reason="unclear")
    say(client, verdict="helpful")

    feedback = Feedback.objects.get()
    assert (feedback.verdict, feedback.reason) == ("helpful", "")


def test_a_secret_in_the_words_is_not_kept(article: Translation, client: Client) -> None:
    say(client, words="my password is hunter2hunter2")

    assert "hunter2" not in str(Feedback.objects.get().words)


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "perhaps"},
        {"revision": 0},
        {"revision": 2**31},
        {"revision": "1"},
        {"client_id": "short"},
        {"reason": "because"},
        {"words": 7},
        {"words": "nul \0"},
        {"more": True},
    ],
)
def test_what_our_page_does_not_send_is_refused_and_nothing_is_kept(
    changes: dict[str, Any], article: Translation, client: Client
) -> None:
    answer = say(client, **changes)

    assert answer.status_code == 400
    assert answer.json()["message"]
    assert not Feedback.objects.exists()


def test_mallorys_page_can_say_nothing_in_a_readers_name(article: Translation) -> None:
    client = Client(enforce_csrf_checks=True)
    values = {"revision": 1, "client_id": KEY, "verdict": "helpful"}

    foreign = client.post(
        SAID, values, content_type="application/json", headers={"Sec-Fetch-Site": "cross-site"}
    )
    plain = client.post(SAID, values, headers={"Sec-Fetch-Site": "same-origin"})
    forged = client.post(PAGE, values, headers={"Origin": "https://mallory.example"})

    assert (foreign.status_code, plain.status_code, forged.status_code) == (400, 400, 403)
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("slug", ["secret", "nowhere"])
def test_what_customers_cannot_read_they_cannot_speak_of(
    slug: str, article: Translation, client: Client
) -> None:
    base = f"/en/articles/{slug}"

    assert say(client, f"{base}/feedback/said/").status_code == 404
    assert say(client, f"{base}/reading/").status_code == 404
    assert client.get(f"{base}/feedback/").status_code == 404


def test_words_that_are_too_long_are_refused_and_stay_in_the_form(
    article: Translation, client: Client
) -> None:
    words = "长" * 1001

    answer = form(client, words=words, reason="unclear")

    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert 'value="unclear" checked' in page
    assert "longer than 1,000 characters" in page
    assert say(client, words=words).json()["code"] == "words_too_long"
    assert not Feedback.objects.exists()


def test_the_form_works_without_script(article: Translation, client: Client) -> None:
    page = client.get(f"{PAGE}?verdict=not_helpful")
    assert 'value="not_helpful" required checked' in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]

    answer = form(client, reason="still_stuck", words="一行\r\n两行")

    assert "Whoever wrote this reads it." in answer.content.decode()
    assert 'href="/en/chat/?topic=account&amp;read=article%3Afirst"' in answer.content.decode()
    feedback = Feedback.objects.get()
    assert (feedback.reason, str(feedback.words)) == ("still_stuck", "一行\n两行")


def test_a_form_without_an_answer_is_asked_for_one(article: Translation, client: Client) -> None:
    answer = form(client, verdict="", words="但我有话说")

    assert answer.status_code == 400
    assert "Choose one of the two." in answer.content.decode()
    assert "但我有话说" in answer.content.decode()


def test_a_flood_from_one_network_is_held_back_and_told_when_to_come_again(
    article: Translation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        feedback_views, "GIVEN", Limit("helpcentre.feedback.address", 1, timedelta(minutes=10))
    )
    say(client)

    again = say(client, client_id=f"{KEY}2")
    by_form = form(client, client_id=f"{KEY}3", words="还在")

    assert (again.status_code, by_form.status_code) == (429, 429)
    assert 0 < int(again.headers["Retry-After"]) <= 600
    assert "还在" in by_form.content.decode()
    assert Feedback.objects.count() == 1


@pytest.mark.slow
def test_one_network_speaks_for_one_reader_a_day_and_its_newest_verdict_counts(
    article: Translation, client: Client
) -> None:
    say(client, verdict="helpful", client_id=f"{KEY}-other", path=SAID.replace("/en/", "/zh-hans/"))
    say(client, verdict="helpful")
    for number in range(30):
        say(client, client_id=f"{KEY}{number}")
    say(client, REMOTE_ADDR="192.0.2.7", client_id=f"{KEY}-elsewhere", verdict="helpful")

    assert share_of(article, Span.of_last(1)) == Share(helpful=1, answers=2)
    assert Feedback.objects.filter(translation=article).count() == 2
    with time_machine.travel(now() + timedelta(days=1)):
        say(client, client_id=f"{KEY}-tomorrow")
        assert share_of(article, Span.of_last(2)) == Share(helpful=1, answers=3)


def test_what_one_of_a_network_wrote_is_read_though_another_spoke_after_them(
    article: Translation, client: Client
) -> None:
    say(client, words="菜单里没有这一项")
    say(client, client_id=f"{KEY}2", verdict="helpful")

    assert share_of(article, Span.of_last(1)) == Share(helpful=1, answers=1)
    assert [str(one.words) for one in Feedback.objects.telling()] == ["菜单里没有这一项"]


def test_where_an_answer_came_from_is_forgotten_when_the_day_is_over(
    article: Translation, client: Client
) -> None:
    say(client)
    forget = {one.name: one.task for one in SCHEDULE}["helpcentre.forget_networks"]
    forget.func()
    assert len(Feedback.objects.get().network) == 64

    with time_machine.travel(now() + timedelta(days=1)):
        forget.func()

    assert Feedback.objects.get().network == ""
    assert Feedback.objects.get().is_counted


def test_openings_are_counted_by_day_and_revision_and_a_flood_is_not(
    article: Translation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback_views, "READ", Limit("helpcentre.reading.address", 3, timedelta(minutes=10)))

    for _ in range(5):
        answer = client.post(
            READING,
            {"revision": 1},
            content_type="application/json",
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert answer.status_code == 204

    day = ReadingDay.objects.get()
    assert (day.translation, day.revision, day.views) == (article, 1, 3)


def test_an_article_asks_and_its_page_is_the_same_for_everybody(article: Translation, client: Client) -> None:
    first, second = client.get("/en/articles/first/"), Client().get("/en/articles/first/")

    page = first.content.decode()
    assert first.content == second.content
    assert "csrf" not in page
    assert f'data-url="{SAID}" data-revision="1"' in page
    assert f'href="{PAGE}?verdict=not_helpful"' in page


def test_readers_are_told_the_share_once_enough_have_answered(article: Translation, client: Client) -> None:
    def answer(numbers: range, verdict: Verdict) -> None:
        for number in numbers:
            give_feedback(translation=article, revision=1, client_id=f"{number:032d}", verdict=verdict)

    answer(range(19), Verdict.HELPFUL)
    assert "say that it helped" not in client.get("/en/articles/first/").content.decode()

    answer(range(19, 25), Verdict.NOT_HELPFUL)
    assert (
        "25 readers answered in the last 30 days; 76% say that it helped"
        in client.get("/en/articles/first/").content.decode()
    )
    assert "过去 30 天" not in client.get("/zh-hans/articles/first/").content.decode(), (
        "Each language by itself."
    )


def test_what_was_said_a_year_ago_is_forgotten(article: Translation, client: Client) -> None:
    say(client, words="旧话")
    say(client, client_id=f"{KEY}2", words="新话")
    Feedback.objects.filter(client_id=KEY).update(given_at=now() - timedelta(days=366))

    retained = retain_all(now())

    assert retained[DataKind.READERS_WORDS] == 1
    assert [str(one.words) for one in Feedback.objects.all()] == ["新话"]
