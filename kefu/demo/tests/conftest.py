from __future__ import annotations

import pytest

from kefu.brands.models import Brand
from kefu.demo.fill import fill_demo
from kefu.helpcentre.searchable import ARTICLES
from kefu.search.actions import reindex


@pytest.fixture
def xinghai(db: None) -> Brand:
    brand = fill_demo()
    reindex(source=ARTICLES)
    return brand
