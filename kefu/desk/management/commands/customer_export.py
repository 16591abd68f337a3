"""`kefu customer export`: all that is kept of a person, as an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kefu.accounts.actions import export_customer
from kefu.desk.management.people import customer_called
from kefu.journal.actor import SYSTEM


class Command(BaseCommand):
    help = "Write everything that is kept of a person into a ZIP archive."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", help="the number of one of their conversations, or the person's own")
        parser.add_argument("file", type=Path, help="where to write the archive; it must not exist yet")

    def handle(self, *_args: Any, **options: Any) -> None:
        customer = customer_called(options["who"])
        try:
            with options["file"].open("xb") as file:
                options["file"].chmod(0o600)
                export_customer(customer=customer, by=SYSTEM, to=file)
        except OSError as problem:
            raise CommandError(f"{options['file']} can't be written: {problem.strerror}.") from None
        self.stdout.write(f"Everything of person {customer.pk} is in {options['file']}.")
