"""Letters to staff about how they come in: an invitation, a forgotten password, a password that was changed."""

from __future__ import annotations

from django.utils import timezone, translation
from django.utils.translation import gettext

from kefu.accounts.actions import mint_invitation, mint_password_reset
from kefu.accounts.models import Agent, Invitation
from kefu.accounts.role_names import role_name
from kefu.mailroom.addresses import address_of
from kefu.mailroom.models import Letter
from kefu.mailroom.words import Button, Paragraph, Words
from kefu.ui.moments import written
from kefu.ui.seams import fill_in
from kefu.ui.zones import zone_called


def invitation(letter: Letter) -> Words | None:
    """Nothing once it was withdrawn, accepted, or has ended."""
    token = mint_invitation(invitation_id=letter.subject_id or 0)
    found = Invitation.objects.select_related("invited_by").filter(pk=letter.subject_id or 0).first()
    if token is None or found is None:
        return None
    with translation.override(letter.language):
        url = address_of(letter.brand, "invitation", str(found.pk), token, language=letter.language)
        return Words(
            subject=fill_in(gettext("You are invited to the support desk of %(brand)s"), _facts(letter)),
            heading=gettext("You are invited"),
            blocks=[
                Paragraph(_promise(letter, found)),
                Button(gettext("Accept the invitation"), url),
                Paragraph(
                    gettext(
                        "The link works once, within 72 hours. You choose a password there and set up a second step,"
                        " so have your phone at hand."
                    )
                ),
                Paragraph(
                    gettext(
                        "Whoever has the link comes in as you, so don't pass it on. You did not expect it?"
                        " Then delete this mail; without the link nothing happens."
                    ),
                    is_small=True,
                ),
            ],
        )


def password_reset(letter: Letter) -> Words | None:
    """Nothing once 30 minutes have passed, or another link was asked for."""
    token = mint_password_reset(reset_id=letter.subject_id or 0)
    if token is None:
        return None
    with translation.override(letter.language):
        url = address_of(
            letter.brand, "new_password", str(letter.subject_id), token, language=letter.language
        )
        return Words(
            subject=fill_in(gettext("A new password for the support desk of %(brand)s"), _facts(letter)),
            heading=gettext("Choose a new password"),
            blocks=[
                Paragraph(
                    fill_in(
                        gettext(
                            "Somebody, probably you, has forgotten the password with which you sign in at the support desk"
                            " of %(brand)s. By this link you choose a new one. Your second step stays as it is."
                        ),
                        _facts(letter),
                    )
                ),
                Button(gettext("Choose a new password"), url),
                Paragraph(gettext("The link works once, within 30 minutes.")),
                Paragraph(
                    gettext("It wasn't you? Delete this mail; nothing has changed."),
                    is_small=True,
                ),
            ],
        )


def password_changed(letter: Letter) -> Words | None:
    """So that whoever did not do it notices; it holds no link, because a forged one would."""
    agent = Agent.objects.active().filter(pk=letter.subject_id or 0).first()
    if agent is None:
        return None
    with translation.override(letter.language), timezone.override(zone_called(agent.zone)):
        return Words(
            subject=fill_in(
                gettext("Your password for the support desk of %(brand)s was changed"), _facts(letter)
            ),
            heading=gettext("Your password was changed"),
            blocks=[
                Paragraph(
                    gettext("It was changed on %(at)s. Sessions on your other devices have ended.")
                    % {"at": written(letter.created_at)}
                ),
                Paragraph(
                    gettext(
                        "It wasn't you? Tell an administrator now: they can close your account until it is yours again."
                    )
                ),
            ],
        )


def _promise(letter: Letter, found: Invitation) -> str:
    facts = _facts(letter) | {"role": role_name(found.role)}
    if found.invited_by is None:
        words = gettext("A place is kept for you at the support desk of %(brand)s, as %(role)s.")
        return fill_in(words, facts)
    words = gettext("%(inviter)s has kept a place for you at the support desk of %(brand)s, as %(role)s.")
    return fill_in(words, facts | {"inviter": found.invited_by.name})


def _facts(letter: Letter) -> dict[str, str]:
    return {"brand": letter.brand.name}
