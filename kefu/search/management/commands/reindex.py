from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kefu.search.actions import reindex
from kefu.search.registry import sources


class Command(BaseCommand):
    help = "Write the search index anew, for every kind of searchable thing or for the ones named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "names", nargs="*", help="Kinds of things, such as article; all when none is named."
        )

    def handle(self, *_: Any, **options: Any) -> None:
        known = {source.name: source for source in sources()}
        unknown = sorted(set(options["names"]) - set(known))
        if unknown:
            raise CommandError(f"{unknown[0]} is not searchable; known are {', '.join(sorted(known))}.")
        for name in options["names"] or sorted(known):
            self.stdout.write(f"{name}: {reindex(source=known[name])} documents")
