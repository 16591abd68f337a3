"""What the tests of every settings page need: a signed-in browser, the forms that a page offers, and what it costs."""

from __future__ import annotations

import html5lib
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kefu.accounts.models import Agent
from kefu.accounts.tests.factories import sign_in


def browser_of(agent: Agent) -> Client:
    """The agent's browser; their pages are in English."""
    Agent.objects.filter(pk=agent.pk).update(language="en")
    client = Client()
    sign_in(client, agent)
    return client


def fields_of(response: HttpResponse, action: str) -> dict[str, list[str]]:
    """What the form with this address would send as it stands, buttons left out."""
    page = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
    form = next(one for one in page.iter("form") if one.attrib.get("action") == action)
    fields: dict[str, list[str]] = {}
    for node in form.iter():
        name, kind = node.attrib.get("name"), node.attrib.get("type", "")
        if (
            not name
            or node.tag == "button"
            or (kind in {"radio", "checkbox"} and "checked" not in node.attrib)
        ):
            continue
        fields.setdefault(name, []).extend(_values(node))
    return fields


def queries_of(client: Client, url: str) -> int:
    """How often a page asks the database, once what is remembered between pages has been read."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def _values(node: object) -> list[str]:
    tag = getattr(node, "tag", "")
    if tag == "select":
        options = list(node.iter("option"))  # type: ignore[attr-defined]
        chosen = [one for one in options if "selected" in one.attrib] or options[:1]
        return [one.attrib.get("value", "") for one in chosen]
    if tag == "textarea":
        return [(getattr(node, "text", "") or "").removeprefix("\n")]
    return [node.attrib.get("value", "on")]  # type: ignore[attr-defined]
