"""`kefu serve`: take the folder and the port, prepare what is not, keep web and worker running."""

from __future__ import annotations

import json
import os
import socket
import time
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kefu.config import logs
from kefu.config.running import stamp
from kefu.config.running.children import Child, Part
from kefu.config.running.choices import Choices, choose
from kefu.config.running.folder import DataFolder
from kefu.config.running.listening import listen
from kefu.config.running.readiness import Question
from kefu.config.running.refusal import NOT_PREPARED, SAID_WHY, Refusal
from kefu.config.running.supervisor import Ended, Supervisor
from kefu.config.running.welcome import say, welcome

# After kill -9 the old children may still be finishing, and a web process that ends holds the port.
PATIENCE_WITH_THE_DEAD = 12.0
# A child that dies this often before Kefu is ready won't get better by itself.
TRIES = 3
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
                Serving(choices, supervisor, listening).until_ended()
    except Ended:
        return 0
    finally:
        folder.give_back()
    return 0


class NeedsPreparing(Exception):
    """A web process found another database than the stamp says."""


class Serving:
    """One run of Kefu, from preparing to the end."""

    def __init__(self, choices: Choices, supervisor: Supervisor, listening: socket.socket) -> None:
        self.choices = choices
        self.supervisor = supervisor
        self.listening = listening
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
        for line in welcome(self.choices, port=self.listening.getsockname()[1], greeting=self.greeting or {}):
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
        return [replace(WORKER, arguments=("--greet", str(giving)), inherits=(giving,)), *webs]

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
