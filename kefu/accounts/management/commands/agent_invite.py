"""`kefu agent invite`: a colleague comes in by a mail's link, or by the link that is printed where no mail leaves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kefu.accounts.actions import (
    AddressTaken,
    AlreadyInvited,
    invite,
    send_invitation_again,
    show_invitation_link,
    withdraw_invitation,
)
from kefu.accounts.announcing import can_announce
from kefu.accounts.management.addresses import add_url_option, whole
from kefu.accounts.management.names import address_typed, name_typed, team_called
from kefu.accounts.models import Invitation, Role
from kefu.brands.models import Brand
from kefu.journal.actor import SYSTEM
from kefu.safety.limits import TooMany
from kefu.safety.tokens import keyed_hash


class Command(BaseCommand):
    help = "Invite an agent: a mail with a link goes out, which works once within 72 hours."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", help="as colleagues and customers see it")
        parser.add_argument("--role", choices=Role.values, default=Role.AGENT.value)
        parser.add_argument(
            "--team", action="append", default=[], metavar="KEY", help="a team's key, or brand/team"
        )
        parser.add_argument(
            "--language", choices=[code for code, _ in settings.LANGUAGES], default=settings.LANGUAGE_CODE
        )
        once = parser.add_mutually_exclusive_group()
        once.add_argument("--again", action="store_true", help="send an invitation once more")
        once.add_argument("--withdraw", action="store_true", help="withdraw an invitation")
        add_url_option(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self._act(options)
        except AddressTaken:
            raise CommandError(f"An agent with the address {options['email']} exists already.") from None
        except AlreadyInvited:
            raise CommandError(f"{options['email']} is invited already; use --again or --withdraw.") from None
        except TooMany:
            raise CommandError("Too many invitations for today; try again tomorrow.") from None

    def _act(self, options: dict[str, Any]) -> None:
        if options["withdraw"]:
            withdraw_invitation(by=SYSTEM, invitation=_known(options["email"]))
            self.stdout.write("Withdrawn: its links open nothing any more.")
            return
        if options["again"]:
            invitation = send_invitation_again(by=SYSTEM, invitation=_known(options["email"]))
        else:
            invitation = _new(options)
        self.stdout.write(_what_follows(invitation, options["url"]))


def _new(options: dict[str, Any]) -> Invitation:
    name = name_typed(options["name"] or "")
    teams = [team_called(key) for key in options["team"]]
    brands = list(Brand.objects.filter(teams__in=teams).distinct()) or list(Brand.objects.all()[:1])
    if not brands:
        raise CommandError("There is no brand yet: bin/kefu brand add.")
    return invite(
        by=SYSTEM,
        email=address_typed(options["email"]),
        name=name,
        role=Role(options["role"]),
        teams=teams,
        brands=brands,
        language=options["language"],
    )


def _known(email: str) -> Invitation:
    found = Invitation.objects.unsettled().filter(email_hash=keyed_hash(address_typed(email))).first()
    if found is None:
        raise CommandError(f"{email} has no invitation that is waiting.")
    return found


def _what_follows(invitation: Invitation, url: str) -> str:
    if can_announce(invitation.brand):
        return f"A mail with a link goes to {invitation.email}; it works once, within 72 hours."
    link = whole(show_invitation_link(by=SYSTEM, invitation=invitation), url)
    return f"No mail leaves this house. Give this link to {invitation.name}; it works once, within 72 hours: {link}"
