"""W1: programs create and change articles in bulk, by the editor's own verbs and within what their agent may."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kefu.accounts.models import Agent, Knowledge, TokenScope
from kefu.accounts.tests.factories import enrol, make_agent, make_team, sign_in
from kefu.brands.models import Brand
from kefu.helpcentre import drawing
from kefu.helpcentre.actions import archive
from kefu.helpcentre.models import Article, Revision
from kefu.helpcentre.programs import taking
from kefu.helpcentre.programs.shapes import BY_LANGUAGE, ArticleSent, TextSent
from kefu.helpcentre.tests.factories import (
    make_article,
    make_published,
    make_text,
    of,
    write,
)
from kefu.helpcentre.tests.programs import ARTICLES, OWNERS, Program, fault, only, sent, text
from kefu.journal.models import Entry
from kefu.ui.languages import HTML_LANG

READ, WRITE, PUBLISH = TokenScope.READ_ARTICLES, TokenScope.WRITE_ARTICLES, TokenScope.PUBLISH_ARTICLES


def test_a_new_article_comes_in_with_its_languages_as_drafts(program: Program, writer: Agent) -> None:
    taken = program.send(sent(texts={"en": text(), "zh-hans": text("充值没到账", "先等一等。")}))

    assert {name: taken[name] for name in ("created", "updated", "unchanged", "failed")} == {
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "failed": 0,
    }
    draft = {"revision": 1, "state": "draft"}
    assert only(taken)["texts"] == {"zh-hans": draft, "en": draft}
    article = Article.objects.get(external_id="docs:deposit")
    assert (article.slug, article.category.key, article.owners) == ("deposit-not-here", "deposits", OWNERS)
    assert of(article, "zh-hans").newest.source == "先等一等。\n"
    assert (of(article).newest.actor, of(article).newest.note) == (writer.actor, "Docs")
    assert of(article).newest.of_source == 1
    kinds = set(Entry.objects.filter(subject_id=article.pk).values_list("kind", flat=True))
    assert kinds >= {"article.added", "article.named_outside", "article.saved"}


def test_the_same_sent_again_changes_nothing(press: Program) -> None:
    press.send(sent(state="published"))
    before = list(Revision.objects.values()), list(Article.objects.values()), Entry.objects.count()

    for state in ("published", "review", "draft"):
        assert only(press.send(sent(state=state)))["result"] == "unchanged"

    assert (list(Revision.objects.values()), list(Article.objects.values()), Entry.objects.count()) == before


def test_what_is_left_out_stays_and_what_is_said_changes(program: Program) -> None:
    program.send(sent())

    taken = program.send(
        {"external_id": "docs:deposit", "slug": "deposit-missing", "texts": {"zh-hans": text("没到账")}}
    )

    assert only(taken)["result"] == "updated"
    assert only(taken)["slug"] == "deposit-missing"
    article = Article.objects.get()
    assert (article.owners, article.category.key) == (OWNERS, "deposits")
    assert of(article).newest.number == 1
    assert article.former_slugs.get().slug == "deposit-not-here"


def test_texts_go_to_review_and_to_readers(press: Program, client: Client) -> None:
    assert only(press.send(sent(state="review")))["texts"]["en"] == {"revision": 1, "state": "review"}
    assert only(press.send(sent(state="published", size="major")))["texts"]["en"]["state"] == "published"

    assert "Wait a little." in client.get("/en/articles/deposit-not-here/").content.decode()
    newer = sent(texts={"en": text(source="Wait no longer.")})
    assert only(press.send(newer))["texts"]["en"] == {"revision": 2, "state": "draft"}
    assert "no longer" not in client.get("/en/articles/deposit-not-here/").content.decode()


def test_a_text_that_is_saved_and_published_is_drawn_once(
    press: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    real_draw = drawing.draw

    def draw(*args: Any, **more: Any) -> Any:
        drawn.append(more["language"])
        return real_draw(*args, **more)

    monkeypatch.setattr(drawing, "draw", draw)

    press.send(sent(state="published", texts={"en": text(), "zh-hans": text("没到账")}))

    assert drawn == ["zh-hans", "en"]
    press.send(sent(state="published", texts={"en": text(), "zh-hans": text("没到账")}))
    assert drawn == ["zh-hans", "en"]


def test_a_writers_token_publishes_nothing_whatever_its_scopes(writer: Agent, publisher: Agent) -> None:
    for program in (Program(writer), Program(publisher, WRITE)):
        error = program.send(sent(state="published"), sent("b", slug="b"), status=403)["error"]
        assert error["code"] == "scope_missing"
        assert 'scope="articles:publish"' in program.answer["WWW-Authenticate"]
    token = Program(publisher, WRITE, PUBLISH)
    publisher.knowledge = Knowledge.WRITES
    publisher.save(update_fields=["knowledge"])
    assert token.send(sent(state="published"), status=403)["error"]["code"] == "refused"

    assert not Article.objects.exists()


@pytest.mark.slow
def test_the_frame_of_what_readers_see_takes_who_publishes(
    program: Program, publisher: Agent, press: Program
) -> None:
    press.send(sent(state="published"))

    for other in (program, Program(publisher, WRITE)):
        assert fault(other.send(sent(slug="elsewhere"))) == ("needs_publisher", "", "")
        assert only(other.send(sent(texts={"en": text("Newer")})))["result"] in {"updated", "unchanged"}
    assert Article.objects.get().slug == "deposit-not-here"
    assert only(press.send({"external_id": "docs:deposit", "slug": "elsewhere"}))["result"] == "updated"


def test_nothing_that_a_colleague_wrote_is_passed_over(program: Program, publisher: Agent) -> None:
    program.send(sent())
    article = Article.objects.get()
    write(article, make_text(source="By hand."), by=publisher)
    newer = sent(texts={"en": text(source="By the program.")})

    assert fault(program.send(newer)) == ("changed_here", "", "en")
    wrong = sent(texts={"en": text(source="By the program.", based_on=1)})
    assert fault(program.send(wrong)) == ("changed_here", "", "en")
    assert of(article).newest.source == "By hand.\n"
    right = sent(texts={"en": text(source="By the program.", based_on=2)})
    assert only(program.send(right))["texts"]["en"]["revision"] == 3
    assert only(program.send(sent(texts={"en": text(source="Once more.")})))["texts"]["en"]["revision"] == 4


def test_an_article_that_was_written_here_is_taken_over_by_its_address(
    brand: Brand, program: Program, publisher: Agent
) -> None:
    article = make_published(brand, "by-hand", by=publisher)

    assert fault(program.send(sent(slug="by-hand", texts={"en": text("New")})))[0] in {
        "changed_here",
        "needs_publisher",
    }
    article.refresh_from_db()
    assert article.external_id is None
    bare = {"external_id": "docs:deposit", "slug": "by-hand"}
    assert only(program.send(bare))["result"] == "updated"
    assert only(program.send(bare))["result"] == "unchanged"
    assert fault(program.send({"external_id": "docs:other", "slug": "by-hand"}))[0] == "slug_taken"
    taken = program.send({"external_id": "docs:deposit", "texts": {"en": text("New", based_on=1)}})
    assert only(taken)["texts"]["en"]["revision"] == 2


def test_editors_see_that_a_program_writes_it(program: Program, publisher: Agent, client: Client) -> None:
    program.send(sent())
    enrol(publisher)
    sign_in(client, publisher)

    page = client.get(f"/desk/articles/{Article.objects.get().pk}/").content.decode()

    assert "Written by a program as" in page
    assert "docs:deposit" in page


def test_an_archived_article_stays_archived(press: Program, publisher: Agent) -> None:
    press.send(sent(state="published"))
    archive(article=Article.objects.get(), by=publisher)

    assert fault(press.send(sent(state="published", texts={"en": text("New")}))) == ("archived", "", "en")
    assert of(Article.objects.get()).newest.number == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"slug": None}, ("invalid", "slug", "")),
        ({"category": None}, ("invalid", "category", "")),
        ({"category": "none"}, ("unknown_category", "category", "")),
        ({"owners": {"en": "the deposits team"}}, ("invalid", "owners", "")),
        ({"owners": {"zh-hans": " \n\u3000"}}, ("invalid", "owners", "")),
        ({"owner": "nobody@xinghai.example"}, ("unknown_owner", "owner", "")),
        ({"owner": "reader@xinghai.example"}, ("unknown_owner", "owner", "")),
        ({"texts": {"en": text(" ")}}, ("invalid", "title", "en")),
        ({"texts": {"en": text("x" * 121)}}, ("invalid", "title", "en")),
        ({"texts": {"en": text(summary="x" * 301)}}, ("invalid", "summary", "en")),
        ({"state": "review", "texts": {"en": text(summary="")}}, ("invalid", "summary", "en")),
        (
            {"state": "review", "texts": {"en": text(synonyms=["one", "one", "two"])}},
            ("invalid", "synonyms", "en"),
        ),
        ({"state": "review", "texts": {"en": text(source=" ")}}, ("invalid", "source", "en")),
        ({"texts": {"en": text(source="[a](article:none)")}}, ("invalid", "source", "en")),
        ({"texts": {"en": text(source="{{ facts.none }}")}}, ("invalid", "source", "en")),
        ({"texts": {"en": text(source="![a](image:none)")}}, ("invalid", "source", "en")),
    ],
)
def test_what_has_to_be_mended_is_said_with_its_place_and_nothing_is_kept(
    changes: dict[str, Any], found: tuple[str, str, str], brand: Brand, program: Program
) -> None:
    make_agent(email="reader@xinghai.example", teams=[make_team(brand)])
    article = sent(**changes)

    answer = program.send({name: value for name, value in article.items() if value is not None})

    assert answer["failed"] == 1
    assert fault(answer) == found
    assert not Article.objects.exists()


def test_a_language_that_the_brand_has_not_is_told(brand: Brand, program: Program) -> None:
    brand.languages = ["zh-hans"]
    brand.save(update_fields=["languages"])

    assert fault(program.send(sent())) == ("unknown_language", "owners", "en")
    assert fault(program.send(sent(owners={"zh-hans": "充提团队"}))) == ("unknown_language", "", "en")


def test_who_answers_for_it_is_told_in_one_line(program: Program) -> None:
    program.send(sent(owners={"zh-hans": " 充提\n团队 ", "zh-hant": " ", "en": "the\x07\tdeposits  team"}))

    assert Article.objects.get().owners == {"zh-hans": "充提 团队", "en": "the deposits team"}


def test_one_that_fails_leaves_the_others_alone_and_itself_as_it_was(program: Program) -> None:
    program.send(sent())
    broken = sent(slug="moved", texts={"zh-hans": text("没到账"), "en": text(source="[a](article:none)")})

    answer = program.send(sent("docs:first", slug="first"), broken, sent("docs:last", slug="last"))

    assert [one["result"] for one in answer["articles"]] == ["created", "failed", "created"]
    article = Article.objects.get(external_id="docs:deposit")
    assert article.slug == "deposit-not-here"
    assert of(article, "zh-hans").newest is None


def test_articles_may_link_to_each_other_in_any_order(program: Program) -> None:
    chain = [
        sent(f"docs:{one}", slug=f"part-{one}", texts={"en": text(source=f"[on](article:part-{one + 1})")})
        for one in range(4)
    ]
    end = sent("docs:4", slug="part-4")

    answer = program.send(*chain, end)

    assert [one["result"] for one in answer["articles"]] == ["created"] * 5
    assert [one["external_id"] for one in answer["articles"]] == [f"docs:{one}" for one in range(5)]


def test_two_that_link_to_each_other_need_one_of_them_first(program: Program) -> None:
    one = sent("docs:1", slug="one", texts={"en": text(source="[on](article:two)")})
    two = sent("docs:2", slug="two", texts={"en": text(source="[on](article:one)")})

    assert program.send(one, two)["failed"] >= 1
    program.send({**one, "texts": {}}, {**two, "texts": {}})
    assert program.send(one, two)["updated"] == 2


def test_the_same_name_twice_is_told(program: Program) -> None:
    answer = program.send(sent(), sent(slug="other"))

    assert [one["result"] for one in answer["articles"]] == ["created", "failed"]
    assert answer["articles"][1]["errors"][0]["code"] == "sent_twice"


def test_an_address_that_is_somebody_elses_is_told(program: Program) -> None:
    program.send(sent(), sent("docs:other", slug="other"))

    assert fault(program.send(sent("docs:other", slug="deposit-not-here"))) == ("slug_taken", "slug", "")
    assert fault(program.send(sent("docs:third", slug="other"))) == ("slug_taken", "slug", "")


def test_control_characters_of_other_programs_are_left_out(program: Program) -> None:
    program.send(sent(texts={"en": text("De\x07posit", "a\x0bb\r\nc")}))

    newest = of(Article.objects.get()).newest
    assert (newest.title, newest.source) == ("Deposit", "ab\nc\n")


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"[]",
        b"{}",
        b'{"articles":[]}',
        b'{"articles":[{"external_id":"a\\n"}]}',
        b'{"articles":[{"external_id":"a","unknown":1}]}',
        b'{"articles":[{"external_id":"a","texts":{"de":{"title":"a","source":"b"}}}]}',
        b'{"articles":[{"external_id":"a","texts":{"en":{"title":"\\u0000","source":"b"}}}]}',
        b'{"articles":[{"external_id":"a","texts":{"en":{"title":"\\ud800","source":"b"}}}]}',
        b'{"articles":[{"external_id":"a","review_on":"2030-13-01"}]}',
        b'{"articles":[{"external_id":"a","issue_type":"kyc\\n"}]}',
        b'{"articles":[{"external_id":"a","tool":"No Tool"}]}',
        b"\xff",
        b"[" * 100_000,
        json.dumps({"articles": [{"external_id": f"a{one}"} for one in range(51)]}).encode(),
    ],
)
def test_what_is_no_such_request_is_refused_whole(body: bytes, program: Program) -> None:
    error = program.ask("put", ARTICLES, 400, data=body)["error"]

    assert error["code"] == "malformed"
    assert len(error["message"]) < 700
    assert not Article.objects.exists()


def test_a_request_is_json_and_not_too_large(program: Program) -> None:
    large = sent(texts={"en": text(source="x" * 95_000)})

    form = program.ask(
        "put", ARTICLES, 415, data="articles=", content_type="application/x-www-form-urlencoded"
    )
    assert form["error"]["code"] == "not_json"
    many = [large | {"external_id": f"docs:{one}"} for one in range(22)]
    assert program.send(*many, status=413)["error"]["code"] == "too_large"
    assert program.send(large)["created"] == 1


def test_all_articles_are_listed_by_their_numbers(brand: Brand, press: Program, publisher: Agent) -> None:
    make_published(brand, "by-hand", by=publisher)
    make_article(brand, "for-staff", by=publisher, audience="staff")
    press.send(sent(), sent("docs:other", slug="other", state="published"))

    first = press.read(limit=3)
    rest = press.read(limit=3, after=first["articles"][-1]["number"])

    assert [one["external_id"] for one in first["articles"]] == [None, None, "docs:deposit"]
    assert "limit=3&after=" in first["next"]
    assert (rest["articles"][0]["external_id"], rest["next"]) == ("docs:other", None)
    assert rest["articles"][0]["texts"]["en"] == {
        "revision": 1,
        "state": "published",
        "title": "Deposit not here",
        "published": 1,
        "archived": False,
    }
    assert first["articles"][1]["texts"] == {}


def test_what_is_read_can_be_sent_again_and_changes_nothing(press: Program) -> None:
    press.send(sent(texts={"en": text(), "zh-hans": text("没到账")}))
    number = press.read()["articles"][0]["number"]

    read = press.read(f"{ARTICLES}/{number}")

    texts = {
        language: {name: said[name] for name in ("title", "summary", "synonyms", "source")}
        for language, said in read["texts"].items()
    }
    told = {"number", "owner", "texts"}
    frame = {name: value for name, value in read.items() if name not in told}
    assert only(press.send(frame | {"texts": texts}))["result"] == "unchanged"
    assert press.read(f"{ARTICLES}/999", status=404)["error"]["code"] == "not_found"
    assert press.read(f"{ARTICLES}/99999999999999999999", status=404)["error"]["code"] == "not_found"


def test_a_list_asks_as_often_for_many_as_for_few(
    brand: Brand, press: Program, publisher: Agent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        make_published(brand, f"by-hand-{number}", by=publisher)
    press.read(limit=1)

    with django_assert_num_queries(6):
        press.read(limit=1)
    with django_assert_num_queries(6):
        press.read(limit=5)


def test_the_shape_knows_the_products_languages() -> None:
    assert set(BY_LANGUAGE["propertyNames"]["enum"]) == set(HTML_LANG)


def test_linked_first_is_each_name_once() -> None:
    def linking(name: str, *slugs: str) -> ArticleSent:
        source = " ".join(f"[x](article:{slug})" for slug in slugs)
        return ArticleSent(external_id=name, slug=name, texts={"en": TextSent(title="x", source=source)})

    loop = [linking("a", "b", "c"), linking("b", "c"), linking("c", "a"), linking("d", "d"), linking("a")]

    assert list(taking._linked_first(loop)) == [2, 1, 0, 3]
