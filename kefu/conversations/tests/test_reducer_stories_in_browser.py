"""H1: each rule of the reducer by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from kefu.conversations.tests.stories import check_frames, differences, serve_stories

pytestmark = pytest.mark.journey


def test_each_story_of_the_reducer_ends_as_it_should(page: Page) -> None:
    serve_stories(page)

    assert differences(page) == []
    assert check_frames(page) > 200
