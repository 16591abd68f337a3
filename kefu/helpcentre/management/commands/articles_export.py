"""`kefu articles export DIR`: what readers see, as a folder that can be imported again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kefu.helpcentre.exporter import NoFolder, NotEmpty, export_articles
from kefu.helpcentre.management.brand_option import add_brand_option, brand_called


class Command(BaseCommand):
    help = "Write what readers see into an empty folder: Markdown with TOML in front, facts and pictures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        add_brand_option(parser)
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            done = export_articles(folder, brand=brand_called(options["brand"]))
        except NotEmpty:
            raise CommandError(
                f"{folder} is not empty. Name a folder that is, or one that isn't there yet."
            ) from None
        except NoFolder as problem:
            raise CommandError(
                f"{folder} can't be written into: {problem}. Name a folder that you may write into."
            ) from None
        except OSError as problem:
            raise CommandError(
                f"Stopped at {problem.filename or folder}: {problem.strerror}. What {folder} holds now is not complete."
            ) from None
        if options["json"]:
            self.stdout.write(json.dumps({"written": done.written, "left_out": done.left_out}))
            return
        self.stdout.write(f"Wrote {done.written} articles into {folder}.")
        for slug in done.left_out:
            self.stdout.write(f"Left out, because it isn't published in every language: {slug}")
