"""`kefu rotate-keys`: a new key for encrypted values, and every value written with it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kefu.safety.rotation import rotate


class Command(BaseCommand):
    help = "Add a key to the ring and encrypt every stored secret with it."

    def handle(self, *_: Any, **__: Any) -> None:
        self.stdout.write(f"{rotate()} values are encrypted with the new key. Older keys stay readable.")
