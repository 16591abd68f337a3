"""`rotate_keys`: a new key for encrypted values, and every value written with it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kefu.safety.rotation import finish, rotate


class Command(BaseCommand):
    help = "Add a key to the ring and encrypt every stored value with it, in short steps while Kefu runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--finish", action="store_true", help="Add no key; go on where an earlier turn was interrupted."
        )

    def handle(self, *_: Any, **options: Any) -> None:
        written = finish() if options["finish"] else rotate()
        self.stdout.write(f"{written} values are encrypted with the newest key. Older keys stay in the ring.")
