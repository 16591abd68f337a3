"""H1, H2: fifty customers and ten agents talk while everything around them breaks; in the end nobody lacks anything.

A short run has everything at once. A long run has each fault by itself for a minute, and more people. A run that fails
prints what was broken when; its seed is in its name, and `bin/test --only faults --seed N` has it again.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.faults.breaking import BLOWS, Field, strike
from tests.faults.crowd import Crowd
from tests.faults.flood import Flooder
from tests.faults.judging import Truth, behind, judge
from tests.faults.processes import only_where_sockets_have_owners
from tests.faults.proxy import Proxy
from tests.product import Product
from tests.seeds import is_long, seeds
from tests.servers import OwnPostgres, OwnRedis

pytestmark = [pytest.mark.fault, only_where_sockets_have_owners]
CUSTOMERS, AGENTS = (200, 20) if is_long() else (50, 10)
WEB = 2
# A mixed run takes about 25 seconds with its flood and its quiet end; each blow is struck at least once, whatever it takes.
MIXED_FOR, SINGLE_FOR, QUIET_WITHIN = 15.0, 60.0, 60.0
PEOPLE = "from tests.faults.inside import come_in; come_in({customers}, {agents})"
TELL = "from tests.faults.inside import tell; tell()"
# What lasts as long as the run, beside the blows.
TWICE, TRANSACTION = "twice", "transaction"
FAULTS = {
    "postgres-redis": ("sockets", "acks", "web", "frozen", "redis", "postgres", TWICE, TRANSACTION),
    "postgres": ("sockets", "acks", "web", "frozen", "postgres", TWICE, TRANSACTION),
    "sqlite": ("sockets", "acks", "web", "frozen", TWICE),
}


People = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Run:
    setup: str
    faults: Sequence[str]
    seed: int
    seconds: float

    @property
    def is_mixed(self) -> bool:
        return len(self.faults) > 1

    def __str__(self) -> str:
        return f"{self.setup}-{'mixed' if self.is_mixed else self.faults[0]}-seed-{self.seed}"


def runs() -> Iterator[Run]:
    for setup, faults in FAULTS.items():
        for seed in seeds():
            yield Run(setup, faults, seed, MIXED_FOR)
        for place, fault in enumerate(faults if is_long() else ()):
            yield Run(setup, (fault,), seeds()[place % len(seeds())], SINGLE_FOR)


@pytest.mark.parametrize("run", list(runs()), ids=str)
def test_whatever_breaks_everybody_has_in_the_end_what_the_database_has(
    run: Run,
    started: Callable[..., Product],
    own_postgres: Callable[[], OwnPostgres],
    own_redis: Callable[[], OwnRedis],
) -> None:
    print(f"Seed {run.seed}: {CUSTOMERS} customers, {AGENTS} agents, {', '.join(run.faults)} on {run.setup}.")
    postgres = own_postgres() if "postgres" in run.setup else None
    redis = own_redis() if "redis" in run.setup else None
    environment = {"DATABASE_URL": postgres.new_database("kefu")} if postgres else {}
    environment |= {"REDIS_URL": redis.url} if redis else {}
    product = started("--web", str(WEB), **environment)

    crowd, flooder, truth = asyncio.run(go_through(run, product, postgres, redis))

    judge(crowd, truth)
    stored = [row["client_id"] for row in truth[flooder.ref]["messages"][1:]]
    assert sorted(stored) == sorted(flooder.acked)


async def go_through(
    run: Run, product: Product, postgres: OwnPostgres | None, redis: OwnRedis | None
) -> tuple[Crowd, Flooder, Truth]:
    chance = random.Random(run.seed)  # noqa: S311 - moments, not secrets
    told = json.loads(product.django(PEOPLE.format(customers=CUSTOMERS + 1, agents=AGENTS)))
    proxy = Proxy(product.port)
    port = await proxy.start()
    crowd, flooder = crowd_and_flooder(port, told, chance)
    field = Field(product, proxy, crowd, chance, WEB, postgres, redis)
    try:
        await crowd.come()
        await flooder.flood(crowd)
        field.note(f"a flood was limited after {len(flooder.acked)} messages")
        if TRANSACTION in run.faults and postgres is not None:
            postgres.hold_transaction()
        for client in crowd.clients:
            client.says_twice = float(TWICE in run.faults) / (2 if run.is_mixed else 1)
        crowd.begin()
        await strike(field, [fault for fault in run.faults if fault in BLOWS], run.seconds)
        field.note("nothing more is begun")
        await crowd.finish(QUIET_WITHIN)
        field.note("everything is said")
        truth = await the_truth(field)
        field.note(f"everybody is told; {field.crowd.summary()}")
        return crowd, flooder, truth
    finally:
        await crowd.end()
        await proxy.stop()
        if postgres is not None:
            postgres.end_transaction()


def crowd_and_flooder(port: int, told: People, chance: random.Random) -> tuple[Crowd, Flooder]:
    *_, flooding = told["customers"]
    people = {"customers": told["customers"][:-1], "agents": told["agents"]}
    crowd = Crowd(port, people, chance)
    for desk in crowd.agents:
        if desk.team == flooding["team"]:
            # Its row is on their list, too.
            desk.may_see.add(flooding["ref"])
    return crowd, Flooder(port, flooding["ref"], flooding["cookie"])


async def the_truth(field: Field) -> Truth:
    """What the database has, once every client has come as far."""
    deadline = time.monotonic() + QUIET_WITHIN
    while True:
        truth: Truth = json.loads(await asyncio.to_thread(field.product.django, TELL))
        late = behind(field.crowd, truth)
        if not late:
            return truth
        assert time.monotonic() < deadline, f"{len(late)} are not as far as the database: {late[:20]}"
