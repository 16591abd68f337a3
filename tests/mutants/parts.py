"""The parts of Kefu whose tests are judged by mutants, and which tests judge them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """Modules in the order of their imports, each with the tests that belong to it.

    `siblings` are groups of names that could be taken for each other in a table. `leaves_out` are tests that compare
    sources or measure time. `takers` are modules outside of the part that took names from it. What can be read again
    lies in memory for all trials; what Django's models are made of can't, and is read anew for each. What no test
    notices on SQLite is tried once more on PostgreSQL, if the part has statements of its own for it.
    """

    name: str
    modules: Mapping[str, Sequence[str]]
    siblings: Sequence[Sequence[str]] = ()
    patterns: str = ""
    leaves_out: Sequence[str] = ()
    takers: Sequence[str] = ()
    is_read_again: bool = True
    is_also_on_postgresql: bool = False


def _tests(room: str, *names: str) -> list[str]:
    return [f"kefu/{room}/tests/test_{name}.py" for name in names]


JOURNAL = "kefu/journal"
FINDERS = "kefu/safety/finders"
GUARD = "kefu/safety/guard.py"
# Those first that take no time.
GUARD_TESTS = _tests("safety", "folding", "guard_edges", "guard_words", "guard")
HOW_LONG = f"{GUARD_TESTS[-1]}::test_no_text_takes_long"
# What the browser has was written from the true patterns, so this test would notice any change of them.
PUBLISHED = f"{GUARD_TESTS[-1]}::test_the_browser_has_the_servers_patterns_and_words"
USE_PATTERNS = [
    f"{FINDERS}/{name}.py" for name in ("folding", "spans", "codes", "keys", "passwords", "phrases")
]
PARTS = (
    Part("hours", {"kefu/waiting/hours.py": _tests("waiting", "hours")}),
    Part(
        "policy",
        {"kefu/accounts/policy.py": _tests("accounts", "policy")},
        siblings=(("OWN", "BRAND"), ("NO", "TEAMS", "ALL")),
    ),
    Part("guard", dict.fromkeys((*USE_PATTERNS, GUARD), GUARD_TESTS), leaves_out=[HOW_LONG]),
    Part(
        "patterns",
        {f"{FINDERS}/patterns.py": GUARD_TESTS},
        patterns=f"{FINDERS}/patterns.py",
        leaves_out=[HOW_LONG, PUBLISHED],
        takers=[*USE_PATTERNS, f"{FINDERS}/published.py", GUARD],
    ),
    Part("fields", {"kefu/safety/fields.py": _tests("safety", "fields", "keys")}, is_read_again=False),
    Part(
        "facts",
        dict.fromkeys((f"{JOURNAL}/actor.py", f"{JOURNAL}/events.py"), _tests("journal", "recording"))
        | {
            f"{JOURNAL}/models.py": _tests("journal", "models"),
            f"{JOURNAL}/revisions.py": _tests("journal", "revisions", "models"),
        },
        is_read_again=False,
    ),
    Part(
        "journal",
        {
            f"{JOURNAL}/{name}.py": _tests("journal", *tests)
            for name, tests in {
                "place": ("place",),
                "reading": ("reading", "tail", "listeners"),
                "times": ("times",),
                "replay": ("replay",),
                "actions": ("recording",),
                "looks": ("recording",),
                "listeners": ("followers", "failing_listeners", "listeners"),
                "tail": ("tail_rounds", "tail"),
            }.items()
        },
        is_also_on_postgresql=True,
    ),
    Part(
        "rings",
        {
            f"{JOURNAL}/rings/{name}.py": _tests("journal", *tests)
            for name, tests in {
                "frames": ("ring_frames", "rings"),
                "redis_channel": ("redis_channel", "rings"),
                "notify_channel": ("notify_channel", "notify"),
                "sockets": ("ring_sockets", "rings"),
                "bell": ("bell", "bell_threads", "rings"),
                "trial": ("ring_trial",),
                "ears": ("ears", "rings"),
            }.items()
        },
        takers=[f"{JOURNAL}/rings/__init__.py", f"{JOURNAL}/actions.py"],
        is_also_on_postgresql=True,
    ),
    Part(
        "statements",
        {
            f"{JOURNAL}/{name}.py": _tests("journal", *tests)
            for name, tests in {
                "columns": ("columns", "rows"),
                "pipeline": ("pipeline", "prepared", "together_at_last"),
                "prepared": ("prepared", "rows", "together_at_last"),
                "rows": ("rows",),
            }.items()
        },
        is_also_on_postgresql=True,
    ),
    Part("writer", {"kefu/realtime/writer.py": _tests("realtime", "writer_alone", "writer")}),
)
