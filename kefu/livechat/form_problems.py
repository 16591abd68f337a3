"""What is wrong with a question that came from the form without script, each thing at its own field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kefu.brands.models import Brand
from kefu.conversations.models import Topic
from kefu.livechat.problems import sentence
from kefu.livechat.questions import BadQuestion, read_text, text_of_form
from kefu.safety.addresses import NotAnAddress, mail_address

FIELDS = {"topic": "topic", "empty": "text", "too_long": "text", "email": "email"}
WHOLE_FORM = "form"


def problems_of(values: Mapping[str, str], *, brand: Brand, refusal: BadQuestion) -> dict[str, str]:
    """Sentences by field: a refusal names the first thing only, and nobody likes to be sent back twice."""
    codes = [refusal.code, *_amiss(values, brand)]
    return {FIELDS.get(code, WHOLE_FORM): sentence(code) for code in codes}


def _amiss(values: Mapping[str, str], brand: Brand) -> Iterator[str]:
    if not Topic.objects.offered(brand).filter(key=values.get("topic", "")).exists():
        yield "topic"
    try:
        read_text(text_of_form(values))
    except BadQuestion as bad:
        yield bad.code
    if not _is_address_or_nothing(values.get("email", "")):
        yield "email"


def _is_address_or_nothing(typed: str) -> bool:
    try:
        return not typed or bool(mail_address(typed))
    except NotAnAddress:
        return False
