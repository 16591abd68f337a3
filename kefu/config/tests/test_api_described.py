"""The API's description against the addresses that there are, the policy's verbs, and the doors that Mallory tries."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from kefu.accounts.models import TokenScope
from kefu.accounts.policy import VERB_OF_SCOPE, May
from kefu.brands.models import Brand
from kefu.config.tests.mallory.of_articles import PROGRAM_DOORS
from kefu.config.urls import urlpatterns
from kefu.helpcentre.openapi import document

METHODS = {"get", "put", "post", "patch", "delete"}
# Not described: the description itself, and what is at no address.
NOT_DESCRIBED = {"api_openapi", "api_nothing_here"}
# By pages, by scripts of our own pages and by sockets, and by no token: a customer's own, a conversation's, a setting's.
NOT_BY_TOKEN = {
    May.READ_CONVERSATION,
    May.START_CONVERSATION,
    May.PROVE_ADDRESS,
    May.CHOOSE_PHRASE,
    May.BE_VOUCHED_FOR,
    May.READ_DEPOSIT,
    May.SAY,
    May.REPLY,
    May.NOTE,
    May.ASSIGN,
    May.RESOLVE,
    May.REOPEN,
    May.RATE,
    May.USE_DESK,
    May.CHOOSE_AVAILABILITY,
    May.CHANGE_SETTINGS,
    May.READ_JOURNAL,
    May.MANAGE_AGENTS,
    May.EXPORT_CUSTOMER,
    May.ERASE_CUSTOMER,
    # Staff's own articles are read by token as drafts are.
    May.READ_STAFF_ARTICLES,
}


def described() -> dict[str, dict[str, Any]]:
    return document("https://help.xinghai.example")["paths"]


def addresses() -> dict[str, str]:
    """By the name of the view, as the description writes them."""
    found = {}
    for one in urlpatterns:
        if isinstance(one, URLPattern) and str(one.pattern).startswith("api/v1/"):
            found[str(one.name)] = re.sub(r"<\w+:(\w+)>", r"{\1}", f"/{one.pattern}")
    return {name: path for name, path in found.items() if name not in NOT_DESCRIBED}


def test_every_address_is_described_and_no_other() -> None:
    assert sorted(addresses().values()) == sorted(described())


@pytest.mark.django_db
def test_every_method_that_an_address_takes_is_described_and_no_other() -> None:
    Brand.objects.create(key="xinghai", name="星海", prefix="XH", hosts=["testserver"])
    for path, operations in described().items():
        allowed = Client().generic("PATCH", re.sub(r"{\w+}", "1", path)).headers["Allow"]
        assert set(allowed.lower().split(", ")) - {"head"} == operations.keys() & METHODS, path


def test_every_scope_is_one_verb_of_the_policy() -> None:
    assert set(VERB_OF_SCOPE) == set(TokenScope)
    assert len(set(VERB_OF_SCOPE.values())) == len(TokenScope)
    assert set(VERB_OF_SCOPE.values()) | NOT_BY_TOKEN == set(May)
    assert set(VERB_OF_SCOPE.values()) & NOT_BY_TOKEN == set()


def test_what_a_door_asks_the_policy_is_what_its_description_says() -> None:
    """By path and method, each set of scopes that is enough for some of it."""
    said = {
        (path, method): [
            {VERB_OF_SCOPE[TokenScope(scope)] for scope in some["agentToken"]} for some in one["security"]
        ]
        for path, operations in described().items()
        for method, one in operations.items()
        if "security" in one
    }
    tried: dict[tuple[str, str], set[May]] = {}
    for door in PROGRAM_DOORS:
        tried.setdefault((addresses()[door.view], door.method.lower()), set()).add(door.verb)

    assert {place: set().union(*sets) for place, sets in said.items()} == tried


def test_whatever_needs_no_token_only_reads() -> None:
    for path, operations in described().items():
        for method, one in operations.items():
            assert "security" in one or method == "get", f"{method} {path}"
