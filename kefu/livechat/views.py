"""The chat page, its panel, and what they ask for. Each depends on the visitor, so none is kept in a cache."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from kefu.accounts.customer_cookie import LINK_COOKIE, set_customer_cookie, set_link_cookie
from kefu.accounts.viewers import CustomerViewer, link_holder_of
from kefu.brands.models import Brand
from kefu.conversations import actions
from kefu.conversations.actions import (
    BadLink,
    Met,
    NotResolved,
    WordsTooLong,
    follow_private_link,
    make_private_link,
)
from kefu.conversations.drawing import Audience
from kefu.conversations.models import Conversation
from kefu.conversations.snapshot import earlier as earlier_events
from kefu.conversations.snapshot import snapshot
from kefu.conversations.whose import reader_of
from kefu.livechat.actions import ask
from kefu.livechat.problems import problem, too_many
from kefu.livechat.questions import BadQuestion, Question, read_question, read_rating, read_ref_of
from kefu.livechat.same_origin import from_our_pages, if_known
from kefu.livechat.visit import visit_of
from kefu.livechat.window import Wish, window
from kefu.safety.limits import Limit, TooMany, take
from kefu.safety.networks import network_of
from kefu.ui.secret_address import address_is_secret
from kefu.waiting.state import chat_state

# Many customers may share one address, a mobile network's for example; one visitor opens few conversations.
FROM_ADDRESS = Limit("livechat.open.address", 60, timedelta(minutes=10))
FROM_VISITOR = Limit("livechat.open.visitor", 10, timedelta(minutes=10))
LINKS_MADE = Limit("livechat.link.made", 10, timedelta(hours=1))
RATED = Limit("livechat.rated", 30, timedelta(hours=1))
LINKS_FOLLOWED = Limit("livechat.link.followed", 60, timedelta(minutes=10))
LARGEST_PLACE = 2**53

own_page = cache_control(no_store=True, private=True)


@require_safe
@own_page
def chat(request: HttpRequest) -> HttpResponse:
    return render(request, "livechat/chat.html", _window(request))


@require_safe
@own_page
def panel(request: HttpRequest) -> HttpResponse:
    """The same window without a page around it, for panel.js to put on any help page."""
    return render(request, "livechat/window.html", _window(request) | {"floating": True})


@require_POST
@own_page
@from_our_pages
@if_known
def open_(request: HttpRequest) -> HttpResponse:
    """Take a first question in. Answers with the conversation's snapshot and, if nobody is there now, its private link.

    Somebody new gets a cookie, or the same token as `session` if that is what they asked for.
    """
    try:
        question = read_question(request.body)
        viewer = _asks(request, question)
        count_question(request, viewer)
        asked = ask(
            brand=brand_of(request),
            viewer=viewer,
            question=question,
            language=language_of(question.language),
            asked_from=asked_from(request),
        )
    except TooMany as refusal:
        return too_many(refusal.retry_after)
    except BadQuestion as refusal:
        return problem(refusal.code)
    if question.session == "token":
        return JsonResponse(_answer(request, asked) | {"session": asked.token})
    response = JsonResponse(_answer(request, asked))
    if asked.token is not None:
        set_customer_cookie(response, asked.token)
    return response


@require_safe
@own_page
@if_known
def earlier(request: HttpRequest) -> HttpResponse:
    """The hundred events before a place in a conversation that the visitor sees."""
    before = request.GET.get("before", "")
    if not is_place(before):
        return problem("malformed")
    reading = visit_of(request).reading(request.GET.get("ref", ""))
    if reading is None:
        return problem("not_found", status=404)
    return JsonResponse(earlier_events(reading.conversation, Audience.CUSTOMER, int(before)))


@require_POST
@own_page
@from_our_pages
@if_known
def private_link(request: HttpRequest) -> HttpResponse:
    """One more private link into a conversation that the visitor sees."""
    try:
        reading = visit_of(request).reading(read_ref_of(request.body))
        if reading is None:
            return problem("not_found", status=404)
        take(LINKS_MADE, str(reading.viewer.actor))
    except BadQuestion as refusal:
        return problem(refusal.code)
    except TooMany as refusal:
        return too_many(refusal.retry_after)
    return JsonResponse({"link": link_into(request, reading.conversation, reading.viewer)})


@require_POST
@own_page
@from_our_pages
@if_known
def rate(request: HttpRequest) -> HttpResponse:
    """What the customer says of the resolution."""
    try:
        said = read_rating(request.body)
        reading = visit_of(request).reading(said.ref)
        if reading is None:
            return problem("not_found", status=404)
        take(RATED, str(reading.viewer.actor))
        actions.rate(
            conversation=reading.conversation, verdict=said.verdict, words=said.words, by=reading.viewer
        )
    except BadQuestion as refusal:
        return problem(refusal.code)
    except WordsTooLong:
        return problem("words_too_long")
    except NotResolved:
        return problem("not_resolved", status=409)
    except TooMany as refusal:
        return too_many(refusal.retry_after)
    return JsonResponse({})


@require_POST
@own_page
@from_our_pages
@if_known
def reopen(request: HttpRequest) -> HttpResponse:
    """Open a resolved conversation again without a word; writing in it does the same."""
    try:
        reading = visit_of(request).reading(read_ref_of(request.body))
        if reading is None:
            return problem("not_found", status=404)
        take(RATED, str(reading.viewer.actor))
    except BadQuestion as refusal:
        return problem(refusal.code)
    except TooMany as refusal:
        return too_many(refusal.retry_after)
    actions.reopen(conversation=reading.conversation, by=reading.viewer)
    return JsonResponse({})


@address_is_secret("no-referrer")
@require_safe
@own_page
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Swap a private link for a cookie of its own; the token stays neither in the address bar nor in a referrer.

    Who the browser's customer is doesn't change: else a link sent to somebody would make them its sender.
    """
    try:
        take(LINKS_FOLLOWED, asked_from(request))
        session = follow_private_link(token=token, brand_id=brand_of(request).pk)
    except (BadLink, TooMany) as refusal:
        return _link_is_no_use(request, refusal)
    conversation = _opened_by(session)
    response = HttpResponseRedirect(f"{reverse('livechat:chat')}?conversation={conversation.ref}")
    if reader_of(conversation.ref, visit_of(request).own) is None:
        set_link_cookie(response, session)
    return response


def count_question(request: HttpRequest, viewer: CustomerViewer | None) -> None:
    """Raises TooMany."""
    take(FROM_ADDRESS, asked_from(request))
    if viewer is not None:
        take(FROM_VISITOR, str(viewer.actor))


def _opened_by(session: str) -> Conversation:
    holder = link_holder_of({LINK_COOKIE: session})
    assert holder is not None  # noqa: S101 - the session was made just now
    conversation: Conversation = Conversation.objects.belonging_to(holder).get()
    return conversation


def _link_is_no_use(request: HttpRequest, refusal: BadLink | TooMany) -> HttpResponse:
    response = render(request, "livechat/bad_link.html", {"is_too_many": isinstance(refusal, TooMany)})
    response.status_code = 429 if isinstance(refusal, TooMany) else 404
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(int(refusal.retry_after.total_seconds()) or 1)
    return response


def _window(request: HttpRequest) -> dict[str, Any]:
    wish = Wish(
        ref=request.GET.get("conversation", ""),
        topic=request.GET.get("topic", ""),
        anew="new" in request.GET,
        issue_type=request.GET.get("issue", ""),
    )
    values = window(brand=brand_of(request), visit=visit_of(request), language=language_of(""), wish=wish)
    if wish.ref and not values["conversation"]:
        # Of whom it is, and whether there is one, nobody reads here; so it goes no further either.
        request.page_query = ""  # type: ignore[attr-defined]
    return values | {"host": request.get_host(), "plain_url": _plain_url(request, values)}


def _plain_url(request: HttpRequest, values: dict[str, Any]) -> str:
    """The same without script: the conversation that is open, else the form with its topic chosen."""
    if values["conversation"]:
        return reverse("livechat:plain_talk", args=[values["conversation"].ref]) + "#end"
    brought = {name: request.GET.get(name, "") for name in ("read", "searched")} | {
        "issue": values["issue_type"]
    }
    query = urlencode(
        {name: value for name, value in ({"topic": values["topic"]} | brought).items() if value}
    )
    return reverse("livechat:plain") + (f"?{query}" if query else "")


def _asks(request: HttpRequest, question: Question) -> CustomerViewer | None:
    """Who keeps their token themselves is not known by a cookie that happens to be there, nor told what it opens."""
    is_by_cookie: bool = request.bearer is None  # type: ignore[attr-defined]
    return None if is_by_cookie and question.session == "token" else visit_of(request).own


def _answer(request: HttpRequest, asked: Met) -> dict[str, Any]:
    conversation = asked.conversation
    is_open = chat_state(conversation.brand).kind == "open"
    return {
        "ref": conversation.ref,
        "snapshot": snapshot(conversation, Audience.CUSTOMER),
        "link": None if is_open else link_into(request, conversation, asked.viewer),
    }


def link_into(request: HttpRequest, conversation: Conversation, viewer: CustomerViewer) -> str:
    token = make_private_link(conversation=conversation, viewer=viewer)
    return request.build_absolute_uri(reverse("livechat:link", args=[token]))


def is_place(typed: str) -> bool:
    """Whether this is a place in a thread; a number of any length costs nothing."""
    return typed.isascii() and typed.isdigit() and len(typed) < len(str(LARGEST_PLACE))


def brand_of(request: HttpRequest) -> Brand:
    brand: Brand | None = request.brand  # type: ignore[attr-defined]
    if brand is None:
        raise Http404
    return brand


def language_of(wished: str) -> str:
    known = {code for code, _ in settings.LANGUAGES}
    return wished if wished in known else (get_language() or settings.LANGUAGE_CODE)


def asked_from(request: HttpRequest) -> str:
    """The network that one customer has, or many."""
    return network_of(request.META.get("REMOTE_ADDR", ""))
