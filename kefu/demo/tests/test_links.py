"""No page of the demo has a link that leads nowhere."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from kefu.brands.models import Brand
from kefu.helpcentre.models import Article, Category
from kefu.safety.models import OfficialWay

ANCHOR = re.compile(r"<a\s[^>]*>")
# What stands in a template is filled when it is copied; its own test looks at where it leads then.
TEMPLATE = re.compile(r"<template\b.*?</template>", re.DOTALL)
FULL_HREF = re.compile(r'\shref="[^"#\s][^"]*"|\shref="#[^"]+"')


def pages() -> list[str]:
    categories = [f"topics/{category.key}/" for category in Category.objects.all()]
    articles = [f"articles/{article.slug}/" for article in Article.objects.all()]
    return ["", *categories, *articles, "search/?q=USDT", "contact/", "chat/", "check/", "cases/"]


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_every_link_leads_somewhere(xinghai: Brand, client: Client, language: str) -> None:
    for page in pages():
        answer = client.get(f"/{language}/{page}")

        anchors = ANCHOR.findall(TEMPLATE.sub("", answer.content.decode()))
        assert answer.status_code == 200, page
        assert anchors
        assert [anchor for anchor in anchors if not FULL_HREF.search(anchor)] == [], page


@pytest.mark.usefixtures("xinghai")
def test_an_account_with_an_address_is_linked_and_one_without_is_named(client: Client) -> None:
    OfficialWay.objects.filter(kind="x").update(url="https://x.example/xinghai")

    page = client.get("/en/contact/").content.decode()

    accounts = re.search(r'<ul class="socials".*?</ul>', page, re.DOTALL)
    assert accounts
    assert re.findall(r'<a href="([^"]*)"', accounts[0]) == ["https://x.example/xinghai"]
    assert accounts[0].count('class="account"') == 3
