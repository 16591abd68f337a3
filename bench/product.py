"""Kefu as its users start it, with customers who have a conversation and agents who have signed in."""

from __future__ import annotations

import json
import time
from pathlib import Path

from bench import machine
from bench.load.frames import Chat
from bench.load.record import Usage
from bench.servers import Door, usage_of
from tests.faults.people import Agent
from tests.product import Product

WEB, WORKER = "kefu.config.running.web", "kefu.config.running.worker"
# Agents of the demo who see the team that the conversations come to.
AGENTS = ("winnie@xinghai.example", "brian@xinghai.example", "grace@xinghai.example")
TOPIC = "account"
PREPARE = "from bench.preparing import {name}; {name}({arguments})"
# The worker follows what was prepared; until it has, it would take from the first run.
SETTLED_WITHIN, LOOK_FOR, IDLE_SHARE = 120.0, 1.0, 0.1


class Kefu:
    """One web process on the server's core; the worker runs wherever the system puts it, as at our users'."""

    name = "Kefu"
    is_counting = True

    def __init__(self, folder: Path, core: int, **environment: str) -> None:
        self.product = Product(folder, **environment)
        self.core = core
        self.door = Door(self.product.port, "/ws/v1")
        self.list_topic = ""
        self._chats: list[Chat] = []
        self._agents: list[str] = []

    def start(self) -> Kefu:
        try:
            self.product.start()
        except AssertionError as problem:
            raise machine.NotMeasurable(f"Kefu did not start: {problem}") from problem
        machine.pin(self.web(), self.core)
        self.list_topic = f"desk/{self.prepare('team_of', TOPIC)}"
        return self

    def prepare(self, name: str, *arguments: object) -> str:
        """What a function of `bench.preparing` prints, run in the product's own environment."""
        words = ", ".join(repr(argument) for argument in arguments)
        try:
            return self.product.django(PREPARE.format(name=name, arguments=words))
        except AssertionError as problem:
            raise machine.NotMeasurable(f"Kefu could not be prepared: {problem}") from problem

    def chats(self, number: int) -> list[Chat]:
        if (missing := number - len(self._chats)) > 0:
            printed = self.prepare("ask", TOPIC, len(self._chats), missing)
            self._chats += [Chat(**json.loads(line)) for line in printed.splitlines()]
            self.settle()
        return self._chats[:number]

    def agents(self) -> list[str]:
        if not self._agents:
            for name in AGENTS:
                agent = Agent(self.product)
                agent.sign_in(name)
                self._agents.append(agent.cookies)
        return self._agents

    def usage(self) -> Usage:
        return usage_of([self.web()], self._of(WORKER))

    def web(self) -> int:
        found = self._of(WEB)
        if len(found) != 1:
            raise machine.NotMeasurable(f"Kefu has {len(found)} web processes, not one.")
        return found[0]

    def settle(self) -> None:
        """Wait until the worker has nothing to do."""
        deadline = time.monotonic() + SETTLED_WITHIN
        while time.monotonic() < deadline:
            before = machine.cpu_seconds(self._of(WORKER))
            time.sleep(LOOK_FOR)
            if machine.cpu_seconds(self._of(WORKER)) - before < IDLE_SHARE * LOOK_FOR:
                return

    def stop(self) -> None:
        if self.product.process is not None:
            self.product.stop()
        self.product.data.with_suffix(".log").write_text("".join(self.product.log))

    def _of(self, module: str) -> list[int]:
        assert self.product.process is not None  # noqa: S101 - it was started
        return machine.of_group(self.product.process.pid, module)
