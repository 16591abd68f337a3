"""Doors of customers: the chat with and without script, their cases, and files."""

from __future__ import annotations

from typing import Any

from kefu.accounts.policy import May
from kefu.config.tests.mallory.doors import (
    EVERYBODY,
    ONLY_THE_CUSTOMER,
    TEAM,
    TEAM_READS,
    THEIRS,
    Door,
    form,
    page,
    request,
)
from kefu.config.tests.mallory.world import WORDS, World
from kefu.conversations.tests.factories import make_client_id
from kefu.livechat.tests.factories import make_question

CASES = "/zh-hans/cases/"
# Whoever is not known asks as somebody new, so everybody may; a token that is nobody's own here is told so.
OWN_TOKEN = {"customer", "stranger", "neighbour at home"}


def ref(world: World) -> dict[str, Any]:
    return {"ref": world.case.ref}


def ref_of_done(world: World) -> dict[str, Any]:
    return {"ref": world.done.ref}


def opened(world: World) -> dict[str, str]:
    return {"conversation": world.case.ref}


def rating(world: World) -> dict[str, Any]:
    return {"ref": world.done.ref, "verdict": "solved"}


def verdict(_world: World) -> dict[str, str]:
    return {"verdict": "solved"}


def question(_world: World) -> dict[str, Any]:
    return make_question()


def typed_question(_world: World) -> dict[str, str]:
    asked = make_question()
    return {name: asked[name] for name in ("topic", "text", "client_id", "zone")}


def words(_world: World) -> dict[str, str]:
    return {"text": "还没到", "client_id": make_client_id(), "seen": "2"}


def address(_world: World) -> dict[str, str]:
    return {"email": "new@mail.example"}


def code(world: World) -> dict[str, str | None]:
    return {"code": world.digits}


def phrase(_world: World) -> dict[str, str]:
    return {"phrase": "山高水长"}


def vouched(world: World) -> dict[str, Any]:
    return {"token": world.token(), "cookie": True}


def forged(world: World) -> dict[str, Any]:
    return {"token": f"{world.token()[:-8]}AAAAAAAA"}


def announced(side: str) -> Any:
    def values(world: World) -> dict[str, Any]:
        said = {"ref": world.case.ref, "client_id": make_client_id(), "name": "e.txt", "size": 5}
        return said | {"side": side}

    return values


def piece(_world: World) -> bytes:
    return b"words"


PIECE = {"Upload-Offset": "0"}

CUSTOMER_DOORS = (
    page(May.READ_CONVERSATION, "livechat:chat", THEIRS, query=opened, shows=WORDS, quiet=True),
    page(May.READ_CONVERSATION, "livechat:panel", THEIRS, query=opened, shows="{case.ref}", quiet=True),
    page(
        May.READ_CONVERSATION,
        "livechat:frame_window",
        ONLY_THE_CUSTOMER,
        query=opened,
        shows="{case.ref}",
        bearer=True,
        quiet=True,
    ),
    page(
        May.READ_CONVERSATION, "livechat:earlier", THEIRS, query=lambda w: ref(w) | {"before": 9}, shows=WORDS
    ),
    page(May.READ_CONVERSATION, "livechat:plain", THEIRS, shows="{case.ref}", quiet=True),
    page(May.READ_CONVERSATION, "livechat:plain_talk", THEIRS, "case.ref", shows=WORDS),
    page(May.READ_CONVERSATION, "cases:mine", ONLY_THE_CUSTOMER, shows="{case.ref}", quiet=True),
    page(May.READ_CONVERSATION, "cases:transcript_file", ONLY_THE_CUSTOMER, "case.ref", shows=WORDS),
    form(May.READ_CONVERSATION, "cases:transcript_by_mail", ONLY_THE_CUSTOMER, "case.ref"),
    page(May.READ_CONVERSATION, "files:content", THEIRS | TEAM_READS, "file.key"),
    page(May.READ_CONVERSATION, "files:small", THEIRS | TEAM_READS, "file.key"),
    page(May.READ_CONVERSATION, "files:content", TEAM_READS, "note_file.key", about="note"),
    page(May.READ_CONVERSATION, "files:small", TEAM_READS, "note_file.key", about="note"),
    page(May.READ_CONVERSATION, "files:upload", THEIRS, "upload.key"),
    page(May.READ_CONVERSATION, "files:upload", {"agent"}, "note_upload.key", about="note"),
    request(May.START_CONVERSATION, "livechat:open", EVERYBODY, of=question),
    request(May.START_CONVERSATION, "livechat:open", OWN_TOKEN, of=question, bearer=True, about="token"),
    form(May.START_CONVERSATION, "livechat:plain", EVERYBODY, of=typed_question),
    form(May.PROVE_ADDRESS, "cases:address", EVERYBODY, of=address),
    page(
        May.PROVE_ADDRESS,
        "cases:code",
        ONLY_THE_CUSTOMER,
        leads=CASES,
        unasked=frozenset(ONLY_THE_CUSTOMER),
    ),
    form(May.PROVE_ADDRESS, "cases:code", ONLY_THE_CUSTOMER, of=code, leads=CASES),
    form(May.CHOOSE_PHRASE, "cases:phrase", ONLY_THE_CUSTOMER, of=phrase, leads=CASES),
    request(
        May.BE_VOUCHED_FOR,
        "livechat:identity",
        EVERYBODY - {"neighbour at home"},
        of=vouched,
        unasked=frozenset(EVERYBODY - {"customer", "stranger"}),
    ),
    request(May.BE_VOUCHED_FOR, "livechat:identity", set(), of=forged, about="forged"),
    form(May.SAY, "livechat:plain_talk", THEIRS, "case.ref", of=words),
    request(May.SAY, "livechat:private_link", THEIRS, of=ref),
    form(May.SAY, "livechat:plain_link", THEIRS, "case.ref"),
    request(May.SAY, "files:begin", THEIRS, of=announced("customer")),
    Door(
        May.SAY,
        "files:upload",
        "PUT",
        frozenset(THEIRS),
        ("upload.key",),
        raw=piece,
        headers=PIECE,
    ),
    request(May.NOTE, "files:begin", TEAM, of=announced("staff"), about="note"),
    Door(
        May.NOTE,
        "files:upload",
        "PUT",
        frozenset({"agent"}),
        ("note_upload.key",),
        raw=piece,
        headers=PIECE,
        about="note",
    ),
    request(May.RATE, "livechat:rate", THEIRS, of=rating, about="done"),
    form(May.RATE, "livechat:plain_rate", THEIRS, "done.ref", of=verdict, about="done"),
    form(May.RATE, "cases:rate", ONLY_THE_CUSTOMER, "done.ref", of=verdict, about="done"),
    request(May.REOPEN, "livechat:reopen", THEIRS, of=ref_of_done, about="done"),
    form(May.REOPEN, "livechat:plain_reopen", THEIRS, "done.ref", about="done"),
    form(May.REOPEN, "cases:reopen", ONLY_THE_CUSTOMER, "done.ref", about="done"),
)
