from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from kefu.accounts.actions import close_agent
from kefu.accounts.models import Role
from kefu.accounts.tests.factories import make_agent, make_customer, make_team
from kefu.brands.models import Brand
from kefu.journal.actor import SYSTEM, agent_actor
from kefu.journal.models import Entry
from kefu.safety import permission
from kefu.safety.actions import (
    OtherBrand,
    WayText,
    add_way,
    change_way,
    hide_way,
    order_ways,
    remove_way,
    show_way,
)
from kefu.safety.models import OfficialWay, OfficialWayRevision, WayKind
from kefu.safety.permission import MayNotChange

pytestmark = pytest.mark.django_db
PHONE = "+852 1234 5678"
BAD_WEEKS = [
    [[7, 540, 720]],
    [[0, 720, 540]],
    [[0, 540]],
    [[0, 1440, 1500]],
    [[0, 540, 2881]],
    [[0, 540, True]],
    [[-1, 0, 9]],
]
MAIL = WayText(
    kind=WayKind.MAIL,
    value="support@xinghai.example",
    names={"zh-hans": "客服邮箱", "en": "Mail"},
    good_for={"en": "Long stories"},
)


@pytest.fixture
def brand():
    return Brand.objects.create(key="xinghai", name="星海 Exchange", prefix="XH", languages=["zh-hans"])


@pytest.fixture
def other():
    return Brand.objects.create(
        key="other", name="A very long name of an exchange" * 2, prefix="QT", languages=["en"]
    )


@pytest.fixture
def mei(brand):
    return make_agent(role=Role.ADMIN, teams=[]).actor


def happened():
    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


def test_a_brand_shows_its_own_ways_only_in_their_order(brand, other, mei):
    first = add_way(brand=brand, text=MAIL, by=mei)
    second = add_way(brand=brand, text=WayText(kind=WayKind.PHONE, value=PHONE), by=mei)
    add_way(brand=other, text=MAIL, by=SYSTEM)

    assert list(OfficialWay.objects.shown(brand)) == [first, second]
    order_ways(ways=[second, first], by=mei)
    assert list(OfficialWay.objects.shown(brand)) == [second, first]
    with pytest.raises(OtherBrand):
        order_ways(ways=[first, *OfficialWay.objects.shown(other)], by=mei)


def test_a_way_has_its_name_in_each_language(brand, mei):
    way = add_way(brand=brand, text=MAIL, by=mei)

    assert [way.name_in(language) for language in ("zh-hans", "en", "zh-hant")] == [
        "客服邮箱",
        "Mail",
        "客服邮箱",
    ]
    assert way.good_for_in("en") == "Long stories"
    assert way.good_for_in("zh-hans") == ""


def test_every_change_leaves_an_entry_and_a_revision(brand, mei):
    way = add_way(brand=brand, text=MAIL, by=mei)
    change_way(way=way, text=WayText(kind=WayKind.MAIL, value="help@xinghai.example"), by=mei)
    hide_way(way=way, by=mei)
    show_way(way=way, by=mei)
    remove_way(way=way, by=mei)

    kinds = ["added", "changed", "changed", "changed", "removed"]
    assert happened() == [f"official_way.{kind}" for kind in kinds]
    revisions = list(OfficialWayRevision.objects.of_way(way.pk).order_by("pk"))
    assert [entry.payload["revision_id"] for entry in Entry.objects.order_by("pk")] == [
        one.pk for one in revisions
    ]
    assert revisions[0].before == revisions[-1].after == {}
    assert revisions[1].before["value"] == "support@xinghai.example"
    assert revisions[1].after["value"] == "help@xinghai.example"
    assert {one.actor for one in revisions} == {mei}
    assert not OfficialWay.objects.exists()


def test_what_changes_nothing_leaves_nothing(brand, mei):
    way = add_way(brand=brand, text=MAIL, by=mei)

    show_way(way=way, by=mei)
    change_way(way=way, text=MAIL, by=mei)
    remove_way(way=way, by=mei)
    remove_way(way=way, by=mei)

    assert happened() == ["official_way.added", "official_way.removed"]


@pytest.mark.parametrize(
    "text",
    [
        WayText(kind=WayKind.MAIL, value="support@"),
        WayText(kind=WayKind.PHONE, value="12345678"),
        WayText(kind=WayKind.X, value="@xinghai", url="http://x.com/xinghai"),
        WayText(kind=WayKind.X, value="@xinghai", url="https://x.com@evil"),
        WayText(kind=WayKind.YOUTUBE, value="@xinghai", url="javascript:alert(1)"),
        WayText(kind=WayKind.FACEBOOK, value="xinghai"),
        WayText(kind=WayKind.COMMUNITY, url="javascript:alert(1)"),
        WayText(kind=WayKind.COMMUNITY, url="//evil.example/"),
        *(WayText(kind=WayKind.PHONE, value=PHONE, week=week) for week in BAD_WEEKS),
    ],
)
def test_a_mistyped_way_is_refused(brand, text, mei):
    with pytest.raises(ValidationError):
        add_way(brand=brand, text=text, by=mei)

    assert not OfficialWay.objects.exists()
    assert happened() == []


def test_a_brand_has_each_way_once(brand, other, mei):
    add_way(brand=brand, text=MAIL, by=mei)
    add_way(brand=other, text=MAIL, by=mei)

    with pytest.raises(ValidationError):
        add_way(brand=brand, text=MAIL, by=mei)


def test_our_own_pages_are_named_by_their_path(brand, mei):
    assert add_way(brand=brand, text=WayText(kind=WayKind.COMMUNITY, url="/zh-hans/community/"), by=mei).pk


def test_a_way_has_hours_of_its_own_and_saying_them_again_is_no_change(brand, mei):
    text = WayText(kind=WayKind.PHONE, value=PHONE, week=((4, 540, 720), (0, 1320, 1560)))
    way = add_way(brand=brand, text=text, by=mei)
    change_way(way=way, text=text, by=mei)

    way.refresh_from_db()
    assert way.week == [[0, 1320, 1560], [4, 540, 720]]
    assert happened() == ["official_way.added"]

    change_way(way=way, text=WayText(kind=WayKind.PHONE, value=PHONE), by=mei)
    revision = OfficialWayRevision.objects.of_way(way.pk).order_by("pk").last()
    assert (revision.before["week"], revision.after["week"]) == ([[0, 1320, 1560], [4, 540, 720]], [])


def test_mallory_changes_no_official_way(brand, mei):
    way = add_way(brand=brand, text=MAIL, by=SYSTEM)
    gone = make_agent(role=Role.ADMIN)
    close_agent(agent=gone, by=SYSTEM)
    mallories = [make_agent(role=role, teams=[make_team(brand)]).actor for role in Role if role != Role.ADMIN]
    mallories += [gone.actor, make_customer(brand=brand).actor, agent_actor(0)]
    before, told = way.written(), happened()

    for mallory in mallories:
        for change in (
            lambda by: add_way(brand=brand, text=WayText(kind=WayKind.PHONE, value=PHONE), by=by),
            lambda by: change_way(way=way, text=WayText(kind=WayKind.MAIL, value="evil@mail.example"), by=by),
            lambda by: hide_way(way=way, by=by),
            lambda by: show_way(way=way, by=by),
            lambda by: order_ways(ways=[way], by=by),
            lambda by: remove_way(way=way, by=by),
        ):
            with pytest.raises(MayNotChange):
                change(mallory)

    assert [one.written() for one in OfficialWay.objects.all()] == [before]
    assert happened() == told


def test_without_a_policy_nobody_changes_anything(brand, mei, monkeypatch):
    monkeypatch.setattr(permission, "_policy", [])

    with pytest.raises(MayNotChange):
        add_way(brand=brand, text=MAIL, by=SYSTEM)
