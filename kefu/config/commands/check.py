"""`kefu check`: whether this installation is sound, one line for each thing that was looked at."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from django.conf import settings
from django.core import checks

from kefu.config.commands.soundness import LOOKS, Finding


def run(_: Namespace) -> int:
    findings = [*(look() for look in LOOKS), *_of_django()]
    for finding in findings:
        print(finding)
    bad = [finding for finding in findings if not finding.is_good]
    print("Kefu is sound." if not bad else f"{len(bad)} of {len(findings)} things need attention.")
    return 1 if bad else 0


# Our own middleware sets the headers that Django's SecurityMiddleware and X-Frame-Options would, and TLS is the proxy's.
SILENT = {f"security.W{number:03}" for number in (1, 2, 4, 8, 19, 21)}
# Where only this machine comes, cookies travel without TLS and nobody can listen.
SILENT_ALONE_HERE = {"security.W012", "security.W016"}


def _of_django() -> Iterator[Finding]:
    silent = SILENT | (SILENT_ALONE_HERE if settings.ALONE_HERE else set())
    for message in checks.run_checks(include_deployment_checks=True):
        if message.id not in silent and message.level >= checks.WARNING:
            yield Finding(str(message.id), message.msg.splitlines()[0])
