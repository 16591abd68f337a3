"""How long the page cache keeps a page, what makes it forget, and how many draw one at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from kefu.brands.models import Brand
from kefu.config.tests.kept_house import BRAND, OTHER, Answer, House, drawn, house, own_addresses
from kefu.journal.models import Entry

__all__ = ["house", "own_addresses"]
pytestmark = pytest.mark.usefixtures("own_addresses")


def entry(kind: str, *, brand: Brand | None = None, conversation_id: int | None = None) -> Entry:
    return Entry(
        kind=kind, actor_kind="system", brand_id=brand.pk if brand else None, conversation_id=conversation_id
    )


@pytest.mark.parametrize(
    "kind",
    ["article.published", "official_way.changed", "waiting.week_set", "brand.changed", "topic.added", "new"],
)
def test_a_change_that_pages_show_makes_it_forget_them(house: House, kind: str) -> None:
    house.get("/en/common/")
    house.kept.hear([entry(kind, brand=BRAND)])
    house.get("/en/common/")

    assert len(drawn) == 2


def test_a_page_that_is_asked_for_again_after_it_was_forgotten_may_still_hold(house: House) -> None:
    tag = house.get("/en/ending/").headers["etag"]
    house.kept.hear([entry("article.published", brand=BRAND)])

    assert house.get("/en/ending/", if_none_match=tag).status == 304
    assert len(drawn) == 2


def test_what_people_say_and_do_leaves_pages_as_they_are(house: House) -> None:
    house.get("/en/common/")
    house.kept.hear(
        [
            entry("conversation.message", brand=BRAND, conversation_id=1),
            entry("customer.met", brand=BRAND),
            entry("agent.signed_in"),
            entry("letter.sent", brand=BRAND),
        ]
    )
    house.get("/en/common/")

    assert len(drawn) == 1


def test_a_brand_forgets_its_own_pages_only(house: House) -> None:
    house.get("/en/common/")
    house.get("/en/common/", host="127.0.0.1")

    house.kept.hear([entry("article.published", brand=OTHER)])
    house.get("/en/common/")
    assert len(drawn) == 2
    house.get("/en/common/", host="127.0.0.1")
    assert len(drawn) == 3


def test_what_changes_while_a_page_is_drawn_keeps_it_from_being_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = house.kept.draw

    async def with_a_change(*asked: Any) -> None:
        await draw(*asked)
        house.kept.hear([entry("article.published", brand=BRAND)])

    monkeypatch.setattr(house.kept, "draw", with_a_change)
    house.get("/en/common/")

    assert len(house.kept.shelf) == 0


def test_nothing_is_kept_while_changes_are_not_heard_of(house: House) -> None:
    house.hears_changes = False
    house.get("/en/common/")

    assert len(house.kept.shelf) == 0


def test_a_page_ends_to_hold_with_what_it_shows_and_after_a_minute(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = {"at": 1_000.0}
    monkeypatch.setattr("kefu.config.kept.pages.time.monotonic", lambda: clock["at"])
    house.get("/en/ending/", x_holds="30")
    house.get("/en/common/")

    clock["at"] += 29
    house.get("/en/ending/")
    assert drawn.count("ending") == 1
    clock["at"] += 2
    house.get("/en/ending/")
    assert drawn.count("ending") == 2
    clock["at"] += 28
    house.get("/en/common/")
    assert drawn.count("/en/common/") == 1
    clock["at"] += 1
    house.get("/en/common/")
    assert drawn.count("/en/common/") == 2


def test_many_who_ask_for_a_forgotten_page_at_once_have_it_drawn_once(house: House) -> None:
    house.get("/en/common/")
    house.kept.hear([entry("article.published", brand=BRAND)])

    async def crowd() -> list[Answer]:
        return await asyncio.gather(*(house.ask("/en/common/") for _ in range(20)))

    answers = house.loop.run_until_complete(crowd())

    assert len(drawn) == 2
    assert {answer.status for answer in answers} == {200}


def slow(draw: Callable[..., Any], seconds: float) -> Callable[..., Any]:
    async def drawing(*asked: Any) -> None:
        await asyncio.sleep(seconds)
        await draw(*asked)

    return drawing


def test_nobody_waits_for_another_whose_page_is_not_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.get("/en/common/")
    house.get("/en/private/")
    monkeypatch.setattr(house.kept, "draw", slow(house.kept.draw, 0.2))

    async def crowd() -> float:
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*(house.ask("/en/private/") for _ in range(5)))
        return asyncio.get_running_loop().time() - began

    house.loop.run_until_complete(crowd())

    assert house.kept._drawing == {}
    assert drawn.count("private") == 6
