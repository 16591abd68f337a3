"""`kefu serve`: take the folder and the port, prepare what is not, keep web and worker running."""

from __future__ import annotations

import json
import os
import socket
import time
from argparse import Namespace
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

from kefu.config import logs
from kefu.config.running import stamp
from kefu.config.running.children import Child, Part
from kefu.config.running.choices import Choices, choose
from kefu.config.running.folder import DataFolder
from kefu.config.running.listening import listen, listen_beside
from kefu.config.running.readiness import Question
from kefu.config.running.refusal import NOT_PREPARED, SAID_WHY, Refusal
from kefu.config.running.supervisor import Ended, Supervisor
from kefu.config.running.welcome import say, welcome

# After kill -9 the old children may still be finishing, and a web process that ends holds the port.
PATIENCE_WITH_THE_DEAD = 12.0
# A child that dies this often before Kefu is ready won't get better by itself.
TRIES = 3
# Another host than the product's localhost, so that the chat is as foreign to the website as it is in real life.
EXCHANGE_HOST = "127.0.0.1"
WORKER = Part("worker", "kefu.config.running.worker")


def run(flags: Namespace) -> int:
    choices, environ = choose(flags)
    logs.configure({"level": environ.get("KEFU_LOG", "info")})
    folder = DataFolder(choices.data)
    try:
        with Supervisor(environ) as supervisor:
            folder.take()
            patience = PATIENCE_WITH_THE_DEAD if folder.was_left_behind else 0.0
            with listen(choices.host, choices.port, patience=patience) as listening:
                folder.note_port(listening.getsockname()[1])
                with exchange_beside(choices, listening) as exchange:
                    Serving(choices, supervisor, listening, exchange).until_ended()
    except Ended:
        return 0
    finally:
        folder.give_back()
    return 0


def exchange_beside(
    choices: Choices, listening: socket.socket
) -> AbstractContextManager[socket.socket | None]:
    """Where the demo exchange's website listens; it asks for no password, so only where nobody else reaches it."""
    is_there = choices.fills_demo and choices.origin.is_local
    return listen_beside(listening, EXCHANGE_HOST) if is_there else nullcontext()


class NeedsPreparing(Exception):
    """A web process found another database than the stamp says."""


class Serving:
    """One run of Kefu, from preparing to the end."""

    def __init__(
        self,
        choices: Choices,
        supervisor: Supervisor,
        listening: socket.socket,
        exchange: socket.socket | None = None,
    ) -> None:
        self.choices = choices
        self.supervisor = supervisor
        self.listening = listening
        self.exchange = exchange
        self.question = Question(listening)
        self.greeting: Mapping[str, Any] | None = None
        self.is_answering = False
        self.deaths = 0

    def until_ended(self) -> None:
        """Serve until a signal asks for the end, which raises Ended. Raises Refusal if it can't get ready."""
        if not stamp.is_prepared(self.choices):
            self._prepare()
        try:
            self._get_ready()
        except NeedsPreparing:
            self.supervisor.end_all()
            stamp.remove(self.choices.data)
            self._prepare()
            self._get_ready()
        # Customers and agents need nothing of it, so it neither delays them nor stops them.
        self.supervisor.add(self._exchange_parts())
        greeting = dict(self.greeting or {})
        if self.exchange:
            greeting["exchange"] = f"http://{EXCHANGE_HOST}:{self.exchange.getsockname()[1]}"
        for line in welcome(self.choices, port=self.listening.getsockname()[1], greeting=greeting):
            say(line)
        while True:
            self.supervisor.tend()

    def _prepare(self) -> None:
        code = self.supervisor.run_once(Part("prepare", "kefu.config.running.prepare"))
        if code == SAID_WHY:
            raise Refusal("")
        if code:
            raise Refusal("The data folder could not be prepared; the lines above say why.")

    def _get_ready(self) -> None:
        receiving, giving = os.pipe()
        try:
            self.supervisor.watch(receiving, lambda: self._take_greeting(receiving))
            self._ask()
            self.supervisor.add(self._parts(giving))
            while not (self.is_answering and self.greeting is not None):
                for child, code in self.supervisor.tend():
                    self._weigh(child, code)
            self._greet_no_more()
        finally:
            self._stop_asking()
            self.supervisor.unwatch(receiving)
            os.close(receiving)
            os.close(giving)

    def _parts(self, giving: int) -> list[Part]:
        listening = self.listening.fileno()
        webs = [
            Part(
                f"web-{number}",
                "kefu.config.running.web",
                ("--socket", str(listening), "--number", str(number)),
                (listening,),
            )
            for number in range(self.choices.web)
        ]
        if self.choices.only_sockets:
            # Those that serve the pages work at the tasks too, and greet.
            self.greeting = {}
            return webs
        return [replace(WORKER, arguments=("--greet", str(giving)), inherits=(giving,)), *webs]

    def _exchange_parts(self) -> list[Part]:
        if self.exchange is None:
            return []
        product = self.choices.origin.local(self.listening.getsockname()[1])
        place = self.exchange.fileno()
        arguments = ("--socket", str(place), "--product", product)
        return [Part("exchange", "kefu.config.running.exchange", arguments, (place,))]

    def _weigh(self, child: Child, code: int) -> None:
        """Before the first "ready", a death may be a reason to give up."""
        self.deaths += 1
        if code == NOT_PREPARED:
            raise NeedsPreparing
        if code == SAID_WHY:
            raise Refusal("")
        if self.deaths >= TRIES:
            raise Refusal(f"The process {child.part.name} can't start; the lines above say why.")

    def _greet_no_more(self) -> None:
        """The next worker gets no descriptor for a greeting: ours is about to close."""
        for child in self.supervisor.children:
            if child.part.name == WORKER.name:
                child.part = WORKER

    def _ask(self) -> None:
        self.supervisor.watch(self.question.ask(), self._take_answer)

    def _take_answer(self) -> None:
        self._forget_question()
        self.is_answering = self.question.is_answered()
        if not self.is_answering:
            time.sleep(0.05)
            self._ask()

    def _forget_question(self) -> None:
        if self.question.asked:
            self.supervisor.unwatch(self.question.asked.fileno())

    def _stop_asking(self) -> None:
        self._forget_question()
        self.question.close()

    def _take_greeting(self, receiving: int) -> None:
        self.greeting = json.loads(os.read(receiving, 65536) or b"{}")
        self.supervisor.unwatch(receiving)
