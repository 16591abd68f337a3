from __future__ import annotations

import pytest
from django.http import HttpResponse

from kefu.brands.middleware import brand_of_host
from kefu.brands.models import Brand

pytestmark = pytest.mark.django_db


def test_a_host_belongs_to_the_brand_that_names_it():
    first = Brand.objects.create(
        key="a", name="星海 Exchange", prefix="XH", hosts=["help.a.example"], languages=["zh-hans"]
    )
    second = Brand.objects.create(
        key="b", name="Other", prefix="QT", hosts=["help.b.example"], languages=["en"]
    )

    assert Brand.objects.of_host("help.b.example") == second
    assert Brand.objects.of_host("help.a.example") == first
    assert Brand.objects.of_host("localhost") == first


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("help.b.example", "b"),
        ("HELP.b.Example", "b"),
        ("help.b.example.", "b"),
        ("Help.B.Example.:8443", "b"),
        ("[fd00::7]:8000", "b"),
        ("[FD00::7]", "b"),
        ("help.a.example", "a"),
        ("other.example", "a"),
    ],
)
def test_however_a_browser_writes_the_host_it_is_the_same_brand(rf, settings, asked, key):
    settings.ALLOWED_HOSTS = ["help.a.example", "help.b.example", "other.example", "[fd00::7]"]
    Brand.objects.create(key="a", name="星海 Exchange", prefix="XH", hosts=["help.a.example"])
    Brand.objects.create(key="b", name="Other", prefix="QT", hosts=["help.b.example", "[fd00::7]"])
    request = rf.get("/", headers={"host": asked})

    brand_of_host(lambda _: HttpResponse())(request)

    assert request.brand.key == key


def test_before_there_is_a_brand_there_is_none():
    assert Brand.objects.of_host("localhost") is None
