"""`kefu check`: whether this installation is sound, one line for each thing that was looked at."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from django.core import checks

from kefu.config.commands.soundness import LOOKS, Finding


def run(_: Namespace) -> int:
    findings = [*(look() for look in LOOKS), *_of_django()]
    for finding in findings:
        print(finding)
    bad = [finding for finding in findings if not finding.is_good]
    print("Kefu is sound." if not bad else f"{len(bad)} of {len(findings)} things need attention.")
    return 1 if bad else 0


# Our own headers and cookies are set in other ways than Django's deployment checks look for.
SILENT = {"security.W001", "security.W004", "security.W008", "security.W021", "security.W019"}


def _of_django() -> Iterator[Finding]:
    for message in checks.run_checks(include_deployment_checks=True):
        if message.id not in SILENT and message.level >= checks.WARNING:
            yield Finding(str(message.id), message.msg.splitlines()[0])
