from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kefu.accounts.models import Agent
from kefu.brands.models import Brand
from kefu.helpcentre.actions import add_old_address, add_picture, change_frame, publish, set_fact
from kefu.helpcentre.exporter import NotEmpty, export_articles
from kefu.helpcentre.folder import BadFolder
from kefu.helpcentre.frame import Frame
from kefu.helpcentre.importer import Wins, import_articles
from kefu.helpcentre.models import Article, Fact, FormerSlug, OldAddress, Picture, Revision, Translation
from kefu.helpcentre.tests.conftest import LANGUAGES, Shelf
from kefu.helpcentre.tests.factories import make_editor, make_published, make_text, of, write
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry
from kefu.safety.tests.files import picture


@pytest.fixture
def editor(brand: Brand) -> Agent:
    return make_editor(brand)


def everything() -> list[list[object]]:
    """All that is kept, but for what the folder said last."""
    return [
        sorted(
            map(
                repr,
                model.objects.values_list(
                    *[one.name for one in model._meta.fields if not one.name.startswith("imported")]
                ),
            )
        )
        for model in (Article, Translation, Revision, Fact, Picture, FormerSlug, OldAddress)
    ]


def words(brand: Brand) -> list[tuple[object, ...]]:
    fields = (
        "article__slug",
        "language",
        "title",
        "summary",
        "synonyms",
        "html",
        "updated_at__date",
        "reviewed_on",
    )
    return list(
        Translation.objects.shown()
        .filter(article__brand=brand)
        .order_by("article__slug", "language")
        .values_list(*fields)
    )


def fill(shelf: Shelf, editor: Agent, folder: Path) -> None:
    """Whatever a folder can say: from a folder, changed here, and made here."""
    shelf.put(
        "first",
        title="第一",
        text="[看](article:written)\n\n## 二 {#two}\n\n{{ facts.hours }}",
    )
    make_published(shelf.brand, "written", by=editor, languages=LANGUAGES, owner=editor, issue_type="kyc")
    shelf.bring_in()
    set_fact(brand=shelf.brand, key="limits.daily", value=5, by=editor)
    path = folder / "a.png"
    path.write_bytes(picture())
    add_picture(brand=shelf.brand, path=path, key="page", by=editor)
    article = Article.objects.get(slug="written")
    frame = Frame.of(article)
    change_frame(article=article, frame=Frame(**{**vars(frame), "slug": "renamed"}), by=editor)
    add_old_address(article=article, path="/hc/1", language="en", by=editor)
    text = make_text(
        'With "all" \\ that \t\x7f is hard', "![x](image:page) {{ facts.limits.daily }} [y](article:written)"
    )
    publish(revision=write(article, text, by=editor), by=editor)
    write(article, make_text("A draft"), by=editor, language="zh-hans")


@pytest.mark.slow
def test_what_is_exported_comes_in_again_and_changes_nothing(
    shelf: Shelf, editor: Agent, tmp_path_factory: pytest.TempPathFactory
) -> None:
    fill(shelf, editor, tmp_path_factory.mktemp("pictures"))
    folder = tmp_path_factory.mktemp("out") / "articles-of-ours"
    done = export_articles(folder, brand=shelf.brand)
    before, entries = everything(), Entry.objects.count()

    again = import_articles(folder, brand=shelf.brand, by=SYSTEM)

    assert (done.written, done.left_out) == (2, ())
    assert (again.written, again.unchanged) == (0, 2)
    assert again.left_alone == ("renamed zh-hans",)
    assert [now for now, then in zip(everything(), before, strict=True) if now != then] == []
    assert Entry.objects.count() == entries


def test_another_house_reads_the_same_from_the_folder(
    shelf: Shelf, editor: Agent, tmp_path_factory: pytest.TempPathFactory
) -> None:
    fill(shelf, editor, tmp_path_factory.mktemp("pictures"))
    folder = tmp_path_factory.mktemp("out")
    export_articles(folder, brand=shelf.brand)
    other = Brand.objects.create(key="other", name="Other", prefix="QT", languages=list(LANGUAGES))

    import_articles(folder, brand=other, by=SYSTEM)

    def plain(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
        names = dict(Picture.objects.values_list("name", "key"))
        return [tuple(_named(value, names) for value in row) for row in rows]

    assert plain(words(other)) == plain(words(shelf.brand))
    assert FormerSlug.objects.filter(brand=other, slug="written").exists()
    article = Article.objects.get(brand=other, slug="renamed")
    assert (article.owner, article.issue_type) == (editor, "kyc")


def _named(value: object, names: dict[str, str]) -> object:
    for name, key in names.items() if isinstance(value, str) else ():
        value = str(value).replace(name, key)
    return value


def test_owners_and_facts_of_some_languages_come_in_again(
    shelf: Shelf, editor: Agent, tmp_path_factory: pytest.TempPathFactory
) -> None:
    owners = {"zh-hans": "充提团队", "ja": "入金チーム"}
    make_published(shelf.brand, "written", by=editor, languages=LANGUAGES, owners=owners)
    for key, value in (("hours", 5), ("limits", {"en": "ten", "zh-hant": "十"}), ("once.en", "long ago")):
        Fact.objects.create(brand=shelf.brand, key=key, value=value)
    shelf.brand.languages = ["zh-hans", "en"]
    shelf.brand.save(update_fields=["languages"])
    shelf.bring_in()
    folder = tmp_path_factory.mktemp("out")
    export_articles(folder, brand=shelf.brand)
    before, entries = everything(), Entry.objects.count()

    again = import_articles(folder, brand=shelf.brand, by=SYSTEM)

    assert (again.written, again.left_alone) == (0, ())
    assert (everything(), Entry.objects.count()) == (before, entries)


@pytest.mark.parametrize("owners", ["{ en = 'us' }", "'us'", "{ zh-hans = 5 }"])
def test_owners_that_say_nothing_in_the_first_language_are_told(shelf: Shelf, owners: str) -> None:
    path = shelf.put("first") / "article.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    said = [f"owners = {owners}" if line.startswith("owners") else line for line in lines]
    path.write_text("\n".join(said), encoding="utf-8")

    with pytest.raises(BadFolder, match=r"article\.toml: owners is"):
        shelf.bring_in()


def test_what_is_not_published_in_every_language_is_left_out(
    shelf: Shelf, editor: Agent, tmp_path_factory: pytest.TempPathFactory
) -> None:
    make_published(shelf.brand, "english-only", by=editor)

    done = export_articles(tmp_path_factory.mktemp("out"), brand=shelf.brand)

    assert (done.written, done.left_out) == (0, ("english-only",))


def test_a_folder_with_something_in_it_is_left_as_it_is(brand: Brand, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")

    with pytest.raises(NotEmpty):
        export_articles(tmp_path, brand=brand)


@pytest.mark.slow
def test_what_was_changed_here_is_left_alone_until_the_folder_is_told_to_win(
    shelf: Shelf, editor: Agent
) -> None:
    place = shelf.put("first", title="Title")
    shelf.bring_in()
    article = Article.objects.get(slug="first")
    publish(revision=write(article, make_text("Changed here"), by=editor), by=editor)
    set_fact(brand=shelf.brand, key="hours", value="ten", by=editor)
    shelf.bring_in()
    assert of(article).title == "Changed here"

    for path in (place / "en.md", place / "zh-hans.md"):
        path.write_text(path.read_text(encoding="utf-8").replace("第一段", "改过"), encoding="utf-8")
    facts = shelf.folder / "facts.toml"
    facts.write_text('hours = "eleven"\n', encoding="utf-8")
    done = import_articles(shelf.folder, brand=shelf.brand, by=SYSTEM)
    assert done.left_alone == ("fact hours", "first en")
    assert of(article).title == "Changed here"
    assert of(article, "zh-hans").text == "改过。"
    assert Fact.objects.get().value == "ten"

    import_articles(shelf.folder, brand=shelf.brand, by=SYSTEM, wins=Wins.FOLDER)
    assert of(article).title == "Title en"
    assert Fact.objects.get().value == "eleven"
    assert list(of(article).revisions.values_list("title", flat=True)) == [
        "Title en",
        "Changed here",
        "Title en",
    ]


def test_a_folder_takes_no_number_of_an_article_made_here(shelf: Shelf, editor: Agent) -> None:
    made = make_published(shelf.brand, "made-here", by=editor)
    assert made.number == 1001
    shelf.put("first", number=1001)

    with pytest.raises(BadFolder, match="which is made-here's here"):
        shelf.bring_in()
    assert not Article.objects.filter(slug="first").exists()


def test_a_draft_here_is_not_passed_over(shelf: Shelf, editor: Agent) -> None:
    place = shelf.put("first")
    shelf.bring_in()
    write(Article.objects.get(), make_text("Half written"), by=editor)
    path = place / "en.md"
    path.write_text(path.read_text(encoding="utf-8").replace("第一段", "改过"), encoding="utf-8")

    done = import_articles(shelf.folder, brand=shelf.brand, by=SYSTEM)

    assert done.left_alone == ("first en",)


def test_the_frame_that_was_changed_here_stays(shelf: Shelf, editor: Agent) -> None:
    shelf.put("first", number=1)
    shelf.bring_in()
    article = Article.objects.get()
    change_frame(article=article, frame=Frame(**{**vars(Frame.of(article)), "audience": "staff"}), by=editor)

    shelf.put("first", number=7)
    done = import_articles(shelf.folder, brand=shelf.brand, by=SYSTEM)

    assert done.left_alone == ("first",)
    article.refresh_from_db()
    assert (article.audience, article.number) == ("staff", 1)


def test_the_commands_speak_plainly(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> None:
    shelf.put("first")
    out = StringIO()

    call_command("articles_import", str(shelf.folder), stdout=out)
    assert out.getvalue() == "1 articles read differently now, 0 are as they were.\n"
    folder, out = tmp_path_factory.mktemp("out"), StringIO()
    call_command("articles_export", str(folder), "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"written": 1, "left_out": []}
    with pytest.raises(CommandError, match="not empty"):
        call_command("articles_export", str(folder))
    file = folder / "facts.toml"
    for place in (file, file / "below"):
        with pytest.raises(CommandError, match=r"can't be written into: Not a directory\. Name a folder"):
            call_command("articles_export", str(place))
    with pytest.raises(CommandError, match="there is xinghai"):
        call_command("articles_export", str(folder), "--brand", "nowhere")
