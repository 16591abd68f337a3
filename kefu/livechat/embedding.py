"""The chat inside other people's pages: a frame that knows nobody by a cookie, and the way out into a window of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kefu.accounts.actions import end_session, offer_session, offered, take_session_over
from kefu.accounts.customer_cookie import set_customer_cookie, set_link_cookie
from kefu.accounts.models import Customer
from kefu.accounts.viewers import CustomerViewer
from kefu.brands.models import Brand
from kefu.brands.refs import read_ref
from kefu.conversations.models import Conversation
from kefu.livechat.problems import problem, too_many
from kefu.livechat.same_origin import from_our_pages, if_known
from kefu.livechat.views import own_page
from kefu.livechat.visit import Visit
from kefu.livechat.window import Wish, window
from kefu.safety.limits import Limit, TooMany, take
from kefu.ui.middleware import content_policy
from kefu.ui.same_origin import is_same_origin
from kefu.ui.tools import tool_called
from kefu.ui.zones import zone_called

HANDED_OVER = Limit("livechat.hand_over", 20, timedelta(minutes=10))
THEMES = {"light", "dark"}
View = Callable[[HttpRequest], HttpResponse]


def without_cookies(view: View) -> View:
    """Where the browser would send cookies all the same, the page is as if it had not."""

    @wraps(view)
    def seen(request: HttpRequest) -> HttpResponse:
        request.COOKIES = {}
        with timezone.override(zone_called(_brand(request).zone)):
            return view(request)

    return seen


@require_safe
@own_page
@without_cookies
def frame(request: HttpRequest) -> HttpResponse:
    """The window as anybody sees it; its script then asks for that of the customer whose token it keeps."""
    brand = _brand(request)
    theme = request.GET.get("theme", "")
    values = _window(request, Visit(None, None)) | {
        "theme": theme if theme in THEMES else "",
        "origins": json.dumps(brand.origins),
    }
    response = render(request, "livechat/frame.html", values)
    response.headers["Content-Security-Policy"] = content_policy(framed_by=brand.origins)
    # A host page that isolates itself takes only frames that say so, and whose own parts all come from one place.
    response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
@own_page
@if_known
@without_cookies
def frame_window(request: HttpRequest) -> HttpResponse:
    """The window of the customer whose token comes along, for the frame to put in its place."""
    own: CustomerViewer | None = request.viewer if _is_by_token(request) else None  # type: ignore[attr-defined]
    return render(request, "livechat/window.html", _window(request, Visit(own, None)))


@require_POST
@own_page
@from_our_pages
@if_known
def hand_over(request: HttpRequest) -> HttpResponse:
    """A code with which the same customer may go on in a window of ours, once and within a minute."""
    customer, viewer = _customer(request), request.viewer  # type: ignore[attr-defined]
    session = customer.sessions.filter(pk=viewer.session_id).first() if customer else None
    if session is None:
        return problem("signed_out", status=401)
    try:
        take(HANDED_OVER, str(viewer.actor))
    except TooMany as refusal:
        return too_many(refusal.retry_after)
    return JsonResponse({"code": offer_session(session=session)})


@require_POST
@own_page
@csrf_exempt
def take_over(request: HttpRequest) -> HttpResponse:
    """Swap the code for a cookie, and go on in the chat or in the tool that is named.

    Who the browser's own customer is already, stays who they are, as behind a private link.
    """
    tool = tool_called(request.POST.get("tool", ""))
    chat = reverse(tool.url_name if tool else "livechat:chat")
    code, ref = request.POST.get("code", ""), read_ref(request.POST.get("ref", "")) or ""
    # Another site could else make its visitors somebody whose conversations it reads.
    session = offered(code=code, brand_id=_brand(request).pk) if is_same_origin(request) else None
    if session is None:
        return HttpResponseRedirect(chat)
    conversation = Conversation.objects.filter(customer_id=session.customer_id, ref=ref).first()
    own: CustomerViewer | None = request.viewer  # type: ignore[attr-defined]
    is_theirs = own is None or own.customer_id == session.customer_id
    if not is_theirs and conversation is None:
        return HttpResponseRedirect(chat)
    only = None if is_theirs or conversation is None else conversation.pk
    token = take_session_over(session=session, only_conversation_id=only)
    is_to_read = conversation is not None and tool is None
    response = HttpResponseRedirect(f"{chat}?conversation={ref}" if is_to_read else chat)
    if token is not None:
        (set_customer_cookie if is_theirs else set_link_cookie)(response, token)
    return response


@require_POST
@own_page
@from_our_pages
@if_known
def leave(request: HttpRequest) -> HttpResponse:
    """End the session whose token comes along."""
    customer = _customer(request)
    if customer is not None:
        end_session(customer=customer, token=request.bearer)  # type: ignore[attr-defined]
    return JsonResponse({})


def _customer(request: HttpRequest) -> Customer | None:
    """By the token alone; a cookie has its own ways."""
    viewer: CustomerViewer | None = request.viewer  # type: ignore[attr-defined]
    return Customer.objects.get(pk=viewer.customer_id) if viewer and _is_by_token(request) else None


def _is_by_token(request: HttpRequest) -> bool:
    return request.bearer is not None  # type: ignore[attr-defined]


def _window(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    wish = Wish(request.GET.get("conversation", ""), request.GET.get("topic", ""), "new" in request.GET)
    values = window(brand=_brand(request), visit=visit, language=get_language() or "", wish=wish)
    return values | {"framed": True, "plain_url": reverse("livechat:plain")}


def _brand(request: HttpRequest) -> Brand:
    brand: Brand | None = request.brand  # type: ignore[attr-defined]
    if brand is None:
        raise Http404
    return brand
