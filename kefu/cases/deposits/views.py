"""The tracer's page. Nothing that is typed here is kept before a case is filed, and no address of ours ever holds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from kefu.accounts.customer_cookie import set_customer_cookie
from kefu.accounts.viewers import CustomerViewer
from kefu.brands.models import Brand
from kefu.cases.actions import NotAnAddress, NotOpened, NoTopic, file_case
from kefu.cases.deposits.browser import browser_data
from kefu.cases.deposits.filing import filing_of
from kefu.cases.deposits.form import OTHER_COIN, Checked, read
from kefu.cases.deposits.standings import Told
from kefu.cases.deposits.tracing import Answer, trace
from kefu.cases.deposits.words import address_sentences, say
from kefu.conversations.actions import Met
from kefu.exchange import ledger
from kefu.exchange.chains.catalogue import catalogue, networks_of
from kefu.exchange.chains.checks import check_address
from kefu.safety.limits import Limit, TooMany, take
from kefu.safety.networks import network_of

# Many people may share one address; who tries TxIDs out is stopped sooner.
TRACED_FROM_ADDRESS = Limit("cases.deposit.traced.address", 60, timedelta(minutes=10))
TRACED_BY_VISITOR = Limit("cases.deposit.traced.visitor", 20, timedelta(minutes=10))
FILED_FROM_ADDRESS = Limit("cases.deposit.filed.address", 30, timedelta(minutes=10))
FILED_BY_VISITOR = Limit("cases.deposit.filed.visitor", 10, timedelta(minutes=10))
CHECKED_FROM_ADDRESS = Limit("cases.deposit.checked", 600, timedelta(minutes=10))

own_page = cache_control(no_store=True, private=True)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
@sensitive_post_parameters()
def deposit(request: HttpRequest) -> HttpResponse:
    """Look a deposit up; when that is done, file a case about it."""
    if request.method != "POST":
        return _page(request, _empty(request))
    checked = read(request.POST.dict())
    if checked.problems:
        return _page(request, checked, status=400)
    try:
        if request.POST.get("do") != "file":
            return _page(request, checked, answer=_traced(request, checked))
        return _file(request, checked)
    except TooMany as refusal:
        page = _page(request, checked, problem=_wait(refusal.retry_after), status=429)
        page.headers["Retry-After"] = str(max(1, ceil(refusal.retry_after.total_seconds())))
        return page


@require_POST
@own_page
@sensitive_post_parameters()
def address(request: HttpRequest) -> HttpResponse:
    """What there is to say of an address before the form is sent: its checksum needs more than a browser should load."""
    _brand(request)
    try:
        take(CHECKED_FROM_ADDRESS, _network(request))
    except TooMany:
        return JsonResponse({}, status=429)
    typed = {name: request.POST.get(name, "") for name in ("address", "coin", "network")}
    coin = "" if typed["coin"] == OTHER_COIN else typed["coin"]
    said = say(check_address(typed["address"], coin=coin, network=typed["network"]), address_sentences())
    return JsonResponse({"tone": said.tone, "text": said.text, "key": said.key} if said else {})


def _traced(request: HttpRequest, checked: Checked) -> Answer:
    """Raises TooMany."""
    if checked.is_internal:
        return Answer(Told.INTERNAL)
    if not checked.first_network:
        return Answer(Told.UNREADABLE)
    if not checked.coin:
        return Answer(Told.NOT_CONNECTED)
    viewer = _viewer(request)
    take(TRACED_FROM_ADDRESS, _network(request))
    if viewer is not None:
        take(TRACED_BY_VISITOR, str(viewer.actor))
    return trace(
        brand=_brand(request),
        viewer=viewer,
        coin=checked.coin,
        network=checked.first_network,
        txid=checked.txid_on(checked.first_network),
        is_sure=checked.network is not None,
    )


def _file(request: HttpRequest, checked: Checked) -> HttpResponse:
    """Raises TooMany."""
    viewer, answer = _viewer(request), _traced(request, checked)
    if answer.needs_confirming and not request.POST.get("is_txid"):
        problem = gettext("Confirm that this is a TxID, so that no private key is kept by mistake.")
        return _page(request, checked, answer=answer, is_txid_problem=problem, status=400)
    take(FILED_FROM_ADDRESS, _network(request))
    if viewer is not None:
        take(FILED_BY_VISITOR, str(viewer.actor))
    try:
        filed = file_case(
            brand=_brand(request),
            viewer=viewer,
            filing=filing_of(checked, answer, asked_from=_network(request)),
            language=get_language() or "",
        )
    except NotAnAddress:
        wrong = gettext("That is not a complete e-mail address. Correct it, or leave it empty.")
        checked = replace(checked, problems=checked.problems | {"email": wrong})
        return _page(request, checked, answer=answer, status=400)
    except NoTopic:
        problem = gettext("We take no cases here at the moment. What you typed is still here.")
        return _page(request, checked, answer=answer, problem=problem, status=409)
    except NotOpened:
        problem = gettext("No case was opened. What you typed is still here: send it once more.")
        # With the id that was refused it would be refused for ever.
        anew = replace(checked, typed=checked.typed | {"client_id": uuid4().hex})
        return _page(request, anew, answer=answer, problem=problem, status=409)
    return _opened(filed)


def _opened(filed: Met) -> HttpResponse:
    response = redirect(f"{reverse('livechat:chat')}?conversation={filed.conversation.ref}")
    if filed.token is not None:
        set_customer_cookie(response, filed.token)
    return response


def _page(
    request: HttpRequest,
    checked: Checked,
    *,
    answer: Answer | None = None,
    problem: str = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    values = {
        "typed": checked.typed,
        "problems": checked.problems,
        "said": {name: one for name, one in checked.said.items() if name not in checked.problems},
        "coins": catalogue().coins.values(),
        "other_coin": OTHER_COIN,
        "networks": networks_of(checked.coin),
        "chosen": checked.network,
        "answer": answer,
        "can_file": answer is not None or checked.has_more,
        "problem": problem,
        "is_connected": ledger.source() is not None,
        "examples": _examples(get_language() or ""),
        "is_known": _viewer(request) is not None,
        "for_script": browser_data(),
    }
    return render(request, "cases/deposit.html", values | more, status=status)


def _examples(language: str) -> list[dict[str, str]]:
    networks = catalogue().networks
    return [
        {
            "txid": one.txid,
            "coin": one.coin,
            "network": one.network,
            "on": networks[one.network].name,
            "says": one.labels.get(language, ""),
        }
        for one in ledger.examples()
        if one.network in networks
    ]


def _empty(request: HttpRequest) -> Checked:
    """As an example of the page's, or an article, wishes it to begin; a TxID comes by no address."""
    checked = read({"coin": request.GET.get("coin", ""), "network": request.GET.get("network", "")})
    return Checked(checked.typed, checked.txid, checked.address, checked.network)


def _wait(retry_after: timedelta) -> str:
    minutes = ceil(max(1, ceil(retry_after.total_seconds())) / 60)
    words = ngettext(
        "That was too often. Please try again in a minute; what you wrote is kept.",
        "That was too often. Please try again in %(count)d minutes; what you wrote is kept.",
        minutes,
    )
    return words % {"count": minutes}


def _network(request: HttpRequest) -> str:
    return network_of(request.META.get("REMOTE_ADDR", ""))


def _viewer(request: HttpRequest) -> CustomerViewer | None:
    viewer: CustomerViewer | None = request.viewer  # type: ignore[attr-defined]
    return viewer


def _brand(request: HttpRequest) -> Brand:
    brand: Brand | None = request.brand  # type: ignore[attr-defined]
    if brand is None:
        raise Http404
    return brand
