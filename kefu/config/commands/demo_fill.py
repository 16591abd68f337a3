"""`kefu demo fill`: the demo exchange, for looking around; filling it twice changes nothing."""

from __future__ import annotations

from argparse import Namespace

from kefu.demo.actions import fill


def run(_: Namespace) -> int:
    fill()
    return 0
