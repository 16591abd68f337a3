"""What serve says on the operator's screen."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from kefu.config.origin import FRAMES_PATH, SOCKET_PATH
from kefu.config.running.choices import CHECKOUT, Choices


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def welcome(choices: Choices, *, port: int, greeting: Mapping[str, Any]) -> Iterator[str]:
    """The addresses, how to sign in, and last the line that says that Kefu is ready."""
    public = choices.origin.public(port)
    if choices.only_sockets:
        yield f"Sockets:    {public}{SOCKET_PATH} and {public}{FRAMES_PATH}, and no page"
        yield f"Kefu is ready on {choices.origin.local(port)}"
        return
    yield f"Customers:  {public}/"
    yield f"Agents:     {public}/desk/"
    if greeting.get("exchange"):
        yield f"Exchange:   {greeting['exchange']}/ (the demo's own website, with the chat inside)"
    if choices.origin.is_nameless:
        yield "Others can't open it yet: say by which names they do, as in KEFU_HOSTS=support.example.com."
    if greeting.get("outbox"):
        yield f"Letters:    {public}{greeting['outbox']} (the demo has no mail server)"
    if not greeting.get("has_brands", True):
        add = _command(choices, "brand add KEY --name NAME --prefix XX")
        yield f"There is no brand yet, so customers find no page: {add}"
    guests = greeting.get("guests", [])
    if guests:
        another = _command(choices, "signin NAME")
        yield f"Sign in within ten minutes, once by each link; {another} makes another:"
        yield from (f"  {guest['name']} ({guest['role']}): {public}{guest['path']}" for guest in guests)
    elif not greeting.get("has_agents", True):
        yield f"Nobody can sign in yet: {_command(choices, 'agent add EMAIL --name NAME --role admin')}"
    yield f"Kefu is ready on {choices.origin.local(port)}"


def _command(choices: Choices, words: str) -> str:
    """As it is typed for the folder that is served, from any terminal."""
    is_usual = choices.data == CHECKOUT / "data"
    return f"bin/kefu {words}" + ("" if is_usual else f" --data {shlex.quote(str(choices.data))}")
