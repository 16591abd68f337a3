"""A program that sends articles by a token, and what it may send; every answer is held against the API's description."""

from __future__ import annotations

from typing import Any

import jsonschema
from django.test import Client

from kefu.accounts.actions import add_agent_token
from kefu.accounts.models import Agent, TokenScope
from kefu.helpcentre.openapi import document
from kefu.journal.actor import SYSTEM

ARTICLES = "/api/v1/editor/articles"
OWNERS = {"zh-hans": "充提团队", "en": "the deposits team"}


def text(title: str = "Deposit not here", source: str = "Wait a little.", **more: Any) -> dict[str, Any]:
    said = {"summary": "Most only need to wait.", "synonyms": ["one", "two", "three"]}
    return {"title": title, "source": source} | said | more


def sent(external_id: str = "docs:deposit", **more: Any) -> dict[str, Any]:
    said = {"slug": "deposit-not-here", "category": "deposits", "owners": OWNERS, "texts": {"en": text()}}
    return {"external_id": external_id} | said | more


class Program:
    def __init__(self, agent: Agent, *scopes: TokenScope, name: str = "Docs") -> None:
        self.name = name
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.token = add_agent_token(
            agent=agent, name=name, scopes=scopes or (TokenScope.WRITE_ARTICLES,), by=SYSTEM
        ).token

    def send(self, *articles: dict[str, Any], status: int = 200, **request: Any) -> Any:
        return self.ask("put", ARTICLES, status, data={"articles": list(articles)}, **request)

    def read(self, path: str = ARTICLES, status: int = 200, **query: Any) -> Any:
        return self.ask("get", path, status, data=query)

    def ask(self, method: str, path: str, status: int, *, data: Any, **request: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} | request.pop("headers", {})
        kind = {"content_type": "application/json"} if method == "put" else {}
        asked = {"data": data, "headers": headers} | kind | request
        self.answer = getattr(self.client, method)(path, **asked)
        assert self.answer.status_code == status, self.answer.content
        assert self.answer["Content-Type"] == "application/json"
        assert self.answer["Cache-Control"] == "no-store, private"
        described = document("https://help.xinghai.example")
        place = path if path == ARTICLES else f"{ARTICLES}/{{number}}"
        schema = described["paths"][place][method]["responses"][str(status)]["content"]["application/json"]
        jsonschema.validate(
            self.answer.json(),
            schema["schema"] | {"components": described["components"]},
            format_checker=jsonschema.FormatChecker(),
        )
        return self.answer.json()


def only(answer: Any) -> Any:
    """Of the one article that was sent."""
    (taken,) = answer["articles"]
    return taken


def fault(answer: Any) -> tuple[str, str, str]:
    """Code, field and language of the one thing that is wrong."""
    (found,) = only(answer)["errors"]
    assert found["message"].endswith(".")
    return found["code"], found.get("field", ""), found.get("language", "")
