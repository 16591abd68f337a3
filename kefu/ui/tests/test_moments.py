from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone, translation

from kefu.ui.moments import weekday

EVENING = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)


def drawn(style: str, language: str, zone: str = "Asia/Shanghai", at: object = EVENING) -> str:
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        return Template(f'{{% moment at "{style}" %}}').render(Context({"at": at}))


@pytest.mark.parametrize(
    ("style", "language", "words"),
    [
        ("full", "zh-hans", "2026年11月23日 21:00（北京时间）"),
        ("full", "zh-hant", "2026年11月23日 21:00（北京時間）"),
        ("full", "en", "23 Nov 2026, 21:00 (Beijing time)"),
        ("short", "zh-hans", "2026年11月23日 21:00"),
        ("clock", "en", "21:00 (Beijing time)"),
        ("clock", "zh-hant", "21:00（北京時間）"),
    ],
)
def test_a_moment_is_written_in_the_language_with_its_zone_named(
    style: str, language: str, words: str
) -> None:
    assert drawn(style, language) == (
        f'<time datetime="2026-11-23T13:00:00Z" data-moment="{style}">{words}</time>'
    )


def test_a_moment_follows_the_current_zone() -> None:
    assert "23 Nov 2026, 08:00 (New York time)" in drawn("full", "en", "America/New_York")
    assert "2026年11月23日 18:45（UTC+5:45）" in drawn("full", "zh-hans", "Asia/Kathmandu")


def test_a_day_is_the_day_in_the_zone_and_needs_none_named() -> None:
    late = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)

    assert (
        drawn("day", "zh-hans", at=late)
        == '<time datetime="2026-11-24" data-moment="day">2026年11月24日</time>'
    )
    assert (
        drawn("day", "en", at=date(2026, 5, 1))
        == '<time datetime="2026-05-01" data-moment="day">1 May 2026</time>'
    )


def test_no_moment_is_nothing_and_no_style_is_an_error() -> None:
    assert drawn("full", "en", at=None) == ""
    with pytest.raises(TemplateSyntaxError):
        drawn("loud", "en")


def test_weekdays_have_their_own_words() -> None:
    said = []
    for language in ("zh-hans", "zh-hant", "en"):
        with translation.override(language):
            said.append(weekday(date(2026, 11, 28)))

    assert said == ["周六", "週六", "Sat"]
