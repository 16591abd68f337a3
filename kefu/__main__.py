"""`kefu VERB …`: few verbs. Serve and help need the standard library only; the others set up Django first."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from kefu.config.running import flags
from kefu.config.running.choices import choose
from kefu.config.running.folder import port_in_use
from kefu.config.running.refusal import Refusal

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Verb:
    """A verb, what it says about itself, its own flags, and the module of kefu.config whose run() does it."""

    words: tuple[str, ...]
    says: str
    module: str
    flags: flags.Adding = flags.none
    uses_django: bool = True
    hands_on: bool = False


OF_ROOMS = "commands.of_rooms"
VERBS = (
    Verb(("serve",), "set up what is needed and serve", "running.serve", flags.serve, uses_django=False),
    Verb(("check",), "tell whether this installation is sound", "commands.check"),
    Verb(
        ("brand", "add"), "add a brand, with a team, its hours and a topic", "commands.brand_add", flags.brand
    ),
    Verb(("brand", "origins"), "say whose pages may show a brand's chat", OF_ROOMS, hands_on=True),
    Verb(("signin",), "print a sign-in link for an agent", OF_ROOMS, hands_on=True),
    Verb(("agent", "add"), "add an agent", OF_ROOMS, hands_on=True),
    Verb(("agent", "invite"), "invite an agent by mail", OF_ROOMS, hands_on=True),
    Verb(("agent", "close"), "close all ways in of an agent who has left", OF_ROOMS, hands_on=True),
    Verb(("agent", "reset"), "take away an agent's lost second factor", OF_ROOMS, hands_on=True),
    Verb(("token", "add"), "give a program a token of an agent", OF_ROOMS, hands_on=True),
    Verb(("token", "list"), "list the tokens of agents", OF_ROOMS, hands_on=True),
    Verb(("token", "revoke"), "end a token", OF_ROOMS, hands_on=True),
    Verb(("platform", "set"), "say how the trading platform signs", OF_ROOMS, hands_on=True),
    Verb(("platform", "show"), "show how the trading platform signs", OF_ROOMS, hands_on=True),
    Verb(("platform", "rotate"), "change the platform's secret, or fetch its keys", OF_ROOMS, hands_on=True),
    Verb(("platform", "remove"), "believe the trading platform no more", OF_ROOMS, hands_on=True),
    Verb(("customer", "export"), "hand out all that is kept of a person", OF_ROOMS, hands_on=True),
    Verb(("customer", "erase"), "forget a person for good", OF_ROOMS, hands_on=True),
    Verb(("demo", "fill"), "fill the demo exchange", OF_ROOMS, hands_on=True),
    Verb(("articles", "import"), "bring articles to what a folder says", OF_ROOMS, hands_on=True),
    Verb(("articles", "export"), "write articles into a folder", OF_ROOMS, hands_on=True),
    Verb(("reindex",), "write the search index anew", OF_ROOMS, hands_on=True),
    Verb(("rotate-keys",), "encrypt with a new key from now on", OF_ROOMS, hands_on=True),
    Verb(("django",), "run a Django command", "commands.django_command", uses_django=False, hands_on=True),
)


def parser() -> ArgumentParser:
    front = ArgumentParser(prog="kefu", description="Kefu, the support centre of a trading platform.")
    verbs = front.add_subparsers(required=True, metavar="VERB")
    groups: dict[str, Any] = {}
    for verb in VERBS:
        place = _group(verb.words[0], verbs, groups) if len(verb.words) > 1 else verbs
        # A verb that hands its arguments on lets the command explain them too.
        own = place.add_parser(
            verb.words[-1], help=verb.says, description=verb.says, add_help=not verb.hands_on
        )
        flags.data(own)
        verb.flags(own)
        own.set_defaults(verb=verb)
    return front


def _group(word: str, verbs: Any, groups: dict[str, Any]) -> Any:
    """The verbs that follow a first word, such as `agent add`."""
    if word not in groups:
        says = ", ".join(" ".join(verb.words) for verb in VERBS if verb.words[0] == word)
        groups[word] = verbs.add_parser(word, help=says).add_subparsers(required=True, metavar="VERB")
    return groups[word]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one verb and give its exit code: 0 done, 1 refused with a sentence, 2 not understood."""
    if sys.version_info < OLDEST_PYTHON:
        sys.stderr.write("Kefu needs Python 3.11 or newer; start it with bin/kefu, which finds one.\n")
        return 1
    chosen = _understood(arguments)
    try:
        if chosen.verb.uses_django:
            _set_up(chosen)
        return int(import_module(f"kefu.config.{chosen.verb.module}").run(chosen))
    except Refusal as refusal:
        if str(refusal):
            sys.stderr.write(f"{refusal}\n")
        return 1


def _understood(arguments: Sequence[str] | None) -> Namespace:
    front = parser()
    chosen, rest = front.parse_known_args(arguments)
    chosen.rest = rest
    if rest and not chosen.verb.hands_on:
        front.error(f"{' '.join(chosen.verb.words)} does not know {rest[0]}")
    return chosen


def _set_up(chosen: Namespace) -> None:
    choices, environ = choose(chosen)
    # Addresses that a command prints are those of the Kefu that runs now.
    if "KEFU_PORT" not in environ and (port := port_in_use(choices.data)):
        environ["KEFU_PORT"] = port
    os.environ.update(environ)
    import_module("kefu.config.running.setup").set_up(choices.data)


if __name__ == "__main__":
    sys.exit(main())
