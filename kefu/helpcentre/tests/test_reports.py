"""Reports for editors: every figure from what readers did, and nobody else's brand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from kefu.accounts.models import Agent, Knowledge, Role
from kefu.conversations import trails
from kefu.conversations.tests.factories import House, make_agent, make_conversation, make_house
from kefu.conversations.tests.queries import asking
from kefu.conversations.trails import SEARCH, Step
from kefu.desk.tests.test_desk import at_desk
from kefu.helpcentre.actions import count_opening, count_reading, count_search, give_feedback
from kefu.helpcentre.models import Article, Feedback, ReadingDay, Reason, SearchDay, Translation, Verdict
from kefu.helpcentre.reports.figures import Share, Span, of_articles, views_by_day
from kefu.helpcentre.reports.searches import without_opening, without_result
from kefu.helpcentre.tests.conftest import Shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def shelf(house: House, tmp_path: object) -> Shelf:
    shelf = Shelf(tmp_path, house.brand)  # type: ignore[arg-type]
    shelf.put("first", title="First")
    shelf.put("second", number=2, title="Second")
    shelf.bring_in()
    return shelf


def english(slug: str) -> Translation:
    return Translation.objects.get(article__slug=slug, language="en")


def judge(slug: str, verdict: Verdict, number: int, *, revision: int = 1, days_ago: int = 0) -> Feedback:
    feedback = give_feedback(
        translation=english(slug), revision=revision, client_id=f"{slug}{number:032d}", verdict=verdict
    )
    Feedback.objects.filter(pk=feedback.pk).update(given_at=now() - timedelta(days=days_ago))
    return feedback


def found(house: House, slug: str, *, days: int = 7) -> object:
    return next(
        one for one in of_articles(house.brand, Span.of_last(days)) if one.translation == english(slug)
    )


def test_a_span_is_whole_days_and_ends_today() -> None:
    span = Span(date(2026, 2, 27), date(2026, 3, 1))

    assert span.days == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]
    assert span.moments == (datetime(2026, 2, 27, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))
    assert Span.of_last(7).last == now().astimezone(UTC).date()
    assert len(Span.of_last(7).days) == 7


def test_shares_are_told_by_revision_and_together(house: House, shelf: Shelf) -> None:
    shelf.put("first", title="First", text="Said better.")
    shelf.bring_in()
    for number in range(4):
        judge("first", Verdict.NOT_HELPFUL if number else Verdict.HELPFUL, number, revision=1)
    judge("first", Verdict.HELPFUL, 9, revision=2)
    count_reading(translation=english("first"), revision=2)

    first = found(house, "first")

    assert [(one.number, one.views, one.share) for one in first.revisions] == [
        (2, 1, Share(1, 1)),
        (1, 0, Share(1, 4)),
    ]
    assert (first.share.percent, first.views) == (40, 1)
    assert found(house, "second").share.percent is None


def test_what_was_before_the_span_does_not_count(house: House, shelf: Shelf) -> None:
    judge("first", Verdict.HELPFUL, 1, days_ago=8)
    old = now().astimezone(UTC).date() - timedelta(days=8)
    ReadingDay.objects.create(translation=english("first"), revision=1, on=old, views=5)

    assert found(house, "first").share.answers == 0
    assert found(house, "first").views == 0
    assert found(house, "first", days=30).views == 5


def test_days_without_readers_are_days_too(house: House, shelf: Shelf) -> None:
    count_reading(translation=english("first"), revision=1)
    count_reading(translation=english("second"), revision=1)

    by_day = views_by_day(house.brand, Span.of_last(7))

    assert [count for _, count in by_day] == [0, 0, 0, 0, 0, 0, 2]


def test_who_asked_after_reading_is_counted_for_the_article_that_was_read_last(
    house: House, shelf: Shelf
) -> None:
    def came_by(*slugs: str) -> None:
        steps = [Step("article", slug) for slug in slugs] + [Step(SEARCH, "还是不行")]
        trails.keep(make_conversation(house), steps)

    came_by("first", "second")
    came_by("first")
    came_by("second", "first")

    assert (found(house, "first").asked, found(house, "second").asked) == (2, 1)


def test_searches_that_found_nothing_or_were_not_followed_are_told(house: House, shelf: Shelf) -> None:
    def search(query: str, found: int, times: int = 1, language: str = "zh-hans") -> None:
        for _ in range(times):
            count_search(brand=house.brand, language=language, query=query, found=found)

    search("冷钱包", 0)
    search("冷錢包", 0, times=2)
    search("以前没有", 0)
    SearchDay.objects.filter(words="以前没有").update(on=now().astimezone(UTC).date() - timedelta(days=1))
    search("以前没有", 3)
    search("充币", 4, times=2)
    count_opening(brand=house.brand, query="充币", article=english("first").article)
    search("没人点", 2)
    search("elsewhere", 0, language="en")
    search("密码是 hunter2hunter2", 0)
    other = make_house("other", "OT").brand
    count_search(brand=other, language="en", query="别家的", found=0)
    span = Span.of_last(7)

    nothing, unopened = without_result(house.brand, span), without_opening(house.brand, span)

    assert [(str(one.words), one.times, one.language) for one in nothing] == [
        ("冷錢包", 3, "zh-hans"),
        ("elsewhere", 1, "en"),
    ]
    assert [(str(one.words), one.times, one.found) for one in unopened] == [
        ("以前没有", 2, 3),
        ("没人点", 1, 2),
    ]
    page = editor(house).get("/desk/articles/reports/").content.decode()
    assert "冷錢包" in page
    assert "别家的" not in page


@pytest.mark.slow
def test_the_report_costs_the_same_questions_for_one_article_and_for_twenty(
    house: House, tmp_path: object
) -> None:
    shelf = Shelf(tmp_path, house.brand)  # type: ignore[arg-type]
    desk = editor(house)
    asked = []
    for many in (1, 20):
        for number in range(many):
            shelf.put(f"one-{number}", number=number + 1)
        shelf.bring_in()
        for one in Translation.objects.all():
            count_reading(translation=one, revision=1)
            count_search(brand=house.brand, language="en", query=f"nothing {one.pk}", found=0)
            count_search(brand=house.brand, language="en", query=f"something {one.pk}", found=1)
            give_feedback(
                translation=one,
                revision=1,
                client_id=f"{one.pk:032d}",
                verdict=Verdict.NOT_HELPFUL,
                reason=Reason.UNCLEAR,
                words="看不懂",
            )
        Article.objects.update(review_on=date(2020, 1, 1))
        counts = []
        for page in ("reports", "voices"):
            with asking() as queries:
                assert desk.get(f"/desk/articles/{page}/").status_code == 200
            counts.append(len(queries))
        asked.append(counts)

    assert asked[0] == asked[1]


def editor(house: House) -> Client:
    agent = make_agent(house.team, "编辑")
    Agent.objects.filter(pk=agent.pk).update(knowledge=Knowledge.WRITES)
    agent.refresh_from_db()
    return at_desk(agent)


def test_what_readers_say_waits_until_an_editor_is_done_with_it(house: House, shelf: Shelf) -> None:
    desk = editor(house)
    feedback = give_feedback(
        translation=english("first"),
        revision=1,
        client_id=f"{1:032d}",
        verdict=Verdict.NOT_HELPFUL,
        reason=Reason.WRONG,
        words="my password is hunter2hunter2, and the menu is <b>elsewhere</b>",
    )
    judge("second", Verdict.NOT_HELPFUL, 2)
    page = "/desk/articles/voices/"

    waiting = desk.get(page).content.decode()
    assert "▇▇▇, and the menu is &lt;b&gt;elsewhere&lt;/b&gt;" in waiting
    assert "和我看到的不一样" in waiting
    assert waiting.count("/done/") == 1, "A verdict alone is a figure of the report, and nothing to be read."
    assert desk.post(f"{page}{feedback.pk}/done/").status_code == 302

    assert "/done/" not in desk.get(page).content.decode()
    done = desk.get(f"{page}?state=done").content.decode()
    assert "由 编辑 处理" in done
    desk.post(f"{page}{feedback.pk}/done/", {"again": "yes"})
    assert "elsewhere" in desk.get(page).content.decode()


def test_words_that_do_not_belong_here_are_deleted_and_the_verdict_stays(house: House, shelf: Shelf) -> None:
    desk = editor(house)
    feedback = give_feedback(
        translation=english("first"),
        revision=1,
        client_id=f"{1:032d}",
        verdict=Verdict.NOT_HELPFUL,
        words="My passport is X1234567",
    )
    door = f"/desk/articles/voices/{feedback.pk}/words-removed/"

    assert at_desk(house.mei).post(door).status_code == 403
    assert editor(make_house("other", "OT")).post(door).status_code == 404
    assert desk.post(door).status_code == 302

    feedback.refresh_from_db()
    assert (str(feedback.words), feedback.verdict) == ("", Verdict.NOT_HELPFUL)


def test_what_readers_say_is_paged_and_found_by_article(house: House, shelf: Shelf) -> None:
    desk = editor(house)
    for number in range(30):
        give_feedback(
            translation=english("first" if number % 2 else "second"),
            revision=1,
            client_id=f"{number:032d}",
            verdict=Verdict.NOT_HELPFUL,
            words=f"第 {number} 句",
        )

    first = desk.get("/desk/articles/voices/").content.decode()
    rest = desk.get(
        f"/desk/articles/voices/?before={Feedback.objects.order_by('-pk')[24].pk}"
    ).content.decode()

    assert ("第 29 句" in first, "第 4 句" in first, "第 4 句" in rest, "第 0 句" in rest) == (
        True,
        False,
        True,
        True,
    )
    of_first = desk.get(f"/desk/articles/voices/?article={english('first').article_id}").content.decode()
    assert of_first.count("/done/") == 15


def test_owners_see_first_what_is_said_of_their_own_articles(house: House, shelf: Shelf) -> None:
    desk, other = editor(house), editor(house)
    agent = Agent.objects.filter(name="编辑").order_by("pk").first()
    Article.objects.filter(slug="first").update(owner=agent)
    for number, slug in enumerate(["first", "second"]):
        give_feedback(
            translation=english(slug),
            revision=1,
            client_id=f"{number:032d}",
            verdict=Verdict.NOT_HELPFUL,
            words=f"第 {number} 句",
        )

    def seen(client: Client, query: str = "") -> list[bool]:
        page = client.get(f"/desk/articles/voices/{query}").content.decode()
        return [f"第 {number} 句" in page for number in range(2)]

    assert seen(desk) == [True, False]
    assert seen(desk, "?of=all") == [True, True]
    assert seen(desk, f"?article={english('second').article_id}") == [False, True]
    assert seen(other) == [True, True]


@pytest.mark.parametrize("query", ["days=8", "days=x", "language=fr", "page=0", "page=x", "page=99"])
def test_a_choice_that_is_not_offered_chooses_nothing(query: str, house: House, shelf: Shelf) -> None:
    assert editor(house).get(f"/desk/articles/reports/?{query}").status_code == 200


def test_mallory_reads_no_report_and_is_done_with_nothing(house: House, shelf: Shelf) -> None:
    feedback = judge("first", Verdict.NOT_HELPFUL, 1)
    elsewhere = make_house("other", "OT")
    pages = ["reports", "voices"]
    done = f"/desk/articles/voices/{feedback.pk}/done/"

    plain = at_desk(house.mei)
    assert [plain.get(f"/desk/articles/{page}/").status_code for page in pages] == [403, 403]
    assert plain.post(done).status_code == 403
    auditor = at_desk(make_agent(house.team, "审计", Role.AUDITOR))
    assert auditor.post(done).status_code == 403
    other = editor(elsewhere)
    assert [other.get(f"/desk/articles/{page}/?brand={house.brand.pk}").status_code for page in pages] == [
        404,
        404,
    ]
    assert other.post(done).status_code == 404
    assert Client().get("/desk/articles/reports/").status_code == 302
    feedback.refresh_from_db()
    assert feedback.done_at is None
