"""The chat without script: pages and forms that ask, read, answer again and rate, from the same actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST

from kefu.accounts.announcing import can_announce
from kefu.accounts.customer_cookie import set_customer_cookie
from kefu.brands.refs import read_ref
from kefu.conversations import actions
from kefu.conversations.actions import Cursor, Denied, NotResolved, Said, Say, WordsTooLong
from kefu.conversations.drawing import Audience
from kefu.conversations.models import Rating, Verdict
from kefu.conversations.plain import plain_thread
from kefu.conversations.shapes import Older, Snapshot
from kefu.conversations.snapshot import earlier, snapshot
from kefu.livechat import views
from kefu.livechat.actions import ask
from kefu.livechat.form_files import NotTaken, sent_file
from kefu.livechat.form_problems import WHOLE_FORM, problems_of
from kefu.livechat.problems import sentence, wait_sentence
from kefu.livechat.questions import BadQuestion, checked_text, question_of_form
from kefu.livechat.visit import Reading, visit_of
from kefu.livechat.window import Wish, window
from kefu.safety.limits import Limit, TooMany, take
from kefu.waiting.state import chat_state

SAID = Limit("livechat.plain.said", 30, timedelta(minutes=5))
NOTHING_EARLIER = 0


@require_http_methods(["GET", "HEAD", "POST"])
@views.own_page
def start(request: HttpRequest) -> HttpResponse:
    """Choose a topic and ask; below, the visitor's conversations."""
    if request.method != "POST":
        return _start(request, {name: request.GET.get(name, "") for name in ("topic", "read", "searched")})
    if "forget_trail" in request.POST:
        return _start(request, {name: request.POST.get(name, "") for name in ("topic", "text", "email")})
    viewer = visit_of(request).own
    try:
        question = question_of_form(_with_issue_type(request), views.language_of(""))
        views.count_question(request, viewer)
        asked = ask(
            brand=views.brand_of(request),
            viewer=viewer,
            question=question,
            language=question.language,
            asked_from=views.asked_from(request),
        )
    except TooMany as refusal:
        problems = {WHOLE_FORM: wait_sentence(refusal.retry_after)}
        return _waiting(_start(request, request.POST, problems, status=429), refusal)
    except BadQuestion as refusal:
        problems = problems_of(request.POST, brand=views.brand_of(request), refusal=refusal)
        return _start(request, request.POST, problems, status=400)
    response = redirect("livechat:plain_talk", asked.conversation.ref)
    if asked.token is not None:
        set_customer_cookie(response, asked.token)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@views.own_page
def talk(request: HttpRequest, ref: str) -> HttpResponse:
    """Read a conversation and write in it."""
    reading = _reading(request, ref)
    if request.method != "POST":
        return _talk(request, reading)
    text, file = request.POST.get("text", ""), request.FILES.get("file")
    try:
        take(SAID, str(reading.viewer.actor))
        client_id, content = checked_text(request.POST.get("client_id", ""), text, needs_words=file is None)
        address = request.META.get("REMOTE_ADDR", "")
        files = (sent_file(reading, client_id, file, address=address),) if file is not None else ()
    except TooMany as refusal:
        return _waiting(
            _talk(request, reading, typed=text, problem=wait_sentence(refusal.retry_after), status=429),
            refusal,
        )
    except BadQuestion as refusal:
        return _talk(request, reading, typed=text, problem=sentence(refusal.code), status=400)
    except NotTaken as refusal:
        return _talk(request, reading, typed=text, file_problem=refusal.words, status=400)
    said = Say(
        conversation_id=reading.conversation.pk,
        by=reading.viewer,
        client_id=client_id,
        content=content,
        files=files,
    )
    answer = actions.say([said])[0]
    if isinstance(answer, Denied):
        # Erased, or somebody else's, since the page was asked for.
        raise Http404
    if not isinstance(answer, Said):
        return _talk(request, reading, typed=text, problem=sentence("said_otherwise"), status=409)
    _mark_seen(request, reading)
    return _back(reading)


@require_POST
@views.own_page
def rate(request: HttpRequest, ref: str) -> HttpResponse:
    """Say whether it is solved, with words or without."""
    reading, verdict = _reading(request, ref), request.POST.get("verdict", "")
    words = request.POST.get("words", "")
    if verdict not in Verdict.values:
        return _talk(request, reading, words=words, rating_problem=sentence("verdict"), status=400)
    try:
        take(views.RATED, str(reading.viewer.actor))
        actions.rate(
            conversation=reading.conversation, verdict=Verdict(verdict), words=words, by=reading.viewer
        )
    except WordsTooLong:
        return _talk(request, reading, words=words, rating_problem=sentence("words_too_long"), status=400)
    except NotResolved:
        return _talk(request, reading, typed=words, problem=sentence("not_resolved"), status=409)
    except TooMany as refusal:
        problem = wait_sentence(refusal.retry_after)
        return _waiting(_talk(request, reading, words=words, rating_problem=problem, status=429), refusal)
    return _back(reading)


@require_POST
@views.own_page
def reopen(request: HttpRequest, ref: str) -> HttpResponse:
    reading = _reading(request, ref)
    try:
        take(views.RATED, str(reading.viewer.actor))
    except TooMany as refusal:
        problem = wait_sentence(refusal.retry_after)
        return _waiting(_talk(request, reading, rating_problem=problem, status=429), refusal)
    actions.reopen(conversation=reading.conversation, by=reading.viewer)
    return _back(reading)


@require_POST
@views.own_page
def link(request: HttpRequest, ref: str) -> HttpResponse:
    """One more private link, shown this once and in no address."""
    reading = _reading(request, ref)
    try:
        take(views.LINKS_MADE, str(reading.viewer.actor))
    except TooMany as refusal:
        return _waiting(
            _talk(request, reading, problem=wait_sentence(refusal.retry_after), status=429), refusal
        )
    return _talk(request, reading, link=views.link_into(request, reading.conversation, reading.viewer))


def _start(
    request: HttpRequest, typed: Any, problems: Mapping[str, str] | None = None, *, status: int = 200
) -> HttpResponse:
    values = window(
        brand=views.brand_of(request),
        visit=visit_of(request),
        language=views.language_of(""),
        wish=Wish(anew=True),
    )
    values |= {"typed": typed, "problems": problems or {}, "client_id": uuid4().hex}
    return render(request, "livechat/plain_start.html", values, status=status)


def _with_issue_type(request: HttpRequest) -> dict[str, str]:
    """What was typed, and the kind of problem that the address brought with its topic; it goes when another is chosen."""
    typed = {name: request.POST.get(name, "") for name in request.POST}
    is_still_meant = request.GET.get("topic", "") == typed.get("topic")
    return typed | {"issue_type": request.GET.get("issue", "") if is_still_meant else ""}


def _talk(request: HttpRequest, reading: Reading, *, status: int = 200, **values: Any) -> HttpResponse:
    language, conversation = views.language_of(""), reading.conversation
    request.page_path = reverse("livechat:plain_talk", args=[conversation.ref])  # type: ignore[attr-defined]
    conversation.refresh_from_db()
    shown = _shown(request, reading)
    rating = Rating.objects.filter(
        conversation=conversation, of_resolution=conversation.resolved_at or now()
    ).first()
    values = (
        shown
        | {
            "conversation": conversation,
            "state": chat_state(conversation.brand),
            "can_announce": can_announce(conversation.brand),
            "is_by_link": reading.is_by_link,
            "topic": conversation.topic.name_in(language),
            "waits_for_us": not conversation.is_resolved and not conversation.last_by_staff,
            "rating": rating,
            "client_id": uuid4().hex,
            "words": str(rating.words) if rating else "",
        }
        | values
    )
    return render(request, "livechat/plain_talk.html", values, status=status)


def _shown(request: HttpRequest, reading: Reading) -> dict[str, Any]:
    """The thread, or the hundred events before a place in it."""
    now_shown = snapshot(reading.conversation, Audience.CUSTOMER)
    before = request.GET.get("before", "")
    part: Snapshot | Older = now_shown
    if views.is_place(before):
        part = earlier(reading.conversation, Audience.CUSTOMER, int(before))
    events = part["events"]
    return {
        "thread": plain_thread(events, now_shown["cursors"], now()),
        "earlier": events[0]["seq"] if part["earlier"] else NOTHING_EARLIER,
        "is_latest": part is now_shown,
        "seen": now_shown["seq"],
    }


def _mark_seen(request: HttpRequest, reading: Reading) -> None:
    """Whoever answers has read what stood above the box; a look alone writes nothing."""
    seen = request.POST.get("seen", "")
    if views.is_place(seen):
        actions.move_cursor(
            [
                Cursor(
                    conversation_id=reading.conversation.pk,
                    by=reading.viewer,
                    delivered=int(seen),
                    seen=int(seen),
                )
            ]
        )


def _reading(request: HttpRequest, ref: str) -> Reading:
    reading = visit_of(request).reading(read_ref(ref) or "")
    if reading is None:
        raise Http404
    return reading


def _back(reading: Reading) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('livechat:plain_talk', args=[reading.conversation.ref])}#end")


def _waiting(response: HttpResponse, refusal: TooMany) -> HttpResponse:
    response.headers["Retry-After"] = str(int(refusal.retry_after.total_seconds()) or 1)
    return response
