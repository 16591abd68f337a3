"""Prepare the data folder and the database for this code; doing it twice changes nothing."""

from __future__ import annotations

import fcntl
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from kefu.config import catalogues
from kefu.config.running import preflight, stamp, tied
from kefu.config.running.choices import Choices, choose
from kefu.config.running.refusal import SAID_WHY, Refusal
from kefu.config.running.welcome import say

# "kefu" in ASCII: two installations that share a database prepare it one after the other.
LOCK = 0x6B656675


def main() -> int:
    chosen = tied.arguments("Prepare the data folder; the supervisor starts this.").parse_args()
    tied.tie_to_supervisor(chosen.lifeline)
    choices, _ = choose(Namespace())
    try:
        with _alone_in(choices.data):
            prepare(choices)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return SAID_WHY
    return 0


def prepare(choices: Choices) -> None:
    """Catalogues, tables, static files, and the demo exchange where it is wanted and nothing is there yet."""
    fingerprint = stamp.fingerprint(choices)
    say("Preparing the database and the pages; later starts skip this.")
    catalogues.compile_all()
    django.setup()
    # Whoever copies the folder with the keys after the first start has all of them.
    import_module("kefu.safety.keyring").ring()
    preflight.require_database()
    with _alone_in_database():
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if choices.fills_demo:
            _fill_demo(is_first=stamp.read(choices.data) is None)
    stamp.write(choices.data, stamp.Stamp(fingerprint=fingerprint, migrations=preflight.migrations_taken()))


def _fill_demo(*, is_first: bool) -> None:
    """On the first start, and once more if that one broke off; never beside brands of the operator's own."""
    if not settings.DEMO:
        return
    brands = set(import_module("kefu.brands.models").Brand.objects.values_list("key", flat=True))
    reading = import_module("kefu.demo.reading")
    own_key = reading.read_content(reading.CONTENT)["brand"]["key"]
    if not brands or (is_first and brands == {own_key}):
        say("Filling the demo exchange.")
        import_module("kefu.demo.fill").fill_demo()


@contextmanager
def _alone_in(data: Path) -> Iterator[None]:
    with (data / "prepare.lock").open("a") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _alone_in_database() -> Iterator[None]:
    """On PostgreSQL wait for other installations, and let migrations take the time they need."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0"
        )
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


if __name__ == "__main__":
    sys.exit(main())
