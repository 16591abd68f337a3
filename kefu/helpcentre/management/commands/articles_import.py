"""`kefu articles import DIR`: bring the articles of a brand to what a folder says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kefu.helpcentre.folder import BadFolder
from kefu.helpcentre.importer import Wins, import_articles
from kefu.helpcentre.management.brand_option import add_brand_option, brand_called
from kefu.journal.actor import SYSTEM


class Command(BaseCommand):
    help = "Bring categories, facts, pictures and articles to what a folder says. What was changed here since is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        add_brand_option(parser)
        parser.add_argument(
            "--folder-wins",
            action="store_true",
            help="also over what was changed here; each revision is kept and can be restored",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        brand = brand_called(options["brand"])
        wins = Wins.FOLDER if options["folder_wins"] else Wins.HERE
        try:
            done = import_articles(options["folder"], brand=brand, by=SYSTEM, wins=wins)
        except BadFolder as problem:
            raise CommandError(str(problem)) from None
        if options["json"]:
            told = {"written": done.written, "unchanged": done.unchanged, "left_alone": done.left_alone}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        self.stdout.write(f"{done.written} articles read differently now, {done.unchanged} are as they were.")
        for what in done.left_alone:
            self.stdout.write(f"Left alone: {what}")
        if done.left_alone and wins is Wins.HERE:
            self.stdout.write(
                "Where it was changed here: let the folder win with --folder-wins, or export what stands here."
            )
