"""Doors that were locked after wrong tries stay locked where the cache is a table, as it is without Redis."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from kefu.accounts.tests.factories import PASSWORD, code_of, cookies_of, enrol, make_agent, password_step
from kefu.accounts.viewers import agent_of
from kefu.config import env

# The row that locks this door has one of the lowest keys, which a full table throws out first.
LOW = "lin94@xinghai.example"
LOGIN, CODE = "/staff/sign-in/", "/staff/sign-in/code/"


@pytest.fixture
def _a_table(settings: Settings, db: None) -> None:
    settings.CACHES = {"default": env.cache("")}
    call_command("createcachetable")


def fail(number: int) -> None:
    """A stranger types a wrong password for an address of their own, from a network of their own."""
    Client(REMOTE_ADDR=f"198.18.{number // 250}.{number % 250}").post(
        LOGIN, {"login": f"stranger{number}@mail.example", "password": "wrong"}
    )


@pytest.mark.slow
@pytest.mark.usefixtures("_a_table")
def test_four_hundred_strangers_open_no_door_that_was_locked(client: Client) -> None:
    agent, other = make_agent(email=LOW, password=PASSWORD), make_agent(password=PASSWORD)
    secret = enrol(other)
    for _ in range(5):
        password_step(client, agent, "wrong")
    password_step(client, other)
    for _ in range(5):
        client.post(CODE, {"code": "000000"})

    for number in range(400):
        fail(number)

    answer = password_step(Client(REMOTE_ADDR="203.0.113.7"), agent)
    client.post(CODE, {"code": code_of(secret)})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors().as_data()[0].code == "too_many_login_attempts"
    assert agent_of(cookies_of(client)) is None
