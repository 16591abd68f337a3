"""`kefu customer erase`: forget a person for good."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kefu.accounts.actions import erase_customer
from kefu.desk.management.people import customer_called
from kefu.journal.actor import SYSTEM


class Command(BaseCommand):
    help = "Destroy every word of and about a person, their addresses, files and letters. It can't be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", help="the number of one of their conversations, or the person's own")
        parser.add_argument("--yes", action="store_true", help="really erase; without it nothing is done")

    def handle(self, *_args: Any, **options: Any) -> None:
        customer = customer_called(options["who"])
        if not options["yes"]:
            raise CommandError(f"Nothing was done. Say --yes to erase everything of person {customer.pk}.")
        erase_customer(customer=customer, by=SYSTEM)
        self.stdout.write(f"Everything of person {customer.pk} is erased.")
