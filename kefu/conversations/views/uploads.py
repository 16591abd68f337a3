"""Sending a file: announce it, put its pieces one after the other, ask where to go on after a break."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Annotated, Concatenate, Literal, ParamSpec

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from kefu.accounts.models import Agent
from kefu.accounts.policy import Refused
from kefu.conversations.frames import ClientId, Ref
from kefu.conversations.models import Attachment
from kefu.conversations.upload_limits import count_begun, count_pieces
from kefu.conversations.verbs.uploading import (
    LARGEST_PIECE,
    Announced,
    ConversationFull,
    FileGone,
    OtherFile,
    WrongPlace,
    begin_upload,
    receive_piece,
    where_to_go_on,
)
from kefu.conversations.views.people import conversation_of, people, upload_of
from kefu.safety.files.kinds import BadFile, Problem
from kefu.safety.limits import TooMany
from kefu.ui.same_origin import is_same_origin
from kefu.ui.zero_characters import is_in_json

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
LONGEST_ANNOUNCEMENT = 4096
OFFSET = re.compile(r"[0-9]{1,15}")
PIECE_TYPE = "application/octet-stream"


class Announcement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`side` says as whom: one browser may hold an agent and a customer."""

    ref: Ref
    client_id: ClientId
    name: Annotated[str, msgspec.Meta(max_length=1000)]
    size: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    side: Literal["customer", "staff"] = "customer"


def from_our_pages(view: View[P]) -> View[P]:
    """In place of Django's token, which pages from a cache don't have."""

    @csrf_exempt
    @never_cache
    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} and not is_same_origin(request):
            return _error("refused", 403)
        try:
            return view(request, *args, **kwargs)
        except Refused:
            return _error("refused", 403)
        except TooMany as problem:
            seconds = max(1, ceil(problem.retry_after.total_seconds()))
            return _error("too_many", 429, headers={"Retry-After": str(seconds)})

    return checked


@from_our_pages
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Announce a file; the answer names it and says where to go on."""
    body = request.read(LONGEST_ANNOUNCEMENT)
    if is_in_json(body):
        return _error("malformed", 400)
    try:
        said = msgspec.json.decode(body, type=Announcement)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _error("malformed", 400)
    for who in people(request):
        if isinstance(who, Agent) != (said.side == "staff"):
            continue
        conversation = conversation_of(who, said.ref)
        if conversation is None:
            continue
        count_begun(by=who, address=_address(request))
        announced = Announced(client_id=said.client_id, name=said.name, size=said.size)
        try:
            return _standing(begin_upload(conversation=conversation, by=who, announced=announced))
        except BadFile as bad:
            return _error(bad.problem.value, 413 if bad.problem is Problem.TOO_LARGE else 400)
        except OtherFile:
            return _error("conflict", 409)
        except ConversationFull:
            return _error("full", 413)
    return _error("not_found", 404)


@from_our_pages
@require_http_methods(["GET", "PUT"])
def upload(request: HttpRequest, key: str) -> HttpResponse:
    """GET: how much of it has come in, and what became of it. PUT: the next piece, at `Upload-Offset`."""
    found = upload_of(request, key)
    if found is None:
        return _error("not_found", 404)
    attachment, who = found
    if request.method == "GET":
        return _standing(attachment)
    offset = request.headers.get("Upload-Offset", "")
    if request.content_type != PIECE_TYPE or not OFFSET.fullmatch(offset):
        return _error("malformed", 400)
    count_pieces(by=who, address=_address(request))
    piece = request.read(LARGEST_PIECE + 1)
    if len(piece) > LARGEST_PIECE:
        return _error("too_large", 413)
    try:
        return _standing(receive_piece(attachment=attachment, by=who, offset=int(offset), piece=piece))
    except WrongPlace as place:
        return JsonResponse({"error": "place", "received": place.received}, status=409)
    except FileGone:
        return _error("not_found", 404)


def _address(request: HttpRequest) -> str:
    address: str = request.META.get("REMOTE_ADDR", "")
    return address


def _standing(attachment: Attachment) -> JsonResponse:
    return JsonResponse(
        {
            "key": attachment.key,
            "name": str(attachment.name),
            "kind": attachment.kind,
            "received": where_to_go_on(attachment),
            "state": attachment.state,
            "problem": attachment.problem,
        }
    )


def _error(code: str, status: int, *, headers: dict[str, str] | None = None) -> JsonResponse:
    return JsonResponse({"error": code}, status=status, headers=headers)
