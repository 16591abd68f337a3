from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kefu.demo.fill import fill_demo


class Command(BaseCommand):
    help = "Fill the demo exchange, or complete it; doing it again changes only what has changed."

    def handle(self, *_: Any, **__: Any) -> None:
        brand = fill_demo()
        self.stdout.write(f"{brand.name}: {brand.articles.count()} articles.")
