"""A first question as it comes from the window: hostile bytes parsed into values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

import msgspec

from kefu.conversations import trails
from kefu.conversations.frames import LONGEST_TEXT, ClientId, Ref
from kefu.conversations.models import Verdict
from kefu.ui.zero_characters import is_in_json

LONGEST_BODY = 64 * 1024
Shape = TypeVar("Shape")
ShortText = Annotated[str, msgspec.Meta(max_length=64)]


class BadQuestion(ValueError):
    """It can't be taken as it is; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ReadBefore(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page that was read, by its name in the address, or words that were searched for."""

    kind: ShortText
    name: Annotated[str, msgspec.Meta(max_length=200)]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`client_id` is the window's own and unique for ever; `email` only if somebody wants to be known by it.

    `trail` is what was read and searched on this visit, the first step first. `session` says where somebody new is to be
    remembered: in a cookie, or by a token that the client keeps itself. `issue_type` is a key of cases, as the article that
    led here has it; a word that is none is passed over.
    """

    topic: ShortText
    text: str
    client_id: ClientId
    language: ShortText = ""
    zone: ShortText = ""
    email: Annotated[str, msgspec.Meta(max_length=320)] = ""
    session: Literal["cookie", "token"] = "cookie"
    issue_type: ShortText = ""
    trail: Annotated[tuple[ReadBefore, ...], msgspec.Meta(max_length=trails.LONGEST)] = ()


class RateRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`words` left out leaves those of before as they are; "" takes them away."""

    ref: Ref
    verdict: Verdict
    words: str | None = None


class OfConversation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ref: Ref


class IdentityRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`token` is the platform's. `cookie` is for our own pages: the session then goes into the browser's cookie."""

    token: Annotated[str, msgspec.Meta(max_length=32 * 1024)]
    cookie: bool = False


def read_question(body: bytes) -> Question:
    """Raises BadQuestion."""
    return _checked(_read(body, Question))


def question_of_form(values: Mapping[str, str], language: str) -> Question:
    """From a page without script; raises BadQuestion."""
    named = {name: values.get(name, "") for name in ("topic", "client_id", "email")}
    # An address brought it; it is no reason to refuse a question either.
    named["issue_type"] = values.get("issue_type", "")[:64]
    named["text"] = text_of_form(values)
    trail = _trail_of_form(values)
    try:
        question = msgspec.convert(named | {"language": language, "trail": trail}, Question)
    except msgspec.ValidationError:
        raise BadQuestion("malformed") from None
    return _checked(question)


def _trail_of_form(values: Mapping[str, str]) -> list[dict[str, str]]:
    """The page and the words that the address brought along, `read=article:deposit-not-here&searched=…`."""
    kind, _, name = values.get("read", "").partition(":")
    steps = [(kind, name), (trails.SEARCH, values.get("searched", "")[: trails.LONGEST_WORDS])]
    # What an address brought is no reason to refuse a question.
    return [
        {"kind": kind, "name": name}
        for kind, name in steps
        if name and len(kind) <= 64 and len(name) <= 200  # noqa: PLR2004 - as ReadBefore has it
    ]


def text_of_form(values: Mapping[str, str]) -> str:
    """A form ends its lines as in a letter of the last century."""
    return values.get("text", "").replace("\r\n", "\n")


def read_text(typed: str) -> str:
    """Without the room around it; raises BadQuestion."""
    text = typed.strip()
    if not text:
        raise BadQuestion("empty")
    if len(text) > LONGEST_TEXT:
        raise BadQuestion("too_long")
    return text


def checked_text(client_id: str, text: str, *, needs_words: bool = True) -> tuple[str, str]:
    """A further message's client id and text from a page without script; raises BadQuestion."""
    wordless = not needs_words and not text.strip()
    question = question_of_form({"client_id": client_id, "text": "-" if wordless else text}, "")
    return question.client_id, "" if wordless else question.text


def _checked(question: Question) -> Question:
    return msgspec.structs.replace(question, text=read_text(question.text))


def read_rating(body: bytes) -> RateRequest:
    """Raises BadQuestion."""
    return _read(body, RateRequest)


def read_ref_of(body: bytes) -> str:
    """Of the conversation that something is asked for; raises BadQuestion."""
    return _read(body, OfConversation).ref


def read_identity(body: bytes) -> IdentityRequest:
    """Raises BadQuestion."""
    return _read(body, IdentityRequest)


def _read(body: bytes, shape: type[Shape]) -> Shape:
    if len(body) > LONGEST_BODY:
        raise BadQuestion("too_long")
    if is_in_json(body):
        raise BadQuestion("malformed")
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadQuestion("malformed") from None
