"""Who comes in by a token: known by it alone, within its scopes, and no more often than its limits.

A session's cookie opens nothing here, and a token in an address is refused, because addresses stand in logs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from kefu.accounts import policy
from kefu.accounts.bearer import agent_behind
from kefu.accounts.models import TokenHolder, TokenScope
from kefu.accounts.policy import VERB_OF_SCOPE, May, Scope, allows, has_scope_for
from kefu.accounts.verbs.agent_tokens import BEGINS_WITH
from kefu.brands.models import Brand
from kefu.helpcentre.api_answers import (
    Refused,
    brand_asked,
    json_of,
    not_allowed,
    refusal_of,
    take_or_refuse,
    too_often,
)
from kefu.helpcentre.feedback_views import never_kept
from kefu.safety.limits import Limit, TooMany

NAMES_OF_TOKENS = {"access_token", "token", "api_key", "apikey", "authorization"}


@dataclass(frozen=True)
class Program:
    """Who asks, and of which brand's articles."""

    holder: TokenHolder
    brand: Brand


@dataclass(frozen=True)
class Operation:
    """What one method does, the scope that it takes, and how often a token may."""

    scope: TokenScope
    limit: Limit
    do: Callable[..., dict[str, Any]]


def for_programs(operations: Mapping[str, Operation]) -> Callable[..., HttpResponse]:
    """A view of these methods, by their names."""
    methods = ", ".join(["GET, HEAD" if name == "GET" else name for name in operations])

    @csrf_exempt
    @never_kept
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        operation = operations.get("GET" if request.method == "HEAD" else request.method or "")
        # Sentences for authors are translated on pages; programs have one language.
        with override("en"):
            try:
                if operation is None:
                    raise not_allowed(methods)
                program = _let_in(request, operation)
                return json_of(_done(operation, request, program, **kwargs))
            except Refused as why:
                return refusal_of(why)

    return answer


def require_of(program: Program, verb: May) -> None:
    """Raises Refused with the sentence for what is lacking: the scope, or the agent's own right."""
    if not allows(program.holder, verb, Scope(program.brand.pk)):
        raise _lacking(program, verb)


def _done(operation: Operation, request: HttpRequest, program: Program, **kwargs: Any) -> dict[str, Any]:
    try:
        return operation.do(request, program, **kwargs)
    except policy.Refused as refused:
        raise _lacking(program, refused.verb) from None


def _lacking(program: Program, verb: May) -> Refused:
    if not has_scope_for(program.holder, verb):
        return _lacks_scope(verb)
    return Refused(403, "refused", "The agent whose token this is may not do this for this brand.")


def _let_in(request: HttpRequest, operation: Operation) -> Program:
    if any(_is_token(name, value) for name, values in request.GET.lists() for value in values):
        raise Refused(
            400,
            "token_in_address",
            "A token never stands in an address, which is written into logs. Revoke this one, and send the next in the "
            "Authorization header.",
        )
    program = Program(_holder(request), brand_asked(request))
    require_of(program, VERB_OF_SCOPE[operation.scope])
    take_or_refuse(operation.limit, str(program.holder.token_id))
    return program


def _holder(request: HttpRequest) -> TokenHolder:
    token: str | None = getattr(request, "bearer", None)
    if token is None:
        raise Refused(
            401,
            "token_missing",
            "Send an agent's token: Authorization: Bearer …",
            {"WWW-Authenticate": 'Bearer realm="kefu"'},
        )
    try:
        holder = agent_behind(token, address=request.META.get("REMOTE_ADDR", ""))
    except TooMany as refusal:
        raise too_often(refusal) from None
    if holder is None:
        raise Refused(
            401,
            "token_unknown",
            "This token is unknown, revoked or over.",
            {"WWW-Authenticate": 'Bearer realm="kefu", error="invalid_token"'},
        )
    return holder


def _lacks_scope(verb: May) -> Refused:
    scope = next((scope for scope, of in VERB_OF_SCOPE.items() if of is verb), "")
    return Refused(
        403,
        "scope_missing",
        f"This takes a token with the scope {scope}.",
        {"WWW-Authenticate": f'Bearer realm="kefu", error="insufficient_scope", scope="{scope}"'},
    )


def _is_token(name: str, value: str) -> bool:
    return name.lower() in NAMES_OF_TOKENS or value.startswith(BEGINS_WITH)
