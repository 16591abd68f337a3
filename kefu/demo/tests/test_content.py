"""The house rules of the demo's content: complete, in facts, and in the words that the glossary decided."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from kefu.demo.reading import CONTENT, read_content
from kefu.helpcentre.facts import fill
from kefu.helpcentre.folder import ArticleFile, TranslationFile, read_folder

LANGUAGES = ("zh-hans", "zh-hant", "en")
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
    r"tracer|verify page|freeze now|case form|ticket|验证真伪页|工单|工單|一键冻结|社区|社群討論",
    re.IGNORECASE,
)
SECRETS = ("密码", "密碼", "password")


@pytest.fixture(scope="module")
def articles() -> tuple[ArticleFile, ...]:
    return read_folder(CONTENT, languages=LANGUAGES).articles


def _each(articles: tuple[ArticleFile, ...]) -> list[tuple[ArticleFile, TranslationFile]]:
    return [(article, translation) for article in articles for translation in article.translations]


def _length(translation: TranslationFile) -> int:
    text = translation.rendered.text
    if translation.language == "en":
        return len(re.findall(r"[A-Za-z0-9@.’'-]+", text))
    return len(re.findall("[\u3400-\u9fff]", text))


def test_the_three_first_articles_are_there_in_three_languages(articles: tuple[ArticleFile, ...]) -> None:
    assert [article.number for article in articles] == [9, 15, 32]
    for article in articles:
        assert tuple(one.language for one in article.translations) == LANGUAGES


def test_every_article_has_an_owner_and_is_looked_at_again(articles: tuple[ArticleFile, ...]) -> None:
    for article, translation in _each(articles):
        assert article.owners[translation.language]
        assert translation.reviewed_on is not None
        assert translation.updated_on is not None
        assert translation.updated_on <= translation.reviewed_on < article.review_on


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


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_figures_come_from_the_facts_only(path: Path) -> None:
    text = NAMES.sub("", path.read_text(encoding="utf-8"))

    left = re.findall(r".{0,12}\d.{0,12}", re.sub(r"\{\{.*?\}\}", "", text))

    assert left == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_addresses_come_from_the_facts_only(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert "xinghai.example" not in text
    assert not re.search(r"[\w.]+@[\w.]+|@\w+", re.sub(r"\{\{.*?\}\}", "", text))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_words_are_those_of_the_languages_own_glossary(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # Synonyms are what people type, in whatever words.
    text = re.sub(r"^synonyms = .*$", "", text, flags=re.MULTILINE).replace("法幣入金", "")

    assert [word for word in FOREIGN[path.stem].split() if word in text] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_texts_are_calm_and_point_to_nothing_that_is_not_built(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert [sign for sign in SHOUTING if sign in text] == []
    assert not UNBUILT.search(text)


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
        words = fill("{{ facts.hours.words }}", facts, language)
        assert facts["hours"]["opens"] in words
        assert facts["hours"]["closes"] in words


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
