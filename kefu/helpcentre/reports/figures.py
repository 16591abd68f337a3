"""The figures of a span of days, each from one question to the database, whatever the number of articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.timezone import now

from kefu.brands.models import Brand
from kefu.conversations.models import TrailStep
from kefu.helpcentre.models import Feedback, ReadingDay, Translation
from kefu.helpcentre.nouns.feedback import Verdict
from kefu.helpcentre.reading_trail import KIND


@dataclass(frozen=True)
class Span:
    """Whole days in UTC, the first and the last among them."""

    first: date
    last: date

    @classmethod
    def of_last(cls, days: int) -> Span:
        today = now().astimezone(UTC).date()
        return cls(today - timedelta(days=days - 1), today)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment up to, and without, the moment after the last."""
        begin = datetime.combine(self.first, time(), UTC)
        return begin, begin + timedelta(days=len(self.days))


@dataclass(frozen=True)
class Share:
    """Of how many answers how many said that it helped."""

    helpful: int
    answers: int

    @property
    def percent(self) -> int | None:
        return round(self.helpful * 100 / self.answers) if self.answers else None


@dataclass(frozen=True)
class OfRevision:
    number: int
    views: int
    share: Share


@dataclass(frozen=True)
class OfArticle:
    """One language of an article; `asked` is how many conversations began right after it was read, in any language."""

    translation: Translation
    revisions: tuple[OfRevision, ...]
    asked: int

    @property
    def views(self) -> int:
        return sum(one.views for one in self.revisions)

    @property
    def share(self) -> Share:
        return Share(
            sum(one.share.helpful for one in self.revisions), sum(one.share.answers for one in self.revisions)
        )


def share_of(translation: Translation, span: Span) -> Share:
    """Of all revisions of one language together."""
    begin, end = span.moments
    given = Feedback.objects.counted().filter(translation=translation, given_at__gte=begin, given_at__lt=end)
    counted = given.aggregate(answers=Count("pk"), helpful=Count("pk", filter=Q(verdict=Verdict.HELPFUL)))
    return Share(counted["helpful"], counted["answers"])


def of_articles(brand: Brand, span: Span) -> list[OfArticle]:
    """Every published language of every article, the most read first."""
    views, shares, asked = _views(brand, span), _shares(brand, span), _asked(brand, span)
    found = [
        OfArticle(one, _revisions(one, views, shares), asked.get(one.article_id, 0))
        for one in Translation.objects.shown().filter(article__brand=brand).listed().select_related("article")
    ]
    return sorted(found, key=lambda one: (-one.views, one.translation.article.number, one.translation.pk))


def _revisions(
    translation: Translation,
    views: Mapping[int, Mapping[int, int]],
    shares: Mapping[int, Mapping[int, Share]],
) -> tuple[OfRevision, ...]:
    """The newest first; only those that somebody read or judged in this span."""
    mine, judged = views.get(translation.pk, {}), shares.get(translation.pk, {})
    numbers = sorted({*mine, *judged}, reverse=True)
    return tuple(OfRevision(one, mine.get(one, 0), judged.get(one, Share(0, 0))) for one in numbers)


def _views(brand: Brand, span: Span) -> dict[int, dict[int, int]]:
    rows = _read(brand, span).values_list("translation", "revision").annotate(read=Sum("views"))
    views: dict[int, dict[int, int]] = defaultdict(dict)
    for translation_id, number, count in rows:
        views[translation_id][number] = count
    return views


def _shares(brand: Brand, span: Span) -> dict[int, dict[int, Share]]:
    begin, end = span.moments
    given = (
        Feedback.objects.counted()
        .filter(translation__article__brand=brand, given_at__gte=begin, given_at__lt=end)
        .values_list("translation", "revision")
    )
    shares: dict[int, dict[int, Share]] = defaultdict(dict)
    counted = given.annotate(answers=Count("pk"), helpful=Count("pk", filter=Q(verdict=Verdict.HELPFUL)))
    for translation_id, number, answers, helpful in counted:
        shares[translation_id][number] = Share(helpful, answers)
    return shares


def _asked(brand: Brand, span: Span) -> dict[int, int]:
    """By article: conversations whose customer read it last before they asked."""
    begin, end = span.moments
    later = TrailStep.objects.filter(
        conversation=OuterRef("conversation"), kind=KIND, place__gt=OuterRef("place")
    )
    last = TrailStep.objects.filter(
        ~Exists(later),
        kind=KIND,
        conversation__brand=brand,
        conversation__opened_at__gte=begin,
        conversation__opened_at__lt=end,
    )
    return dict(last.order_by().values_list("object_id").annotate(asked=Count("pk")))


def views_by_day(brand: Brand, span: Span) -> list[tuple[date, int]]:
    """Each day of the span, also those on which nobody read anything."""
    counted = dict(_read(brand, span).values_list("on").annotate(read=Sum("views")))
    return [(day, counted.get(day, 0)) for day in span.days]


def _read(brand: Brand, span: Span) -> QuerySet[ReadingDay]:
    return ReadingDay.objects.filter(
        translation__article__brand=brand, on__gte=span.first, on__lte=span.last
    ).order_by()
