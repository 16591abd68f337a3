"""What the desk's modules ask for and do, as JSON; each verb is one action."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from kefu.accounts.actions import choose_availability
from kefu.accounts.models import Agent
from kefu.accounts.policy import May, allows, require
from kefu.accounts.settings.history import page_number
from kefu.accounts.staff import staff_only
from kefu.conversations.actions import assign, reopen, resolve, save_draft
from kefu.conversations.drawing import Audience
from kefu.conversations.frames import LONGEST_TEXT
from kefu.conversations.looks import note_look
from kefu.conversations.models import Conversation
from kefu.conversations.nouns.draft import DraftKind
from kefu.conversations.snapshot import earlier
from kefu.conversations.verbs.state import CannotTake
from kefu.desk.beside import articles_for
from kefu.desk.lists import BadPlace, View, found_by
from kefu.desk.mail import letters_of
from kefu.desk.page import list_of, open_of, rows_of
from kefu.desk.rows import draw_row
from kefu.exchange.chains.reading import is_secret
from kefu.helpcentre.models import Audience as Readers
from kefu.helpcentre.models import Translation
from kefu.search.query import LONGEST_QUERY
from kefu.ui.zero_characters import is_in_json

# Longer than what may be said: whoever has written too much can go away and shorten it later.
LONGEST_DRAFT = 4 * LONGEST_TEXT
# As long as a link that is pasted.
LONGEST_SOUGHT = 500


class BadBody(ValueError):
    """The request's JSON is not what this verb takes."""


def _agent(request: HttpRequest) -> Agent:
    agent: Agent = request.agent  # type: ignore[attr-defined]
    return agent


def _seen(request: HttpRequest, ref: str) -> Conversation:
    return get_object_or_404(Conversation.objects.visible_to(_agent(request)), ref=ref)


def _body(request: HttpRequest) -> dict[str, Any]:
    # A form's body has been read as a form already.
    if request.content_type != "application/json" or is_in_json(request.body):
        raise BadBody
    try:
        return msgspec.json.decode(request.body or b"{}", type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadBody from None


def _error(code: str, status: int) -> JsonResponse:
    return JsonResponse({"error": code}, status=status)


def _row(conversation: Conversation) -> JsonResponse:
    whole = Conversation.objects.select_related("customer", "topic", "assignee").get(pk=conversation.pk)
    return JsonResponse({"row": draw_row(whole)})


@require_GET
@staff_only
def rows(request: HttpRequest, view: str) -> JsonResponse:
    if view not in set(View):
        return _error("not_found", 404)
    require(_agent(request), May.USE_DESK)
    place = request.GET.get("after")
    if place is None:
        return JsonResponse(list_of(_agent(request), View(view)))
    try:
        return JsonResponse(rows_of(_agent(request), View(view), place))
    except BadPlace:
        return _error("malformed", 400)


@require_POST
@staff_only
def found(request: HttpRequest) -> JsonResponse:
    """`{"words": "…"}`. Posted, because neither an address nor a TxID belongs in the log of requests."""
    require(_agent(request), May.USE_DESK)
    try:
        words = _body(request).get("words")
    except BadBody:
        return _error("malformed", 400)
    if not isinstance(words, str) or len(words) > LONGEST_SOUGHT:
        return _error("malformed", 400)
    if is_secret(words):
        return _error("secret", 400)
    return JsonResponse({"rows": [draw_row(one) for one in found_by(words, _agent(request))]})


@require_GET
@staff_only
def conversation(request: HttpRequest, ref: str) -> JsonResponse:
    return JsonResponse(open_of(_agent(request), _seen(request, ref)))


@require_GET
@staff_only
def letters(request: HttpRequest, ref: str) -> JsonResponse:
    return JsonResponse({"letters": letters_of(_seen(request, ref))})


@require_POST
@staff_only
def articles(request: HttpRequest, ref: str) -> JsonResponse:
    """`{"words": "…"}`; with none, what may help with what the customer said. Posted, as for `found`. Gives list items."""
    seen = _beside(request, ref)
    try:
        words = _body(request).get("words")
    except BadBody:
        return _error("malformed", 400)
    if not isinstance(words, str) or len(words) > LONGEST_QUERY:
        return _error("malformed", 400)
    if is_secret(words):
        return _error("secret", 400)
    values = {"articles": articles_for(seen, words.strip()), "language": seen.customer.language}
    return JsonResponse({"html": render_to_string("desk/articles_found.html", values)})


@require_GET
@staff_only
def article(request: HttpRequest, ref: str, pk: int) -> JsonResponse:
    """One text to read, with what puts it into the box; `pk` is the translation's."""
    seen = _beside(request, ref)
    shown = Translation.objects.shown().select_related("article__brand")
    translation = get_object_or_404(shown, pk=pk, article__brand=seen.brand_id)
    values = {
        "translation": translation,
        "address": _address_of(request, translation, seen),
        "here": getattr(request, "brand", None),
        "language": seen.customer.language,
        "may_reply": allows(_agent(request), May.REPLY, seen),
    }
    return JsonResponse({"html": render_to_string("desk/article_beside.html", values)})


def _beside(request: HttpRequest, ref: str) -> Conversation:
    visible = Conversation.objects.visible_to(_agent(request)).select_related("brand", "customer", "topic")
    seen = get_object_or_404(visible, ref=ref)
    require(_agent(request), May.READ_STAFF_ARTICLES, seen)
    return seen


def _address_of(request: HttpRequest, translation: Translation, seen: Conversation) -> str:
    """Where it is read: by everybody in its language, by staff at the desk."""
    slug = translation.article.slug
    if translation.article.audience == Readers.STAFF:
        address = reverse("staff_articles:article", args=[slug])
        return request.build_absolute_uri(f"{address}?brand={seen.brand_id}")
    with override(translation.language):
        return seen.brand.origin + reverse("helpcentre:article", args=[slug])


@require_GET
@staff_only
def earlier_events(request: HttpRequest, ref: str) -> JsonResponse:
    before = page_number(request.GET.get("before"))
    if before is None:
        return _error("malformed", 400)
    seen = _seen(request, ref)
    note_look(_agent(request), seen)
    return JsonResponse(earlier(seen, Audience.STAFF, before))


@require_POST
@staff_only
def assignee(request: HttpRequest, ref: str) -> JsonResponse:
    """`{"agent": id}` or `{"agent": null}`."""
    try:
        agent_id = _body(request).get("agent")
    except BadBody:
        return _error("malformed", 400)
    if agent_id is not None and (not isinstance(agent_id, int) or isinstance(agent_id, bool)):
        return _error("malformed", 400)
    to = Agent.objects.filter(pk=agent_id, is_active=True).first() if agent_id is not None else None
    if agent_id is not None and to is None:
        return _error("not_found", 404)
    try:
        return _row(assign(conversation=_seen(request, ref), to=to, by=_agent(request)))
    except CannotTake:
        return _error("cannot_take", 409)


@require_POST
@staff_only
def resolution(request: HttpRequest, ref: str) -> JsonResponse:
    """`{"resolved": true}` resolves, `{"resolved": false}` opens again."""
    try:
        resolved = _body(request).get("resolved")
    except BadBody:
        return _error("malformed", 400)
    if resolved is True:
        return _row(resolve(conversation=_seen(request, ref), by=_agent(request)))
    if resolved is False:
        return _row(reopen(conversation=_seen(request, ref), by=_agent(request)))
    return _error("malformed", 400)


@require_POST
@staff_only
def draft(request: HttpRequest, ref: str) -> JsonResponse:
    """`{"kind": "reply"|"note", "text": …}`; an empty text ends the draft."""
    try:
        body = _body(request)
    except BadBody:
        return _error("malformed", 400)
    kind, text = body.get("kind"), body.get("text")
    if kind not in DraftKind.values or not isinstance(text, str) or len(text) > LONGEST_DRAFT:
        return _error("malformed", 400)
    saved = save_draft(
        conversation=_seen(request, ref), by=_agent(request), kind=DraftKind(kind), content=text
    )
    return JsonResponse({"saved_at": saved.saved_at.isoformat() if saved else None})


@require_POST
@staff_only
def availability(request: HttpRequest) -> JsonResponse:
    try:
        chosen = _body(request).get("availability")
    except BadBody:
        return _error("malformed", 400)
    if chosen not in ("available", "busy", "away"):
        return _error("malformed", 400)
    agent = choose_availability(agent=_agent(request), availability=chosen)
    return JsonResponse({"availability": agent.availability})
