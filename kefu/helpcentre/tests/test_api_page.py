"""What the operators' page about the API shows is what works."""

from __future__ import annotations

import json
import re
import shlex
import textwrap
from urllib.parse import urlsplit

import pytest

from kefu.accounts.actions import MOST_DAYS, USUAL_DAYS
from kefu.accounts.models import TokenScope
from kefu.brands.models import Brand
from kefu.config.running.choices import CHECKOUT
from kefu.helpcentre import api
from kefu.helpcentre.programs import views
from kefu.helpcentre.programs.shapes import MOST_ARTICLES
from kefu.helpcentre.tests.factories import make_editor, make_shelf
from kefu.helpcentre.tests.programs import Program

pytestmark = pytest.mark.parametrize("page", ["api.en.md", "api.zh.md"])


def text_of(page: str) -> str:
    return (CHECKOUT / "docs/operators" / page).read_text()


def shown(page: str, beginning: str) -> str:
    """The indented block that begins so."""
    blocks = re.findall(r"(?:^    .*\n)+", text_of(page), re.MULTILINE)
    return next(textwrap.dedent(one) for one in blocks if one.strip().startswith(beginning))


def test_the_example_with_curl_works(page: str, brand: Brand) -> None:
    brand.hosts = ["support.acme.example", "testserver"]
    brand.save(update_fields=["hosts"])
    make_shelf(brand)
    program = Program(make_editor(brand))
    articles = json.loads(shown(page, "{"))

    command = shlex.split(shown(page, "curl").replace("$TOKEN", program.token))
    flags = dict(zip(command[4::2], command[5::2], strict=True))
    headers = dict(
        value.split(": ", 1) for name, value in zip(command[4::2], command[5::2], strict=True) if name == "-H"
    )
    assert (command[:2], flags["--data-binary"]) == (["curl", "-X"], "@articles.json")

    def run() -> list[str]:
        answer = program.client.generic(
            command[2],
            urlsplit(command[3]).path,
            json.dumps(articles),
            content_type=headers["Content-Type"],
            headers={"Authorization": headers["Authorization"]},
        )
        return [one["result"] for one in answer.json()["articles"]]

    assert run() == ["created"]
    assert run() == ["unchanged"]


def test_the_scopes_and_figures_are_those_of_today(page: str) -> None:
    words = text_of(page).replace(",", "")

    assert set(re.findall(r"^\| `(articles:\w+)`", words, re.MULTILINE)) == set(TokenScope)
    for figure in (
        USUAL_DAYS,
        MOST_DAYS,
        MOST_ARTICLES,
        views.READ.times,
        views.WRITTEN.times,
        api.READ.times,
        api.SEARCHED.times,
        views.LARGEST_BODY // 1_000_000,
    ):
        assert re.search(rf"\b{figure}\b", words), figure


def test_the_commands_are_those_that_there_are(page: str) -> None:
    lines = shown(page, "bin/kefu token add").splitlines()

    assert [line.split()[2] for line in lines] == ["add", "list", "revoke"]
