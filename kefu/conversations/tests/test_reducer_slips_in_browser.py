"""Each slip in the browser's reducer is noticed by one of the reducer's stories."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Route

from kefu.conversations.tests.browser import TYPES, a_browser, serve_files
from kefu.conversations.tests.stories import REDUCER, differences, serve_stories
from tests.mutants.reducer import SLIPS

pytestmark = pytest.mark.journey

SOURCE = Path(str(finders.find("conversations/reducer.js"))).read_text(encoding="utf-8")


class Reducer:
    """The reducer as the page gets it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.source = SOURCE
        serve_files(page, {"/blank": "<!doctype html><title>blank</title>"})
        serve_stories(page)
        page.route(REDUCER, self._answer)

    def _answer(self, route: Route) -> None:
        route.fulfill(body=self.source, content_type=TYPES[".js"])


@pytest.fixture(scope="module")
def reducer() -> Iterator[Reducer]:
    with a_browser() as browser:
        yield Reducer(browser.new_page())


def test_without_any_slip_all_stories_end_as_they_should(reducer: Reducer) -> None:
    reducer.source = SOURCE

    assert differences(reducer.page) == []


@pytest.mark.parametrize("slip", SLIPS, ids=[f"{there} → {instead}" for there, instead in SLIPS])
def test_a_slip_is_noticed(reducer: Reducer, slip: tuple[str, str]) -> None:
    there, instead = slip
    assert SOURCE.count(there) == 1, "the reducer was changed here: change this slip with it"

    reducer.source = SOURCE.replace(there, instead)

    assert differences(reducer.page) != []
