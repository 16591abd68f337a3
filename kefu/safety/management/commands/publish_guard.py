"""`publish_guard`: write the guard's patterns and words for the browser. For developers, after a change of the patterns."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kefu.safety.finders.published import FOLDER, modules


class Command(BaseCommand):
    help = "Write the secret guard's patterns and word list as modules for the browser."

    def handle(self, *_: Any, **__: Any) -> None:
        for name, content in modules().items():
            (FOLDER / name).write_text(content, encoding="utf-8")
            self.stdout.write(f"{FOLDER / name}")
