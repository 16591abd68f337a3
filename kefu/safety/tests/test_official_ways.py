from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from kefu.brands.models import Brand
from kefu.journal.actor import SYSTEM, agent_actor
from kefu.journal.models import Entry
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

pytestmark = pytest.mark.django_db
MEI = agent_actor(7)
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


def happened():
    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


def test_a_brand_shows_its_own_ways_only_in_their_order(brand, other):
    first = add_way(brand=brand, text=MAIL, by=MEI)
    second = add_way(brand=brand, text=WayText(kind=WayKind.PHONE, value="+852 1234 5678"), by=MEI)
    add_way(brand=other, text=MAIL, by=SYSTEM)

    assert list(OfficialWay.objects.shown(brand)) == [first, second]
    order_ways(ways=[second, first], by=MEI)
    assert list(OfficialWay.objects.shown(brand)) == [second, first]
    assert list(OfficialWay.objects.shown(brand).of_kind("mail")) == [first]
    with pytest.raises(OtherBrand):
        order_ways(ways=[first, *OfficialWay.objects.shown(other)], by=MEI)


def test_a_way_has_its_name_in_each_language(brand):
    way = add_way(brand=brand, text=MAIL, by=MEI)

    assert [way.name_in(language) for language in ("zh-hans", "en", "zh-hant")] == [
        "客服邮箱",
        "Mail",
        "客服邮箱",
    ]
    assert way.good_for_in("en") == "Long stories"
    assert way.good_for_in("zh-hans") == ""


def test_every_change_leaves_an_entry_and_a_revision(brand):
    way = add_way(brand=brand, text=MAIL, by=MEI)
    change_way(way=way, text=WayText(kind=WayKind.MAIL, value="help@xinghai.example"), by=MEI)
    hide_way(way=way, by=MEI)
    show_way(way=way, by=MEI)
    remove_way(way=way, by=MEI)

    kinds = ["added", "changed", "changed", "changed", "removed"]
    assert happened() == [f"official_way.{kind}" for kind in kinds]
    revisions = list(OfficialWayRevision.objects.of_way(way.pk).order_by("pk"))
    assert [entry.payload["revision_id"] for entry in Entry.objects.order_by("pk")] == [
        one.pk for one in revisions
    ]
    assert revisions[0].before == revisions[-1].after == {}
    assert revisions[1].before["value"] == "support@xinghai.example"
    assert revisions[1].after["value"] == "help@xinghai.example"
    assert {one.actor for one in revisions} == {MEI}
    assert not OfficialWay.objects.exists()


def test_what_changes_nothing_leaves_nothing(brand):
    way = add_way(brand=brand, text=MAIL, by=MEI)

    show_way(way=way, by=MEI)
    change_way(way=way, text=MAIL, by=MEI)
    remove_way(way=way, by=MEI)
    remove_way(way=way, by=MEI)

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
    ],
)
def test_a_mistyped_way_is_refused(brand, text):
    with pytest.raises(ValidationError):
        add_way(brand=brand, text=text, by=MEI)

    assert not OfficialWay.objects.exists()
    assert happened() == []


def test_a_brand_has_each_way_once(brand, other):
    add_way(brand=brand, text=MAIL, by=MEI)
    add_way(brand=other, text=MAIL, by=MEI)

    with pytest.raises(ValidationError):
        add_way(brand=brand, text=MAIL, by=MEI)


def test_our_own_pages_are_named_by_their_path(brand):
    assert add_way(brand=brand, text=WayText(kind=WayKind.COMMUNITY, url="/zh-hans/community/"), by=MEI).pk
