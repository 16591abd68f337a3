"""A platform's user comes with a token that the platform signed, and leaves with a session of ours."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kefu.accounts.actions import NotVouched, Vouched, vouch
from kefu.accounts.customer_cookie import set_customer_cookie
from kefu.accounts.viewers import CustomerViewer
from kefu.brands.models import Brand
from kefu.exchange.refusals import Reason
from kefu.livechat.problems import not_vouched, problem, too_many
from kefu.livechat.questions import BadQuestion, IdentityRequest, read_identity
from kefu.livechat.views import own_page
from kefu.safety.limits import Limit, TooMany, take
from kefu.safety.networks import network_of
from kefu.ui.same_origin import is_same_origin

# Many users may share one address; whoever tries tokens out is stopped sooner.
BROUGHT = Limit("livechat.identity", 600, timedelta(minutes=10))
REFUSED = Limit("livechat.identity.refused", 60, timedelta(minutes=10))


@require_POST
@own_page
@csrf_exempt
def identity(request: HttpRequest) -> HttpResponse:
    """Answers 200 with `ends_at`, and with the session's token as `session` unless it is in the cookie."""
    if request.content_type != "application/json":
        return problem("refused", status=403)
    try:
        take(BROUGHT, _network(request))
        wish = read_identity(request.body)
        if wish.cookie and not is_same_origin(request):
            return problem("refused", status=403)
        vouched = vouch(brand=_brand(request), viewer=_who_is_here(request, wish), token=wish.token)
    except TooMany as refusal:
        return too_many(refusal.retry_after)
    except BadQuestion:
        return problem("malformed")
    except NotVouched as refusal:
        return _refused(request, refusal.reason)
    return _answer(vouched, wish)


def _who_is_here(request: HttpRequest, wish: IdentityRequest) -> CustomerViewer | None:
    """Whoever is to become the platform's user. A cookie counts only where it can't be somebody else's page that asks."""
    is_meant: bool = wish.cookie or request.bearer is not None  # type: ignore[attr-defined]
    viewer: CustomerViewer | None = request.viewer if is_meant else None  # type: ignore[attr-defined]
    return viewer if viewer and viewer.only_conversation_id is None else None


def _answer(vouched: Vouched, wish: IdentityRequest) -> HttpResponse:
    ends = {"ends_at": vouched.ends_at.isoformat()}
    if not wish.cookie:
        return JsonResponse(ends | {"session": vouched.token})
    response = JsonResponse(ends)
    set_customer_cookie(response, vouched.token)
    return response


def _refused(request: HttpRequest, reason: Reason) -> HttpResponse:
    try:
        take(REFUSED, _network(request))
    except TooMany as refusal:
        return too_many(refusal.retry_after)
    return not_vouched(reason.value, can_wait=reason is Reason.NO_KEYS)


def _brand(request: HttpRequest) -> Brand:
    brand: Brand | None = request.brand  # type: ignore[attr-defined]
    if brand is None:
        raise Http404
    return brand


def _network(request: HttpRequest) -> str:
    return network_of(request.META.get("REMOTE_ADDR", ""))
