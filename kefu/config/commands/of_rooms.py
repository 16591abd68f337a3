"""Verbs that a room brings along as a management command: `kefu agent add …` is the command agent_add."""

from __future__ import annotations

from argparse import Namespace

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError

from kefu.config.running.refusal import Refusal


def run(arguments: Namespace) -> int:
    """Raises Refusal with the command's own sentence."""
    words = arguments.verb.words
    command = _command("_".join(words).replace("-", "_"))
    options = vars(command.create_parser("kefu", " ".join(words)).parse_args(arguments.rest))
    positional = options.pop("args", ())
    try:
        command.execute(*positional, **options)
    except CommandError as problem:
        raise Refusal(str(problem)) from None
    return 0


def _command(name: str) -> BaseCommand:
    room = get_commands()[name]
    return room if isinstance(room, BaseCommand) else load_command_class(room, name)
