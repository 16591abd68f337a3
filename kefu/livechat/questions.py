"""A first question as it comes from the window: hostile bytes parsed into values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

import msgspec

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


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`client_id` is the window's own and unique for ever; `email` only if somebody wants to be known by it.

    `session` says where somebody new is to be remembered: in a cookie, or by a token that the client keeps itself.
    """

    topic: ShortText
    text: str
    client_id: ClientId
    language: ShortText = ""
    zone: ShortText = ""
    email: Annotated[str, msgspec.Meta(max_length=320)] = ""
    session: Literal["cookie", "token"] = "cookie"


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
    named = {name: values.get(name, "") for name in ("topic", "text", "client_id", "email")}
    # A form ends its lines as in a letter of the last century.
    named["text"] = named["text"].replace("\r\n", "\n")
    try:
        question = msgspec.convert(named | {"language": language}, Question)
    except msgspec.ValidationError:
        raise BadQuestion("malformed") from None
    return _checked(question)


def checked_text(client_id: str, text: str, *, needs_words: bool = True) -> tuple[str, str]:
    """A further message's client id and text from a page without script; raises BadQuestion."""
    wordless = not needs_words and not text.strip()
    question = question_of_form({"client_id": client_id, "text": "-" if wordless else text}, "")
    return question.client_id, "" if wordless else question.text


def _checked(question: Question) -> Question:
    text = question.text.strip()
    if not text:
        raise BadQuestion("empty")
    if len(text) > LONGEST_TEXT:
        raise BadQuestion("too_long")
    return msgspec.structs.replace(question, text=text)


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
