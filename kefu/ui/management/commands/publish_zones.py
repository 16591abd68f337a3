"""`publish_zones`: write the names of zones for the browser. For developers, after a change of names or translations."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kefu.ui.published import ZONES, zones


class Command(BaseCommand):
    help = "Write the names of time zones as a module for the browser."

    def handle(self, *_: Any, **__: Any) -> None:
        ZONES.write_text(zones(), encoding="utf-8")
        self.stdout.write(str(ZONES))
