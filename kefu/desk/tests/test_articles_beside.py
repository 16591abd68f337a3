"""L5: an agent finds, reads and passes on articles beside the reply; what is for staff alone leads no customer anywhere."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from kefu.accounts.models import Role
from kefu.conversations.actions import Say, say
from kefu.conversations.models import Conversation, Message
from kefu.conversations.tests.factories import (
    House,
    make_agent,
    make_client_id,
    make_conversation,
    make_house,
    reply_to,
    viewer_of,
)
from kefu.conversations.tests.queries import asking
from kefu.desk.tests.test_desk import at_desk
from kefu.helpcentre.actions import archive
from kefu.helpcentre.models import Article, Audience
from kefu.helpcentre.searchable import ARTICLES
from kefu.helpcentre.tests.factories import make_admin, make_published, make_text, of
from kefu.journal.actor import SYSTEM
from kefu.search.actions import reindex

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = ("zh-hans", "en")


class Desk:
    """A house with articles, and an agent at a conversation with a customer who reads simplified Chinese."""

    def __init__(self, said: str = "你好") -> None:
        self.house: House = make_house()
        self.admin = make_admin(self.house.brand)
        self.deposit = self.article("deposit", "充币还没到账", BOTH)
        self.english = self.article("deposit-delay", "Deposit delay", ("en",))
        self.staff = self.article("manual", "人工入账步骤", BOTH, audience=Audience.STAFF)
        reindex(source=ARTICLES)
        self.case: Conversation = make_conversation(self.house, text=said)
        self.client: Client = at_desk(self.house.mei)

    def article(self, slug: str, title: str, languages: tuple[str, ...], **more: object) -> Article:
        text = make_text(title, "先看**区块浏览器**。", summary=f"{title}怎么办")
        return make_published(self.house.brand, slug, by=self.admin, text=text, languages=languages, **more)

    def said(self, text: str) -> None:
        by = viewer_of(self.case)
        say([Say(conversation_id=self.case.pk, by=by, client_id=make_client_id(), content=text)])

    def ask(self, body: object):
        address = reverse("desk:articles", args=[self.case.ref])
        return self.client.post(address, json.dumps(body), content_type="application/json")

    def found(self, words: str = "") -> list[str]:
        answer = self.ask({"words": words})
        assert answer.status_code == 200, answer.content
        return re.findall("<b[^>]*>(.*?)</b>", answer.json()["html"])

    def read(self, article: Article, language: str = "zh-hans"):
        return self.client.get(reverse("desk:article", args=[self.case.ref, of(article, language).pk]))


def test_articles_of_both_kinds_are_found_the_customers_language_first():
    desk = Desk()

    assert desk.found("充币没到账") == ["充币还没到账"]
    assert desk.found("deposit")[-1] == "Deposit delay"
    html = desk.ask({"words": "人工入账"}).json()["html"]
    assert "人工入账步骤" in html
    assert "Staff only" in html or "仅限员工" in html
    assert desk.found("zzzqqq") == []


def test_what_the_customer_said_last_suggests_articles():
    desk = Desk("我充的币还没有到账")

    assert desk.found()[0] == "充币还没到账"


def test_what_colleagues_said_and_what_was_erased_suggests_nothing():
    desk = Desk("嗯")
    say([reply_to(desk.case, desk.house.mei, "人工入账")])
    desk.said("充币没到账")
    Message.objects.filter(text__contains="充币").update(erased_at="2026-01-01T00:00:00Z")

    assert desk.found() == []


def test_a_placeholder_is_not_looked_for():
    desk = Desk()
    desk.article("secrets", "secret mnemonic", ("en",))
    reindex(source=ARTICLES)
    desk.said("legal winner thank year wave sausage worth useful legal winner thank yellow")

    assert desk.found("secret mnemonic") == ["secret mnemonic"]
    assert desk.found() == []


def test_an_article_is_read_in_place_with_the_address_that_its_reader_opens():
    desk = Desk()

    html = unescape(desk.read(desk.deposit).json()["html"])

    assert "<strong>区块浏览器</strong>" in html
    assert f'data-address="{desk.house.brand.origin}/zh-hans/articles/deposit/"' in html
    assert 'data-put="reply"' in html
    english = desk.read(desk.english, "en").json()["html"]
    assert "/en/articles/deposit-delay/" in english
    assert "globe" in english


def test_what_is_for_staff_alone_goes_into_a_note_only():
    desk = Desk()

    html = desk.read(desk.staff).json()["html"]

    assert 'data-put="reply"' not in html
    assert 'data-put="note"' in html
    address = f"{reverse('staff_articles:article', args=['manual'])}?brand={desk.house.brand.pk}"
    assert f'data-address="http://testserver{address}"' in html


def test_an_auditor_reads_and_puts_nothing_anywhere():
    desk = Desk()
    desk.client = at_desk(make_agent(desk.house.team, "Grace", Role.AUDITOR))

    html = desk.read(desk.deposit).json()["html"]

    assert "充币还没到账" in html
    assert "data-put" not in html


def test_no_article_of_another_house_or_that_is_gone_is_read():
    desk = Desk()
    north = make_house("north", "NB")
    other = make_published(north.brand, "theirs", by=make_admin(north.brand))

    assert desk.read(other, "en").status_code == 404
    archive(article=desk.deposit, by=SYSTEM)
    assert desk.read(desk.deposit).status_code == 404
    assert "充币还没到账" not in desk.found("充币没到账")


@pytest.mark.slow
@pytest.mark.parametrize("body", [{}, {"words": 7}, {"words": None}, [], {"words": "x" * 201}])
def test_what_is_no_question_is_refused(body):
    assert Desk().ask(body).status_code == 400


def test_a_key_of_a_wallet_is_not_looked_for():
    answer = Desk().ask({"words": "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"})

    assert (answer.status_code, answer.json()) == (400, {"error": "secret"})


@pytest.mark.slow
@pytest.mark.parametrize("more", [0, 6])
def test_searching_asks_as_often_for_many_as_for_few(more):
    desk = Desk()
    for number in range(more):
        desk.article(f"more-{number}", f"充币没到账 {number}", BOTH)
    reindex(source=ARTICLES)
    desk.found("充币没到账")

    with asking() as asked:
        assert len(desk.found("充币没到账")) == 1 + more

    asked.of(sqlite=10, postgresql=10)


def test_reading_asks_little():
    desk = Desk()
    address = reverse("desk:article", args=[desk.case.ref, of(desk.deposit, "zh-hans").pk])
    desk.client.get(address)

    with asking() as asked:
        desk.client.get(address)

    asked.of(sqlite=6, postgresql=6)
