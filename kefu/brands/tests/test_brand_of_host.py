from __future__ import annotations

import pytest

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


def test_before_there_is_a_brand_there_is_none():
    assert Brand.objects.of_host("localhost") is None
