"""What a door is: a page or a request, the verb that it asks the policy for, and everybody who may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kefu.accounts.policy import May

if TYPE_CHECKING:
    from kefu.config.tests.mallory.world import World

CUSTOMERS = {"customer", "holder", "holder of another", "stranger", "neighbour", "neighbour at home"}
# Agents of the team who lead nobody; two of them were granted the help centre beside their role.
AGENTS = {"agent", "writer", "publisher"}
TEAM = AGENTS | {"lead", "supervisor", "admin"}
STRANGE_STAFF = {"supervisor of another team", "supervisor of another brand", "publisher of another brand"}
NO_STAFF = {"half admin", "admin who left"}
EVERYBODY = CUSTOMERS | TEAM | STRANGE_STAFF | NO_STAFF | {"auditor", "nobody"}

ONLY_THE_CUSTOMER = {"customer"}
THEIRS = {"customer", "holder"}
TEAM_READS = TEAM | {"auditor"}
TEAM_SETS = {"lead", "supervisor", "admin"}
ADMIN = {"admin"}
DESK = TEAM_READS | STRANGE_STAFF
LEADERS = DESK - AGENTS - {"publisher of another brand"}

Values = Callable[["World"], Any]


def nothing(_world: World) -> Any:
    return {}


@dataclass(frozen=True)
class Door:
    """`args` names what of the world stands in the address. Whoever is in `opens_for` succeeds; all others are refused.

    `shows` are words of the world's that a success has in its answer and a refusal never. A `quiet` door answers everybody
    and shows or does nothing of this; `leads` is where it sends those who are not let in. The policy is not asked about
    `unasked`, who change nothing or bring a proof of their own. To a `token` door each comes by a token: agents by their own.
    """

    verb: May
    view: str
    method: str
    opens_for: frozenset[str]
    args: tuple[str, ...] = ()
    query: Values = nothing
    json: Values | None = None
    form: Values = nothing
    raw: Values | None = None
    headers: Mapping[str, str] | None = None
    about: str = "case"
    shows: str = ""
    quiet: bool = False
    leads: str = ""
    changes: bool = True
    bearer: bool = False
    token: bool = False
    letters_leave: bool = True
    unasked: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.verb}: {self.method} {self.view}" + (
            f" ({self.about})" if self.about != "case" else ""
        )


def page(verb: May, view: str, opens_for: set[str], *args: str, **more: Any) -> Door:
    """What is only looked at."""
    return Door(verb, view, "GET", frozenset(opens_for), args, changes=False, **more)


def form(verb: May, view: str, opens_for: set[str], *args: str, of: Values = nothing, **more: Any) -> Door:
    """A form that a page sends."""
    return Door(verb, view, "POST", frozenset(opens_for), args, form=of, **more)


def request(verb: May, view: str, opens_for: set[str], *args: str, of: Values, **more: Any) -> Door:
    """JSON that a script of our own pages sends."""
    return Door(verb, view, "POST", frozenset(opens_for), args, json=of, **more)


def by_token(
    verb: May, view: str, opens_for: set[str], *args: str, of: Values | None = None, **more: Any
) -> Door:
    """What programs read, or send as JSON."""
    method = "PUT" if of else "GET"
    return Door(
        verb, view, method, frozenset(opens_for), args, json=of, token=True, changes=of is not None, **more
    )
