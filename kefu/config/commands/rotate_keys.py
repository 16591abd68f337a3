"""`kefu rotate-keys`: a new key encrypts from now on; the old ones still read what they wrote."""

from __future__ import annotations

from argparse import Namespace

from kefu.safety.keyring import add_key


def run(_: Namespace) -> int:
    add_key()
    print("New values are encrypted with a new key; keep the keys folder in your backups.")
    return 0
