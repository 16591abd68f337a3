from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db.models.signals import post_save
from django.test import Client
from django.utils.timezone import now

from kefu.helpcentre import drawing
from kefu.helpcentre.actions import publish
from kefu.helpcentre.events import ArticlePublished
from kefu.helpcentre.folder import BadFolder
from kefu.helpcentre.importer import import_articles
from kefu.helpcentre.models import Article, Category, Revision, Translation
from kefu.helpcentre.tests.conftest import Shelf
from kefu.helpcentre.tests.factories import make_article, make_editor, make_published, make_text, write
from kefu.journal.actor import SYSTEM
from kefu.journal.listeners import Listener, Listeners
from kefu.journal.models import Entry
from kefu.search.find import find
from kefu.search.listeners import follow, followed_kinds


def _published() -> int:
    return Entry.objects.filter(kind=ArticlePublished.kind).count()


def test_a_folder_becomes_articles_in_every_language(shelf: Shelf) -> None:
    shelf.put("first", title="第一")

    assert shelf.bring_in() == (1, 0)

    article = Article.objects.get()
    assert article.owner_in("zh-hant") == "加值提領小組"
    assert sorted(article.translations.values_list("language", "summary")) == [
        ("en", "第一 en: nine"),
        ("zh-hans", "第一 zh-hans: 九点"),
        ("zh-hant", "第一 zh-hant: 九點"),
    ]
    entry = Entry.objects.get(kind=ArticlePublished.kind)
    assert (entry.subject_id, entry.brand_id) == (article.pk, shelf.brand.pk)


def test_what_comes_in_for_the_first_time_is_drawn_once(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("first", text="[二](article:second)，{{ facts.hours }}")
    shelf.put("second", number=2)
    drawn: list[tuple[str, str]] = []
    real_draw = drawing.draw

    def draw(*args: Any, **more: Any) -> Any:
        drawn.append((args[0].title, more["language"]))
        return real_draw(*args, **more)

    monkeypatch.setattr(drawing, "draw", draw)

    shelf.bring_in()

    assert len(drawn) == len(set(drawn)) == 6


def test_importing_again_changes_nothing_and_says_nothing(shelf: Shelf) -> None:
    shelf.put("first")
    shelf.put("second", number=2)
    shelf.bring_in()
    before = list(Translation.objects.values_list("pk", "updated_at"))

    assert shelf.bring_in() == (0, 2)

    assert list(Translation.objects.values_list("pk", "updated_at")) == before
    assert _published() == 2


def test_only_the_language_that_changed_is_written_and_the_article_published_anew(shelf: Shelf) -> None:
    place = shelf.put("first")
    shelf.bring_in()
    before = dict(Translation.objects.values_list("language", "updated_at"))
    path = place / "en.md"
    path.write_text(path.read_text(encoding="utf-8").replace("第一段", "Changed"), encoding="utf-8")

    assert shelf.bring_in() == (1, 0)

    after = dict(Translation.objects.values_list("language", "updated_at"))
    assert {language for language in after if after[language] != before[language]} == {"en"}
    assert _published() == 2


def test_a_new_name_of_a_category_publishes_its_articles_anew(shelf: Shelf) -> None:
    shelf.put("first")
    elsewhere = shelf.put("elsewhere", number=2) / "article.toml"
    elsewhere.write_text(
        elsewhere.read_text(encoding="utf-8").replace('"deposits"', '"empty"'), encoding="utf-8"
    )
    shelf.bring_in()
    make_published(shelf.brand, "written-here", by=make_editor(shelf.brand), text=make_text("Coffee"))
    make_article(shelf.brand, "read-by-nobody", by=make_editor(shelf.brand))
    before = _published()
    path = shelf.folder / "categories.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("充值与提现", "充提"), encoding="utf-8")

    assert shelf.bring_in() == (2, 1)

    told = Entry.objects.filter(kind=ArticlePublished.kind).order_by("pk")[before:]
    assert [one.subject_id for one in told] == [
        Article.objects.get(slug=slug).pk for slug in ("first", "written-here")
    ]
    assert Category.objects.get(key="deposits").name_in("zh-hans") == "充提"


def test_an_article_becomes_staffs_own_when_the_folder_says_so(shelf: Shelf) -> None:
    shelf.put("first")
    shelf.bring_in()

    shelf.put("first", audience="staff")

    assert shelf.bring_in() == (1, 0)
    assert not Article.objects.public().exists()


def test_the_folder_may_say_when_a_text_was_written(shelf: Shelf) -> None:
    place = shelf.put("first")
    path = place / "en.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace("reviewed_on", "updated_on = 2026-11-20\nreviewed_on"),
        encoding="utf-8",
    )

    shelf.bring_in()

    assert Translation.objects.get(language="en").updated_at.date() == date(2026, 11, 20)
    assert Translation.objects.get(language="zh-hans").updated_at.date() == now().date()


def put_dated(shelf: Shelf, day: str) -> None:
    path = shelf.put("first") / "en.md"
    text = path.read_text(encoding="utf-8").replace("reviewed_on", f"updated_on = {day}\nreviewed_on")
    path.write_text(text, encoding="utf-8")


def feed_says(client: Client) -> str:
    feed = client.get("/en/feed.xml").content.decode()
    return feed.partition("<entry>")[2].partition("<updated>")[2].partition("</updated>")[0]


@time_machine.travel("2026-11-29T06:30:00Z", tick=False)
@pytest.mark.parametrize(
    ("said", "told", "moment"),
    [
        ("2026-11-20", "2026-11-20", "2026-11-20T12:00:00+00:00"),
        ("2026-11-29", "2026-11-29", "2026-11-29T06:30:00+00:00"),
        ("2099-01-01", "2026-11-29", "2026-11-29T06:30:00+00:00"),
    ],
)
def test_a_day_of_a_file_is_that_day_everywhere_and_never_later_than_now(
    said: str, told: str, moment: str, shelf: Shelf, client: Client
) -> None:
    client.cookies["kefu_zone"] = "Pacific/Auckland"
    put_dated(shelf, said)

    shelf.bring_in()

    page = client.get("/en/articles/first/").content.decode()
    assert f'<time datetime="{told}">' in page
    assert f'"dateModified": "{told}"' in page
    assert feed_says(client).replace("Z", "+00:00") == moment
    assert client.get("/api/v1/articles/first?lang=en").json()["updated_at"] == moment


def test_a_text_that_is_published_here_was_written_at_that_moment_and_not_on_the_files_day(
    shelf: Shelf,
) -> None:
    put_dated(shelf, "2026-11-20")
    shelf.bring_in()
    editor = make_editor(shelf.brand)

    publish(revision=write(Article.objects.get(), make_text(), by=editor), by=editor)

    text = Translation.objects.get(language="en")
    assert text.updated_on is None
    assert now() - text.updated_at < timedelta(minutes=1)


def test_what_was_published_is_found_once_the_worker_has_followed(shelf: Shelf) -> None:
    shelf.put("first", title="提现说明")
    import_articles(shelf.folder, brand=shelf.brand, by=SYSTEM)
    listeners = Listeners([Listener("search", followed_kinds(), follow)])

    while listeners.step():
        pass

    assert [hit.path for hit in find("提现", brand=shelf.brand, language="en")] == ["/en/articles/first/"]


def test_words_that_come_in_after_their_frame_are_found_though_the_worker_was_faster(shelf: Shelf) -> None:
    shelf.put("first", title="提现说明")
    shelf.bring_in()
    listeners = Listeners([Listener("search", followed_kinds(), follow)])

    def follow_all(**_: object) -> None:
        while listeners.step():
            pass

    shelf.put("first", number=2, title="咖啡")
    post_save.connect(follow_all, sender=Revision)
    try:
        import_articles(shelf.folder, brand=shelf.brand, by=SYSTEM)
    finally:
        post_save.disconnect(follow_all, sender=Revision)
    follow_all()

    assert [hit.path for hit in find("咖啡", brand=shelf.brand, language="en")] == ["/en/articles/first/"]


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("en.md", "facts.hours", "facts.nowhere", "no fact “nowhere”"),
        ("en.md", "{{ facts.hours }}", "{{ hours }}", "quotes no fact"),
        ("en.md", "第一段。", "# Title", "levels"),
        ("en.md", "第一段。", "[x](article:nowhere)", "no such article"),
        ("en.md", "title =", "titel =", "title is missing"),
        ("en.md", ', "first en 二", "first en 三"', "", "synonyms"),
        ("en.md", "+++\ntitle", "title", "starts with TOML"),
        ("article.toml", '"deposits"', '"nowhere"', "no category"),
        ("article.toml", '"public"', '"everybody"', "audience is one of"),
        ("en.md", "reviewed_on = 2026-11-24", "reviewed_on = 'soon'", "reviewed_on is a day"),
        ("article.toml", "number = 1", 'number = 1\nissue_type = "nothing"', "issue_type is one of"),
        ("article.toml", "review_on = 2030-01-01", "", "review_on"),
        ("article.toml", 'zh-hans = "充提团队"', 'fr = "x"', "owners is missing in zh-hans"),
    ],
)
def test_what_is_wrong_is_said_by_file_and_nothing_is_stored(
    file: str, old: str, new: str, says: str, shelf: Shelf
) -> None:
    place = shelf.put("first")
    path = place / file
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    with pytest.raises(BadFolder, match=says) as problem:
        shelf.bring_in()

    assert file in str(problem.value)
    assert not Article.objects.exists()
    assert not Category.objects.exists()


@pytest.mark.parametrize("file", ["articles/first/zh-hans.md", "articles/first/article.toml", "facts.toml"])
@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_a_file_in_another_encoding_is_named(file: str, encoding: str, shelf: Shelf) -> None:
    shelf.put("first", title="第一")
    path = shelf.folder / file
    path.write_text(path.read_text(encoding="utf-8") + "\n# 充值\n", encoding=encoding)

    with pytest.raises(BadFolder, match="not in UTF-8") as problem:
        shelf.bring_in()

    assert str(path) in str(problem.value)


def test_a_byte_order_mark_is_no_part_of_a_file(shelf: Shelf) -> None:
    place = shelf.put("first", title="第一")
    for path in (place / "zh-hans.md", place / "article.toml"):
        path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")

    assert shelf.bring_in() == (1, 0)


def test_a_file_is_no_folder_and_a_folder_no_file(shelf: Shelf) -> None:
    text = shelf.put("first") / "en.md"
    with pytest.raises(BadFolder, match=r"en\.md is a file; name the folder"):
        import_articles(text, brand=shelf.brand, by=SYSTEM)

    text.unlink()
    text.mkdir()
    with pytest.raises(BadFolder, match=r"en\.md can't be read: Is a directory"):
        shelf.bring_in()


def test_an_article_is_there_in_every_language_or_not_at_all(shelf: Shelf) -> None:
    (shelf.put("first") / "zh-hant.md").unlink()

    with pytest.raises(BadFolder, match=r"zh-hant\.md is missing"):
        shelf.bring_in()


def test_an_article_links_to_another_in_its_own_language(shelf: Shelf) -> None:
    shelf.put("first", text="[看](article:second) [问](chat:) [联系](contact:)")
    shelf.put("second", number=2)

    shelf.bring_in()

    html = Translation.objects.get(article__slug="first", language="zh-hant").html
    assert 'href="/zh-hant/articles/second/"' in html
    assert 'href="/zh-hant/chat/"' in html
    assert 'href="/zh-hant/contact/"' in html
