"""Settings page for a person's rights: find them, hand out what we keep of them, or erase it for good."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from tempfile import TemporaryFile
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kefu.accounts.actions import erase_customer, export_customer
from kefu.accounts.models import Agent, Customer, Identity
from kefu.accounts.policy import May, Scope, allows, require
from kefu.accounts.settings.doors import agent_of_page, settings_page
from kefu.accounts.verbs.privacy import everybody_who_was, everybody_who_were
from kefu.brands.refs import read_ref
from kefu.conversations.models import Conversation
from kefu.desk.settings.called import called, is_the_same
from kefu.safety.addresses import NotAnAddress, mail_address
from kefu.safety.tokens import keyed_hash

MOST_FOUND, CASES_SHOWN = 20, 50


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("who")
@settings_page("privacy")
def search(request: HttpRequest) -> HttpResponse:
    """By a conversation's number or an address; what was typed stays out of the address bar and its logs."""
    who = request.POST.get("who", "").strip()
    if request.method != "POST":
        return render(request, "desk/privacy_search.html", {"who": ""})
    found = _called(agent_of_page(request), who)
    if len(found) == 1:
        return redirect("desk_settings:person", pk=found[0][0].pk)
    values = {"who": who, "people": _rows(found), "is_unknown": not found}
    return render(request, "desk/privacy_search.html", values, status=200 if found else 404)


@require_http_methods(["GET", "HEAD", "POST"])
@settings_page("privacy")
@reauthentication_required(app="kefu.accounts")  # type: ignore[untyped-decorator] # the library has no types
def person(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What there is of one person, and the two things that can be done with it."""
    agent, customer = agent_of_page(request), get_object_or_404(Customer, pk=pk)
    require(agent, May.EXPORT_CUSTOMER, Scope(customer.brand_id))
    present = everybody_who_was(customer)[0]
    if present.pk != customer.pk:
        # They have proven meanwhile who they are, and may be called something else.
        return redirect("desk_settings:person", pk=present.pk)
    match request.POST.get("do", ""):
        case "export":
            return _archive(customer, agent)
        case "erase" if is_the_same(request.POST.get("called", ""), _name_of(customer)):
            erase_customer(customer=customer, by=agent)
            messages.success(request, gettext("Everything of this person is erased."), extra_tags="ok")
            return redirect("desk_settings:person", pk=customer.pk)
        case "erase":
            return _page(
                request, customer, status=400, is_somebody_else=True, typed=request.POST.get("called", "")
            )
    return _page(request, customer)


def _archive(customer: Customer, agent: Agent) -> FileResponse:
    archive = TemporaryFile()  # noqa: SIM115 - the response closes it
    export_customer(customer=customer, by=agent, to=archive)
    archive.seek(0)
    name = f"kefu-customer-{customer.pk}-{now():%Y%m%d}.zip"
    return FileResponse(archive, as_attachment=True, filename=name, content_type="application/zip")


def _page(request: HttpRequest, customer: Customer, status: int = 200, **values: Any) -> HttpResponse:
    return render(request, "desk/privacy_person.html", values | {"person": _person(customer)}, status=status)


def _called(agent: Agent, who: str) -> list[list[Customer]]:
    """People, each with all that they were."""
    ref = read_ref(who)
    if ref:
        found = [one.customer for one in Conversation.objects.visible_to(agent).filter(ref=ref)]
    else:
        try:
            wanted = keyed_hash(mail_address(who))
        except NotAnAddress:
            return []
        claims = (
            Identity.objects.filter(value_hash=wanted).select_related("customer").order_by("-level", "pk")
        )
        found = [one.customer for one in claims[:MOST_FOUND]]
    people = everybody_who_were(found)
    # Whoever has proven the most comes first, as their claims did.
    people.sort(key=lambda everybody: -everybody[0].level)
    return [one for one in people if allows(agent, May.EXPORT_CUSTOMER, Scope(one[0].brand_id))]


def _rows(people: list[list[Customer]]) -> list[dict[str, Any]]:
    """What the list says of each, with one query for all of their conversations."""
    cases = Counter(
        Conversation.objects.filter(customer__in=chain.from_iterable(people)).values_list(
            "customer", flat=True
        )
    )
    return [
        {
            "customer": everybody[0],
            "level": _level(everybody[0].level),
            "number_of_cases": sum(cases[one.pk] for one in everybody),
        }
        for everybody in people
    ]


def _name_of(customer: Customer) -> str:
    return called(customer, _cases(everybody_who_was(customer)).first())


def _cases(everybody: list[Customer]) -> QuerySet[Conversation]:
    return Conversation.objects.filter(customer__in=everybody).order_by("-last_message_at", "-pk")


def _person(customer: Customer) -> dict[str, Any]:
    everybody = everybody_who_was(customer)
    cases = _cases(everybody)
    return {
        "customer": customer,
        "called": called(customer, cases.first()),
        "level": _level(customer.level),
        "identities": [
            {"value": one.value, "level": _level(one.level), "since": one.created_at}
            for one in Identity.objects.filter(customer__in=everybody).order_by("-level", "pk")
        ],
        "cases": cases[:CASES_SHOWN],
        "number_of_cases": cases.count(),
    }


def _level(level: int) -> str:
    return [
        gettext("Visitor"),
        gettext("Address typed, not proven"),
        gettext("Address proven by a code"),
        gettext("Vouched for by the platform"),
    ][level]
