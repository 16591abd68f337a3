"""My cases: what this customer has asked, here and on other devices once they prove their address."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.accounts.actions import (
    CodeProblem,
    Gone,
    NoPhrase,
    NotProven,
    choose_phrase,
    prove_by_code,
)
from kefu.accounts.actions import leave as end_session_of
from kefu.accounts.announcing import can_announce
from kefu.accounts.customer_cookie import clear_customer_cookies, set_customer_cookie
from kefu.accounts.models import Customer, Identity, Level, OneTimeCode
from kefu.accounts.viewers import CustomerViewer
from kefu.brands.models import Brand
from kefu.brands.refs import read_ref
from kefu.cases.actions import AskedFor, NoMail, ask_to_prove
from kefu.cases.rows import rows_of
from kefu.cases.transcripts import as_text
from kefu.conversations import actions
from kefu.conversations.actions import NoAddress, NotResolved, WordsTooLong, ask_for_transcript
from kefu.conversations.models import Conversation, Verdict
from kefu.safety.addresses import NotAnAddress, masked
from kefu.safety.limits import Limit, TooMany, take
from kefu.safety.networks import network_of
from kefu.ui.languages import Language
from kefu.ui.middleware import chosen_zone
from kefu.ui.zones import zone_called

CASES_A_PAGE = 20
TRANSCRIPTS = Limit("cases.transcripts", times=10, per=timedelta(hours=1))
ENDINGS = Limit("cases.endings", times=30, per=timedelta(hours=1))
TRIES_FROM_ADDRESS = Limit("cases.code.tries", times=30, per=timedelta(minutes=10))


@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    return _mine(request)


@require_POST
@never_cache
@sensitive_post_parameters("email")
def address(request: HttpRequest) -> HttpResponse:
    """Send a code to the address; whoever is new here becomes a customer by this."""
    typed = request.POST.get("email", "")
    try:
        asked = ask_to_prove(
            brand=_brand(request),
            viewer=_viewer(request),
            email=typed,
            language=get_language() or "",
            client=request.META.get("REMOTE_ADDR", ""),
        )
    except NotAnAddress:
        return _mine(request, problem="address", typed=typed, status=400)
    except Gone:
        return redirect("cases:mine")
    except NoMail:
        return _mine(request, problem="no_mail", typed=typed, status=409)
    except TooMany as refusal:
        response = _mine(request, problem="too_many", typed=typed, status=429)
        response.headers["Retry-After"] = str(int(refusal.retry_after.total_seconds()) or 1)
        return response
    response = redirect("cases:code")
    _keep(response, asked)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("code")
def code(request: HttpRequest) -> HttpResponse:
    viewer = _viewer(request)
    sent = _code_of(viewer)
    if viewer is None or sent is None:
        return _without_code(request)
    if request.method != "POST":
        return _code(request, sent)
    try:
        take(TRIES_FROM_ADDRESS, network_of(request.META.get("REMOTE_ADDR", "")))
    except TooMany:
        return _code(request, sent, problem="too_many", status=429)
    proof = prove_by_code(viewer=viewer, typed=request.POST.get("code", "")[:40])
    if proof is CodeProblem.ENDED:
        return _mine(request, problem="ended", typed=sent.identity.value, status=400)
    if proof is CodeProblem.WRONG:
        return _code(request, sent, problem="wrong", status=400)
    response = redirect("cases:mine")
    set_customer_cookie(response, proof)
    return response


@require_POST
@never_cache
@sensitive_post_parameters("phrase")
def phrase(request: HttpRequest) -> HttpResponse:
    """Choose what stands in every letter of ours; an empty field takes it away."""
    viewer = _viewer(request)
    if viewer is None:
        return redirect("cases:mine")
    typed = request.POST.get("phrase", "")
    try:
        choose_phrase(viewer=viewer, phrase=typed)
    except NoPhrase as refusal:
        return _mine(request, phrase_problem=refusal.reason, phrase=typed, status=400)
    except NotProven:
        return _mine(request, status=403)
    return redirect(f"{reverse('cases:mine')}#phrase")


@require_safe
@never_cache
def transcript_file(request: HttpRequest, ref: str) -> HttpResponse:
    conversation = _own(request, ref)
    # No script draws its moments anew, as on the page, so what the reader's device told us counts unless they chose.
    own = zone_called(conversation.customer.zone) if chosen_zone(request) is None else None
    with timezone.override(own or timezone.get_current_timezone()):
        text = as_text(conversation, get_language() or "")
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{conversation.ref}.txt"'
    return response


@require_POST
@never_cache
def transcript_by_mail(request: HttpRequest, ref: str) -> HttpResponse:
    """Send the conversation to the address that the customer has proven."""
    conversation, viewer = _own(request, ref), _viewer(request)
    assert viewer is not None  # noqa: S101 - somebody's own conversation has somebody
    if not can_announce(conversation.brand):
        return _mine(request, status=409)
    try:
        take(TRANSCRIPTS, str(viewer.actor))
        ask_for_transcript(viewer=viewer, conversation=conversation, language=Language(get_language() or ""))
    except NoAddress:
        return _mine(request, status=403)
    except TooMany as refusal:
        response = _mine(request, said_of=conversation.ref, said="too_many", status=429)
        response.headers["Retry-After"] = str(int(refusal.retry_after.total_seconds()) or 1)
        return response
    return _mine(request, said_of=conversation.ref, said="on_its_way")


@require_POST
@never_cache
def rate(request: HttpRequest, ref: str) -> HttpResponse:
    """Say whether a resolved case is solved; an empty field of words takes earlier ones away."""
    conversation, viewer = _own(request, ref), _viewer(request)
    assert viewer is not None  # noqa: S101 - somebody's own conversation has somebody
    verdict, words = request.POST.get("verdict", ""), request.POST.get("words")
    try:
        take(ENDINGS, str(viewer.actor))
        actions.rate(conversation=conversation, verdict=Verdict(verdict), words=words, by=viewer)
    except ValueError as refusal:
        said = "too_long" if isinstance(refusal, WordsTooLong) else "no_verdict"
        return _mine(request, said_of=conversation.ref, said=said, words=words or "", status=400)
    except NotResolved:
        return _mine(request, said_of=conversation.ref, said="open_again", words=words or "", status=409)
    except TooMany as refusal:
        return _too_many_endings(request, conversation, refusal)
    return redirect(f"{reverse('cases:mine')}?rated={conversation.ref}#{conversation.ref}")


@require_POST
@never_cache
def reopen(request: HttpRequest, ref: str) -> HttpResponse:
    """Open a resolved case again; twice is harmless."""
    conversation, viewer = _own(request, ref), _viewer(request)
    assert viewer is not None  # noqa: S101 - somebody's own conversation has somebody
    try:
        take(ENDINGS, str(viewer.actor))
    except TooMany as refusal:
        return _too_many_endings(request, conversation, refusal)
    actions.reopen(conversation=conversation, by=viewer)
    return redirect(f"{reverse('cases:mine')}?case={conversation.ref}#{conversation.ref}")


def _too_many_endings(request: HttpRequest, conversation: Conversation, refusal: TooMany) -> HttpResponse:
    words = request.POST.get("words", "")
    response = _mine(request, said_of=conversation.ref, said="too_many_endings", words=words, status=429)
    response.headers["Retry-After"] = str(int(refusal.retry_after.total_seconds()) or 1)
    return response


@require_POST
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """Forget on this device whom we know there, and what a private link has opened."""
    for viewer in (_viewer(request), _link_holder(request)):
        if viewer is not None:
            end_session_of(viewer=viewer)
    response = redirect("cases:mine")
    clear_customer_cookies(response)
    if not request.POST.get("forgotten"):
        # No script has taken away what they wrote there, so the browser shall: all of it, with what its owner chose.
        response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _mine(request: HttpRequest, *, status: int = 200, **what: str) -> HttpResponse:
    """`what` was typed and went wrong (problem, typed, phrase_problem, phrase), or is of one case (said_of, said, words)."""
    request.page_path = reverse("cases:mine")  # type: ignore[attr-defined]
    viewer, language = _viewer(request), get_language() or ""
    own = Conversation.objects.belonging_to(viewer) if viewer else Conversation.objects.none()
    ordered = own.select_related("topic", "case_file").order_by("-last_message_at", "-pk")
    rated, case = (read_ref(request.GET.get(name, "")) or "" for name in ("rated", "case"))
    number = _page_of(own, what.get("said_of") or rated or case) or request.GET.get("page")
    page = Paginator(ordered, CASES_A_PAGE).get_page(number)
    values = {
        "rows": rows_of(page, language),
        "cases": page,
        "proven": _proven(viewer),
        "is_known": viewer is not None,
        "has_link": _link_holder(request) is not None,
        "can_write": can_announce(_brand(request)),
        "problem": "",
        "phrase": _phrase(viewer),
        "rated": rated,
    }
    return render(request, "cases/mine.html", values | what, status=status)


def _page_of(own: QuerySet[Conversation], ref: str) -> int | None:
    """Where this case of theirs stands: something is said of it, so it has to be seen."""
    case = own.filter(ref=ref).first() if ref else None
    if case is None:
        return None
    at = case.last_message_at
    newer = own.filter(Q(last_message_at__gt=at) | Q(last_message_at=at, pk__gt=case.pk))
    return newer.count() // CASES_A_PAGE + 1


def _code(request: HttpRequest, sent: OneTimeCode, *, problem: str = "", status: int = 200) -> HttpResponse:
    values = {"to": masked(sent.identity.value), "email": sent.identity.value, "problem": problem}
    return render(request, "cases/code.html", values, status=status)


def _without_code(request: HttpRequest) -> HttpResponse:
    """Digits that come too late are answered in words, unless their address is proven already or none was ever sent."""
    viewer = _viewer(request)
    if request.method != "POST" or viewer is None or _proven(viewer):
        return redirect("cases:mine")
    codes = OneTimeCode.objects.filter(customer_id=viewer.customer_id).select_related("identity")
    last = codes.order_by("-pk").first()
    if last is None:
        return redirect("cases:mine")
    return _mine(request, problem="ended", typed=last.identity.value, status=400)


def _keep(response: HttpResponse, asked: AskedFor) -> None:
    if asked.token is not None:
        set_customer_cookie(response, asked.token)


def _code_of(viewer: CustomerViewer | None) -> OneTimeCode | None:
    if viewer is None:
        return None
    codes = OneTimeCode.objects.living().filter(customer_id=viewer.customer_id)
    return codes.select_related("identity").order_by("-pk").first()


def _proven(viewer: CustomerViewer | None) -> str:
    """The address by which we know them, masked; "" while they have proven none."""
    best = Identity.objects.mail_of(viewer.customer_id) if viewer else None
    return masked(best.value) if best and best.level >= Level.PROVEN else ""


def _own(request: HttpRequest, ref: str) -> Conversation:
    viewer = _viewer(request)
    own = Conversation.objects.belonging_to(viewer) if viewer else Conversation.objects.none()
    return get_object_or_404(own.select_related("topic", "brand", "customer"), ref=read_ref(ref))


def _phrase(viewer: CustomerViewer | None) -> str:
    customer = Customer.objects.filter(pk=viewer.customer_id).first() if viewer else None
    return customer.phrase if customer else ""


def _viewer(request: HttpRequest) -> CustomerViewer | None:
    viewer: CustomerViewer | None = request.viewer  # type: ignore[attr-defined]
    return viewer


def _link_holder(request: HttpRequest) -> CustomerViewer | None:
    holder: CustomerViewer | None = request.link_holder  # type: ignore[attr-defined]
    return holder


def _brand(request: HttpRequest) -> Brand:
    brand: Brand | None = request.brand  # type: ignore[attr-defined]
    if brand is None:
        raise Http404
    return brand
