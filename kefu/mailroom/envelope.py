"""A letter as a message that mail programs read: text and HTML of the same words, and the proof that it is ours."""

from __future__ import annotations

from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from kefu.accounts.models import Customer, Identity, IdentityKind, Level
from kefu.brands.colour import accent_fill
from kefu.mailroom.addresses import Sender, host_of
from kefu.mailroom.failures import Failed
from kefu.mailroom.models import Letter, Problem
from kefu.mailroom.words import Words
from kefu.safety.tokens import keyed_hash
from kefu.ui.languages import html_lang


@dataclass(frozen=True)
class Proof:
    """What stands at the end of every letter: how to tell that it is ours. It holds no link: a forged letter has one too."""

    lines: list[str]


def message_of(letter: Letter, words: Words, *, sender: Sender) -> EmailMessage:
    """Every try of a letter carries the same Message-ID, so that a mailbox that has it keeps one.

    Raises Failed for good when the recipient can't be written into a header.
    """
    try:
        return _message(letter, words, sender)
    except (ValueError, MessageError) as problem:
        raise Failed(Problem.RECIPIENT, for_good=True) from problem


def _message(letter: Letter, words: Words, sender: Sender) -> EmailMessage:
    message = EmailMessage()
    message["From"] = Address(display_name=_in_one_line(sender.name), addr_spec=sender.address)
    message["To"] = Address(addr_spec=letter.recipient)
    message["Subject"] = _in_one_line(words.subject)
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = f"<{letter.code.lower()}.{letter.pk}@{sender.domain}>"
    # RFC 3834: so that no holiday notice answers it.
    message["Auto-Submitted"] = "auto-generated"
    text, html = _parts(letter, words)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = html_lang(letter.language)
    return message


def _parts(letter: Letter, words: Words) -> tuple[str, str]:
    with translation.override(letter.language):
        values = {
            "words": words,
            "blocks": [{"kind": type(block).__name__.lower(), "value": block} for block in words.blocks],
            "brand": letter.brand.name,
            "fill": accent_fill(letter.brand.accent_hue),
            "lang": html_lang(letter.language),
            "proof": _proof(letter),
        }
        text = render_to_string("mailroom/letter/letter.txt", values)
        return text.strip() + "\n", render_to_string("mailroom/letter/letter.html", values)


def _proof(letter: Letter) -> Proof:
    lines = [
        *_phrase(letter),
        gettext("Message code: %(code)s") % {"code": letter.code},
        gettext(
            "To make sure that this mail is from us, open %(host)s yourself, choose “Check a mail” at the foot of the page"
            " and type the code."
        )
        % {"host": host_of(letter.brand)},
        gettext("We never ask for passwords, one-time codes, recovery phrases or private keys."),
    ]
    return Proof(lines)


def _phrase(letter: Letter) -> list[str]:
    """The customer's own phrase, or why there is none to look for. Staff have their own ways."""
    if letter.customer is None:
        return []
    if not _is_at_home(letter, letter.customer):
        return [gettext("This mail holds no phrase of your own, because this address is not proven yet.")]
    if letter.customer.phrase:
        return [gettext("Your own phrase: %(phrase)s") % {"phrase": letter.customer.phrase}]
    return [
        gettext(
            "This mail holds no phrase of your own, because you have chosen none. You can, under “My cases”."
        )
    ]


def _is_at_home(letter: Letter, customer: Customer) -> bool:
    """Whether the mailbox is known to be theirs: in a stranger's, a phrase would be anybody's words under our name."""
    addresses = Identity.objects.filter(customer=customer, kind=IdentityKind.EMAIL, level__gte=Level.PROVEN)
    return addresses.filter(value_hash=keyed_hash(letter.recipient)).exists()


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
