"""Two brands may have a topic of the same key; each conversation's is named as its own brand names it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kefu.conversations.tests.factories import House, make_conversation, make_house
from kefu.desk.lists import View
from kefu.desk.page import start_of
from kefu.desk.rows import draw_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses() -> tuple[House, House]:
    house, other = make_house(), make_house("yinhe", "YH")
    other.topic.names = {"zh-hans": "登录问题"}
    other.topic.save()
    house.mei.teams.add(other.team)
    return house, other


def test_each_row_has_the_name_that_its_own_brand_gives_the_topic(houses: tuple[House, House]) -> None:
    rows = [draw_row(make_conversation(house)) for house in houses]

    with translation.override("zh-hans"):
        start = start_of(houses[0].mei, View.UNASSIGNED, None)

    assert [row["topic"] for row in rows] == ["account", "account"]
    names = [start["topics"][start["brands"][row["team"]]][row["topic"]] for row in rows]
    assert names == ["账户与资产", "登录问题"]


def test_two_brands_cost_no_more_questions_than_one(houses: tuple[House, House]) -> None:
    house, other = houses

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            start_of(house.mei, View.UNASSIGNED, None)
        return len(asked)

    both = cost()
    house.mei.teams.remove(other.team)

    assert both == cost()
