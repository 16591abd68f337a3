"""The letter with a one-time code; the digits are minted when it leaves and are kept nowhere."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext

from kefu.accounts.actions import mint_code
from kefu.mailroom.models import Letter
from kefu.mailroom.words import Figures, Paragraph, Words
from kefu.ui.seams import fill_in


def write(letter: Letter) -> Words | None:
    """Nothing once ten minutes have passed, or another code was asked for."""
    digits = mint_code(code_id=letter.subject_id or 0)
    if digits is None:
        return None
    with translation.override(letter.language):
        return Words(
            # The digits stand in the subject too: a phone shows them without opening the mail.
            subject=fill_in(
                gettext("%(code)s is your code for %(brand)s"), {"code": digits, "brand": letter.brand.name}
            ),
            heading=gettext("Your one-time code"),
            blocks=[
                Paragraph(
                    gettext(
                        "Type these digits on the page that asked for them. They are good for ten minutes."
                    )
                ),
                Figures(digits),
                Paragraph(
                    fill_in(
                        gettext(
                            "Nobody from %(brand)s will ever ask you for this code, in chat, by phone or by mail."
                            " Whoever asks is an impostor."
                        ),
                        {"brand": letter.brand.name},
                    )
                ),
                Paragraph(
                    gettext(
                        "You did not ask for a code? Then somebody mistyped an address."
                        " Without the code nothing happens."
                    ),
                    is_small=True,
                ),
            ],
        )
