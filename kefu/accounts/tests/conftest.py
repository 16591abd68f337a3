from __future__ import annotations

import pytest

from kefu.accounts.models import Agent, Team
from kefu.accounts.tests.device import Device, add_passkey, browser_at_home
from kefu.accounts.tests.factories import PASSWORD, enrol, half_sign_in, make_agent, make_brand, make_team
from kefu.brands.models import Brand


@pytest.fixture
def brand(db: None) -> Brand:
    return make_brand()


@pytest.fixture
def team(brand: Brand) -> Team:
    return make_team(brand)


@pytest.fixture
def agent(team: Team) -> Agent:
    return make_agent(email="lin.jiahe@xinghai.example", password=PASSWORD)


@pytest.fixture
def secret(agent: Agent) -> str:
    """The key of the agent's authenticator."""
    return enrol(agent)


@pytest.fixture
def device(agent: Agent) -> Device:
    """The agent's passkey, their only second factor."""
    device, browser = Device(), browser_at_home()
    half_sign_in(browser, agent)
    assert add_passkey(browser, device).status_code == 302
    return device
