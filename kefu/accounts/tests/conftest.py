from __future__ import annotations

import pytest

from kefu.accounts.models import Team
from kefu.accounts.tests.factories import make_brand, make_team
from kefu.brands.models import Brand


@pytest.fixture
def brand(db: None) -> Brand:
    return make_brand()


@pytest.fixture
def team(brand: Brand) -> Team:
    return make_team(brand)
