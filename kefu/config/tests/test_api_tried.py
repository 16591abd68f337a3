"""The API tried by schemathesis: what its description allows and what it does not, a bounded number of each, in this process.

Every answer is held against the description, and a token is never what makes it break.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import connection
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.generation.case import Case

from kefu.accounts.models import Knowledge, TokenScope
from kefu.accounts.tests.factories import make_agent, make_brand, make_team
from kefu.helpcentre.models import Article, Revision
from kefu.helpcentre.openapi import document
from kefu.helpcentre.tests.factories import make_published, make_shelf
from kefu.helpcentre.tests.programs import Program

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ORIGIN = "http://testserver"
EXAMPLES = 20
OPERATIONS = [
    (path, method) for path, operations in document(ORIGIN)["paths"].items() for method in operations
]


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Program:
    """Of a publisher, with two articles to read, and no limit on how often it asks."""
    brand = make_brand(hosts=["testserver"])
    publisher = make_agent(teams=[make_team(brand)], knowledge=Knowledge.PUBLISHES)
    make_shelf(brand)
    for slug in ("deposit-not-here", "coin-memo"):
        make_published(brand, slug, by=publisher, languages=tuple(brand.languages))
    # As Django's own client does: the test's transaction outlives each request.
    for signal in (request_started, request_finished):
        monkeypatch.setattr(signal, "receivers", [])
        signal.sender_receivers_cache.clear()
    if connection.vendor == "postgresql":
        # The first example takes seconds to think of, within the test's transaction.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    monkeypatch.setattr("kefu.helpcentre.api_answers.take", lambda _limit, _key: None)
    monkeypatch.setattr("kefu.accounts.bearer.take", lambda _limit, _key: None)
    return Program(publisher, *TokenScope)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_as_its_description_says(
    path: str, method: str, mode: GenerationMode, program: Program
) -> None:
    schema: Any = schemathesis.openapi.from_dict(document(ORIGIN))
    schema.app = WSGIHandler()
    schema.config.update(base_url=ORIGIN)
    # A name in a query that we do not know is passed over, as browsers' own are; who comes in is tried by tests of their own.
    schema.config.generation.update(
        allow_x00=False, allow_extra_parameters=False, with_security_parameters=False
    )
    cases = schema[path][method].as_strategy(generation_mode=mode)
    fitted = cases.map(_fit) if mode is GenerationMode.POSITIVE else cases

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=fitted)
    def ask(case: Case) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {program.token}"})

    ask()
    if (method, mode) == ("put", GenerationMode.POSITIVE):
        assert Article.objects.filter(external_id__isnull=False).exists()
        assert Revision.objects.filter(note=program.name).exists()


def _fit(case: Case) -> Case:
    """What is sent gets a frame with which it comes in, else nearly all would fail for the same reason."""
    articles = case.body.get("articles") if isinstance(case.body, dict) else None
    for place, one in enumerate(articles or ()):
        one["slug"] = one.get("slug") or f"tried-{place}"
        one["category"], one["owners"] = "deposits", {"zh-hans": "充提团队"}
        for text in one.get("texts", {}).values():
            # 1.0 is a whole number to JSON Schema; here a number of a revision is written as one.
            text["based_on"] = int(text["based_on"]) if text.get("based_on") is not None else None
            text["note"] = ""
    return case
