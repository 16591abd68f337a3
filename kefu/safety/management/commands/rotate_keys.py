"""`rotate_keys`: a new key for encrypted values, and every value written with it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kefu.background.beats import has_living_worker_elsewhere
from kefu.safety.keyring import NotWritable, add_key, ring
from kefu.safety.rotation import finish, rotate

ADDED = """Key {key} waits: it decrypts, and encrypts nothing yet. With several machines, copy keys/ to each of the others.
When all have it, run rotate-keys here, and then on each of the others."""
ADD_FIRST = (
    "Workers on other machines or in other containers live, and could not read what a key encrypts that only this one has:"
    " run rotate-keys --add, copy keys/ to each of them, then run rotate-keys here."
)
WAITS = "Key {key} waits, so there is nothing to finish: run rotate-keys once every machine has this keys/ folder."
ON_THE_OTHERS = (
    "With several machines, run rotate-keys on each of the others too, while this key waits there."
)
NOT_ALONE = (
    "If other machines use this database, copy keys/ to each of them at once: until then they can't read these values."
    " The next time begin with rotate-keys --add."
)


class Command(BaseCommand):
    help = (
        "Encrypt every stored value with a new key, in short steps while Kefu runs. With several machines, add the key first"
        " (--add) and copy keys/ to all of them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_mutually_exclusive_group()
        steps.add_argument(
            "--add",
            action="store_true",
            help="Only add a key that decrypts; rotate-keys uses it once every machine has it.",
        )
        steps.add_argument(
            "--finish", action="store_true", help="Add no key; go on where an earlier turn was interrupted."
        )

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            self._act(options)
        except NotWritable as problem:
            raise CommandError(
                f"The key ring can't be changed: {problem}. Run this as the user whose folder that is, and where it is"
                " not mounted read-only."
            ) from None

    def _act(self, options: dict[str, Any]) -> None:
        if options["add"]:
            self.stdout.write(ADDED.format(key=add_key()))
            return
        waited = ring().waiting
        if waited and options["finish"]:
            raise CommandError(WAITS.format(key=waited))
        if not waited and not options["finish"] and has_living_worker_elsewhere():
            raise CommandError(ADD_FIRST)
        written = finish() if options["finish"] else rotate()
        self.stdout.write(f"{written} values are encrypted with the newest key. Older keys stay in the ring.")
        if not options["finish"]:
            self.stdout.write(ON_THE_OTHERS if waited else NOT_ALONE)
