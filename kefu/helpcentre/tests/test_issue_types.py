"""What an article says its readers come with, from the editor's form to the link into the chat."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kefu.accounts.tests.settings_pages import browser_of, fields_of
from kefu.brands.models import Brand
from kefu.helpcentre.models import Article
from kefu.helpcentre.tests.factories import make_editor, make_published


@pytest.mark.parametrize(
    ("issue_type", "says", "carried"),
    [
        ("kyc", "Identity verification", "issue=kyc"),
        ("none", "None of them fits", ""),
        ("", "Not said yet", ""),
    ],
)
def test_whoever_still_needs_help_takes_along_what_the_article_says_they_come_with(
    brand: Brand, issue_type: str, says: str, carried: str
) -> None:
    editor = make_editor(brand)
    article = make_published(brand, "deposit", by=editor)
    desk, page = browser_of(editor), f"/desk/articles/{article.pk}/"
    desk.post(
        f"{page}frame/", fields_of(desk.get(f"{page}frame/"), f"{page}frame/") | {"issue_type": issue_type}
    )

    read = Client().get("/en/articles/deposit/").content.decode()

    assert Article.objects.get().issue_type == issue_type
    assert f"<dd>{says}</dd>" in desk.get(page).content.decode()
    assert re.findall(r"/chat/\?[^\"]*(issue=\w+)", read) == ([carried] * 2 if carried else [])
