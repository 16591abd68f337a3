"""What a colleague decides at the desk stays, whatever a program sends: each field of the frame, and each text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client

from kefu.accounts.models import Agent
from kefu.brands.models import Brand
from kefu.helpcentre.actions import change_frame
from kefu.helpcentre.frame import Frame
from kefu.helpcentre.models import Article, Revision
from kefu.helpcentre.programs import taking
from kefu.helpcentre.tests.factories import make_published, make_shelf, make_text, write
from kefu.helpcentre.tests.programs import ARTICLES, OWNERS, Program, fault, only, sent, text


def frame_set_by(agent: Agent, **changes: Any) -> Article:
    article = Article.objects.select_related("brand", "category", "owner").get()
    return change_frame(article=article, frame=replace(Frame.of(article), **changes), by=agent)


def faults(answer: Any) -> list[tuple[str, str]]:
    return [(one["code"], one["field"]) for one in only(answer)["errors"]]


def test_an_article_that_a_colleague_renamed_and_kept_for_staff_stays_so(
    press: Program, publisher: Agent, client: Client
) -> None:
    usual = sent(state="published", audience="public")
    press.send(usual)
    frame_set_by(publisher, slug="for-us", audience="staff")

    for article in (usual, usual | {"texts": {"en": text(source="Newer.")}}):
        assert faults(press.send(article)) == [("changed_here", "slug"), ("changed_here", "audience")]

    article = Article.objects.get()
    assert (article.slug, article.audience) == ("for-us", "staff")
    assert client.get("/en/articles/deposit-not-here/").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(
    ("field", "said", "here"),
    [
        ("slug", "by-program", {"slug": "by-hand"}),
        ("audience", "public", {"audience": "staff"}),
        ("owners", OWNERS | {"en": "the program's team"}, {"owners": OWNERS | {"en": "our team"}}),
        ("issue_type", "fiat_in", {"issue_type": "kyc"}),
        ("issue_type", "", {"issue_type": "none"}),
        ("tool", "deposit", {"tool": "other"}),
        ("tool", "", {"tool": "other"}),
        ("review_on", "2031-01-01", {"review_on": date(2032, 1, 1)}),
    ],
)
def test_what_a_colleague_set_is_changed_by_a_program_only_after_it_has_said_the_same(
    field: str, said: Any, here: dict[str, Any], program: Program, publisher: Agent
) -> None:
    program.send(sent())
    frame_set_by(publisher, **here)
    number = Article.objects.get().number
    sending = {"external_id": "docs:deposit", field: said}

    assert fault(program.send(sending)) == ("changed_here", field, "")
    standing = Frame.of(Article.objects.get()).written()[field]
    assert f"Read article {number}," in only(program.send(sending))["errors"][0]["message"]
    assert only(program.send(sending | {field: standing}))["result"] == "unchanged"
    assert only(program.send(sending))["result"] == "updated"
    assert Frame.of(Article.objects.get()).written()[field] == said


def test_the_shelf_and_the_owner_that_a_colleague_chose_stay(
    brand: Brand, program: Program, writer: Agent, publisher: Agent
) -> None:
    other = make_shelf(brand)
    other.pk, other.key = None, "other"
    other.save()
    program.send(sent(owner=writer.email))
    frame_set_by(publisher, category=other, owner=publisher)

    assert faults(program.send(sent(owner=writer.email))) == [
        ("changed_here", "category"),
        ("changed_here", "owner"),
    ]
    article = Article.objects.get()
    assert (article.category, article.owner) == (other, publisher)


def test_a_field_that_the_program_never_sent_is_its_own_to_send_until_a_colleague_sets_it(
    program: Program, publisher: Agent
) -> None:
    program.send(sent())
    assert only(program.send(sent(audience="staff")))["result"] == "updated"
    frame_set_by(publisher, owner=publisher)

    assert only(program.send(sent(texts={"en": text(source="Newer.")})))["result"] == "updated"
    assert Article.objects.get().owner == publisher


def test_a_program_changes_again_and_again_what_only_it_has_set(program: Program) -> None:
    for slug in ("one", "two", "one", "three"):
        assert only(program.send(sent(slug=slug)))["result"] in {"created", "updated"}


def test_of_an_article_that_was_written_here_the_frame_stays_as_well(
    brand: Brand, press: Program, publisher: Agent
) -> None:
    make_published(brand, "by-hand", by=publisher)
    usual = {"external_id": "docs:deposit", "slug": "by-hand", "owners": OWNERS}

    assert fault(press.send(usual)) == ("changed_here", "owners", "")
    assert Article.objects.get().external_id is None
    press.send({"external_id": "docs:deposit", "slug": "by-hand"})
    assert fault(press.send(usual)) == ("changed_here", "owners", "")
    read = press.read(f"{ARTICLES}/{Article.objects.get().number}")
    assert (
        only(press.send({"external_id": "docs:deposit", "owners": read["owners"]}))["result"] == "unchanged"
    )
    assert only(press.send(usual))["result"] == "updated"


@pytest.mark.parametrize(("state", "verb"), [("review", "send_to_review"), ("published", "publish")])
def test_a_colleague_who_saves_between_two_steps_of_an_article_is_told_of_with_all_the_others(
    state: str, verb: str, press: Program, publisher: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.send(sent(), sent("docs:last", slug="last"))
    real = getattr(taking, verb)

    def after_a_colleague(*, revision: Revision, **more: Any) -> Revision:
        article = revision.translation.article
        if article.external_id == "docs:deposit":
            write(article, make_text(source="By hand."), by=publisher)
        return real(revision=revision, **more)

    monkeypatch.setattr(taking, verb, after_a_colleague)

    answer = press.send(sent(state=state), sent("docs:last", slug="last", state=state))

    assert [one["result"] for one in answer["articles"]] == ["failed", "updated"]
    (found,) = answer["articles"][0]["errors"]
    assert (found["code"], found["language"]) == ("changed_here", "en")
