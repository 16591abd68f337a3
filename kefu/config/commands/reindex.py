"""`kefu reindex`: the search index, written anew while searching goes on."""

from __future__ import annotations

from argparse import Namespace

from django.core.management import CommandError, call_command

from kefu.config.running.refusal import Refusal


def run(arguments: Namespace) -> int:
    try:
        call_command("reindex", *arguments.names)
    except CommandError as problem:
        raise Refusal(str(problem)) from None
    return 0
