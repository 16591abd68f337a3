"""`kefu django …`: Django's own commands, with this installation's settings."""

from __future__ import annotations

import os
from argparse import Namespace

from django.core.management import execute_from_command_line

from kefu.config.running import folder
from kefu.config.running.choices import choose


def run(arguments: Namespace) -> int:
    choices, environ = choose(arguments)
    folder.make(choices.data)
    os.environ.update(environ)
    execute_from_command_line(["kefu django", *arguments.rest])
    return 0
