"""Verbs that a room brings along as a management command: `kefu agent add …` is the command agent_add."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import Any

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError

from kefu.config.running.refusal import Refusal


def run(arguments: Namespace) -> int:
    """Raises Refusal with the command's own sentence; leaves with code 2 when its words are not understood."""
    words = arguments.verb.words
    command = _command("_".join(words).replace("-", "_"))
    options = _understood(command, " ".join(words), arguments.rest)
    positional = options.pop("args", ())
    try:
        command.execute(*positional, **options)
    except CommandError as problem:
        raise Refusal(str(problem)) from None
    return 0


def _understood(command: BaseCommand, words: str, rest: list[str]) -> dict[str, Any]:
    """Django's parser raises where a command line is left with its usage, one sentence and code 2."""
    parser = command.create_parser("kefu", words)
    try:
        return vars(parser.parse_args(rest))
    except CommandError as problem:
        parser.print_usage(sys.stderr)
        sys.stderr.write(f"kefu {words}: {problem}\n")
        sys.exit(2)


def _command(name: str) -> BaseCommand:
    room = get_commands()[name]
    return room if isinstance(room, BaseCommand) else load_command_class(room, name)
