"""The house rules of the demo's content: complete, in facts, and in the words that the glossary decided."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import gettext, override

from kefu.cases.models import IssueType
from kefu.demo.reading import CONTENT, read_content
from kefu.demo.tests.conftest import LANGUAGES
from kefu.helpcentre.facts import fill, flattened
from kefu.helpcentre.folder import ArticleFile, TranslationFile
from kefu.helpcentre.models import NO_ISSUE_TYPE

SOURCES = sorted(CONTENT.glob("articles/*/*.md"))
# Names with a figure in them, which are no facts of ours; numbered lists and years of review.
NAMES = re.compile(r"\b[A-Z]{2,5}\d+\b|C2C|P2P|2FA|^\d+\. |^(updated|reviewed)_on = .*$", re.MULTILINE)
# Words that belong to another language's glossary, or that only a converter of characters would write.
FOREIGN = {
    "zh-hans": "对话 提領 加值 驗證碼 网路 软体 信箱 帐户 帐号 视讯 短讯 资讯 萤幕 使用者 登入 储值 提领",
    "zh-hant": (
        "提现 提現 充值 充币 充幣 网络 網絡 賬 帐 账 登录 登錄 視頻 短信 郵箱 郵件 "
        "屏幕 用戶 信息 鏈接 界面 默認 程序 質量 支持 入金"
    ),
    "en": "top-up topup cash-out seed 2FA",
}
SHOUTING = ("！", "!", "亲，", "親，", "请稍等", "please wait")
# Rooms that are not built: nothing may point there.
UNBUILT = re.compile(
    r"tracer|verify page|freeze now|case form|ticket|验证真伪页|一键冻结|社区|社群討論",
    re.IGNORECASE,
)
SECRETS = ("密码", "密碼", "password")


def _each(articles: tuple[ArticleFile, ...]) -> list[tuple[ArticleFile, TranslationFile]]:
    return [(article, translation) for article in articles for translation in article.translations]


def _length(translation: TranslationFile) -> int:
    text = translation.rendered.text
    if translation.language == "en":
        return len(re.findall(r"[A-Za-z0-9@.’'-]+", text))
    return len(re.findall("[\u3400-\u9fff]", text))


def test_all_sixty_five_articles_are_there_in_three_languages(articles: tuple[ArticleFile, ...]) -> None:
    assert [article.number for article in articles] == list(range(1, 66))
    for article in articles:
        assert tuple(one.language for one in article.translations) == LANGUAGES


def test_every_article_has_an_owner_and_is_looked_at_again(articles: tuple[ArticleFile, ...]) -> None:
    for article, translation in _each(articles):
        assert article.owners[translation.language]
        assert translation.reviewed_on is not None
        assert translation.updated_on is not None
        assert translation.updated_on <= translation.reviewed_on < article.review_on


def test_every_article_says_what_its_readers_come_with_or_that_no_type_fits(
    articles: tuple[ArticleFile, ...],
) -> None:
    said = Counter(article.issue_type for article in articles)

    assert set(said) == {NO_ISSUE_TYPE, *IssueType.values}
    # Where to find something, how to write to us, and what we do not do.
    assert said[NO_ISSUE_TYPE] == 8


def test_every_text_has_a_length_that_worried_people_read(articles: tuple[ArticleFile, ...]) -> None:
    for article, translation in _each(articles):
        least, most = (200, 600) if translation.language == "en" else (250, 900)
        assert least <= _length(translation) <= most, (
            article.slug,
            translation.language,
            _length(translation),
        )


def test_every_text_answers_first_and_has_steps_a_table_a_warning_and_what_to_bring(
    articles: tuple[ArticleFile, ...],
) -> None:
    for _, translation in _each(articles):
        html = translation.rendered.html
        assert html.startswith('<p class="lead">')
        for part in (
            'role="tablist"',
            'class="steps"',
            'class="table"',
            'class="callout care"',
            'class="callout"',
            "/chat/",
        ):
            assert part in html, (translation.title, part)
        assert any(word in translation.rendered.text for word in SECRETS)
        assert 3 <= len(translation.rendered.contents) <= 6


def test_all_languages_of_an_article_have_the_same_parts(articles: tuple[ArticleFile, ...]) -> None:
    for article in articles:
        assert (
            len({tuple(heading.id for heading in one.rendered.contents) for one in article.translations}) == 1
        )


def test_the_article_about_impostors_tells_how_to_check_a_mail_as_the_footer_calls_it(
    articles: tuple[ArticleFile, ...],
) -> None:
    [genuine] = [article for article in articles if article.slug == "is-support-genuine"]

    for one in genuine.translations:
        with override(one.language):
            named = [str(gettext("Check a mail")), str(gettext("Message code")).lower()]
        assert [words for words in named if words not in one.rendered.text] == [], one.language


def test_titles_summaries_and_synonyms_are_written_anew_in_each_language(
    articles: tuple[ArticleFile, ...],
) -> None:
    for article in articles:
        assert len({one.title for one in article.translations}) == 3
        assert len({one.summary for one in article.translations}) == 3
        for one in article.translations:
            assert len(one.synonyms) >= 3
            assert len(set(one.synonyms)) == len(one.synonyms)
            assert len(one.title) <= 60


def _wrong(found: Callable[[str, str], list[str]]) -> dict[str, list[str]]:
    """What is found in the texts, of each with its language; by file, where it is anything."""
    texts = {path: path.read_text(encoding="utf-8") for path in SOURCES}
    each = {f"{path.parent.name}/{path.name}": found(text, path.stem) for path, text in texts.items()}
    assert each
    return {name: words for name, words in each.items() if words}


def _without_facts(text: str) -> str:
    return re.sub(r"\{\{.*?\}\}", "", text)


def test_figures_come_from_the_facts_only() -> None:
    def figures(text: str, _: str) -> list[str]:
        return re.findall(r".{0,12}\d.{0,12}", _without_facts(NAMES.sub("", text)))

    assert _wrong(figures) == {}


def test_addresses_come_from_the_facts_only() -> None:
    def addresses(text: str, _: str) -> list[str]:
        own = re.findall("xinghai.example", text)
        return own + re.findall(r"[\w.]+@[\w.]+|@\w+", _without_facts(text))

    assert _wrong(addresses) == {}


def test_words_are_those_of_the_languages_own_glossary() -> None:
    def foreign(text: str, language: str) -> list[str]:
        # Synonyms are what people type, in whatever words.
        said = re.sub(r"^synonyms = .*$", "", text, flags=re.MULTILINE).replace("法幣入金", "")
        return [word for word in FOREIGN[language].split() if word in said]

    assert _wrong(foreign) == {}


def test_texts_are_calm_and_point_to_nothing_that_is_not_built() -> None:
    def loud(text: str, _: str) -> list[str]:
        return [*(sign for sign in SHOUTING if sign in text), *UNBUILT.findall(text)]

    assert _wrong(loud) == {}


def test_the_brands_file_takes_its_addresses_and_hours_from_the_facts() -> None:
    text = (CONTENT / "brand.toml").read_text(encoding="utf-8")

    assert "09:00" not in text
    assert [
        line for line in text.splitlines() if "xinghai.example" in line and not line.startswith("email")
    ] == []
    ways = {way["kind"]: way.get("value", "") for way in read_content()["way"]}
    facts = tomllib.loads((CONTENT / "facts.toml").read_text(encoding="utf-8"))
    assert {ways[kind] for kind in ("x", "facebook", "instagram", "youtube")} == {
        facts["official"][kind] for kind in ("x", "facebook", "instagram", "youtube")
    }


def test_every_fact_is_used_and_every_hour_is_said_alike() -> None:
    facts = tomllib.loads((CONTENT / "facts.toml").read_text(encoding="utf-8"))
    texts = "\n".join(path.read_text(encoding="utf-8") for path in [*SOURCES, CONTENT / "brand.toml"])

    unused = [name for name in _names(facts) if f"facts.{name} " not in texts]

    assert unused == []
    for language in LANGUAGES:
        words = fill("{{ facts.hours.words }}", dict(flattened(facts, LANGUAGES)), language)
        assert facts["hours"]["opens"] in words
        assert facts["hours"]["closes"] in words


@pytest.mark.parametrize(
    ("name", "zone", "month"),
    [
        ("tokyo", "Asia/Tokyo", 1),
        ("tokyo", "Asia/Seoul", 7),
        ("bangkok", "Asia/Bangkok", 1),
        ("bangkok", "Asia/Ho_Chi_Minh", 7),
        ("dubai", "Asia/Dubai", 1),
        ("london_winter", "Europe/London", 1),
        ("london_summer", "Europe/London", 7),
        ("new_york_winter", "America/New_York", 1),
        ("new_york_summer", "America/New_York", 7),
    ],
)
def test_the_hours_elsewhere_are_the_same_hours(name: str, zone: str, month: int) -> None:
    hours = tomllib.loads((CONTENT / "facts.toml").read_text(encoding="utf-8"))["hours"]

    there = [
        datetime.combine(date(2027, month, 15), time.fromisoformat(hours[end]), ZoneInfo(hours["zone"]))
        .astimezone(ZoneInfo(zone))
        .strftime("%H:%M")
        for end in ("opens", "closes")
    ]

    assert hours["elsewhere"][name] == "–".join(there)


def test_the_example_of_a_fee_is_worked_out_right() -> None:
    fees = tomllib.loads((CONTENT / "facts.toml").read_text(encoding="utf-8"))["fees"]

    assert fees["example"]["asked"] - fees["usdt_tron"]["fee"] == fees["example"]["received"]


def test_the_example_of_slippage_is_worked_out_right() -> None:
    example = tomllib.loads((CONTENT / "facts.toml").read_text(encoding="utf-8"))["slippage"]
    offers = [example[name] for name in ("first", "second", "third")]

    paid = sum(Decimal(offer["price"]) * offer["amount"] for offer in offers)

    assert sum(offer["amount"] for offer in offers) == example["asked"]
    assert paid / example["asked"] == Decimal(example["average"])
    best = Decimal(offers[0]["price"])
    assert f"{(Decimal(example['average']) - best) / best:.2%}" == example["against_best"]


def test_the_example_of_a_margin_is_worked_out_right() -> None:
    futures = tomllib.loads((CONTENT / "facts.toml").read_text(encoding="utf-8"))["futures"]
    example, value = futures["example"], _number(futures["example"]["value"])

    assert value / example["leverage"] == _number(example["initial"])
    assert value * _number(futures["steps"]["first"]["rate"]) / 100 == example["maintenance"]
    assert example["maintenance"] / _number(example["initial"]) * 100 == _number(example["ratio"])


@pytest.mark.parametrize("name", ["low", "middle", "high"])
def test_the_example_of_a_liquidation_is_worked_out_right(name: str) -> None:
    facts = tomllib.loads((CONTENT / "facts.toml").read_text(encoding="utf-8"))
    example = facts["liquidation"]["example"]
    rate = _number(facts["futures"]["steps"]["first"]["rate"]) / 100

    fall = 1 / Decimal(example[name]["leverage"]) - rate

    assert _number(example[name]["price"]) == _number(example["entry"]) * (1 - fall)
    assert f"{fall:.1%}" == example[name]["fall"]


def test_the_example_of_funding_is_worked_out_right() -> None:
    example = tomllib.loads((CONTENT / "facts.toml").read_text(encoding="utf-8"))["funding"]["example"]
    value = _number(example["value"])

    assert value * _number(example["rate"]) / 100 == example["paid"]
    assert value * _number(example["negative"]) / 100 == -example["received"]


def test_the_example_of_a_voucher_is_worked_out_right() -> None:
    tiers = tomllib.loads((CONTENT / "facts.toml").read_text(encoding="utf-8"))["tiers"]
    example = tiers["example"]

    fee = _number(example["traded"]) * _number(tiers["regular"]["spot_taker"]) / 100

    assert fee == _number(example["fee"])
    assert fee * (1 - _number(tiers["voucher_share"]) / 100) == _number(example["with_voucher"])


def test_the_example_of_a_profit_share_is_worked_out_right() -> None:
    copying = tomllib.loads((CONTENT / "facts.toml").read_text(encoding="utf-8"))["copying"]
    total = highest = Decimal(0)

    for week in (copying["example"][name] for name in ("first", "second", "third")):
        total += _number(week["result"])
        share = max(total - highest, Decimal(0)) * _number(copying["most_share"]) / 100
        highest = max(highest, total)

        assert total == _number(week["total"])
        assert share == week["share"]


def _number(words: str) -> Decimal:
    return Decimal(words.replace(",", "").rstrip("%"))


def _names(facts: dict[str, object], before: str = "") -> list[str]:
    names: list[str] = []
    for name, value in facts.items():
        if isinstance(value, dict) and "en" not in value:
            names += _names(value, f"{before}{name}.")
        else:
            names.append(f"{before}{name}")
    return names


def test_the_names_of_people_and_topics_are_there_in_three_languages() -> None:
    content = read_content()

    for one in [*content["topic"], *content["way"]]:
        assert set(one["names"]) == set(LANGUAGES)
    assert {agent["language"] for agent in content["agent"]} == set(LANGUAGES)
    assert all(agent["email"].endswith("@xinghai.example") for agent in content["agent"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_was_read_by_a_second_reader_or_says_that_it_was_changed_since(
    articles: tuple[ArticleFile, ...], language: str
) -> None:
    record = tomllib.loads((CONTENT / "second_readings.toml").read_text(encoding="utf-8"))
    read = record[language]
    now = {a.slug: _fingerprint(one) for a in articles for one in a.translations if one.language == language}

    assert set(read) == set(now)
    assert all(type(one["on"]) is date for one in read.values())
    assert {slug for slug in now if now[slug] != read[slug]["of"]} == set(record["changed_since"][language])


def _fingerprint(one: TranslationFile) -> str:
    said = [one.text.title, one.text.summary, *one.text.synonyms, one.text.source.strip()]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
