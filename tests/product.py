"""The whole product as its users meet it: started by its own command, in a folder of its own, on a free port."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from tests.console import Console

ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN = 180
STOPPED_WITHIN = 40


class Product:
    """A running Kefu with the demo exchange; `log` is all that it has printed."""

    program: Sequence[str] = (sys.executable, "-m", "kefu")
    folder = ROOT

    def __init__(self, data: Path, *options: str, **environment: str) -> None:
        self.data = data
        self.port = _free_port()
        self.url = f"http://localhost:{self.port}"
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("KEFU_")
            and name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL"}
        } | environment
        self.options = options
        self.log: list[str] = []
        self.process: subprocess.Popen[str] | None = None
        self.reader = threading.Thread()
        self.console: Console | None = None

    def start(self) -> None:
        place = ("--port", str(self.port), "--data", str(self.data))
        self.process = subprocess.Popen(
            [*self.program, "serve", *place, *self.options],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.wait_for("Kefu is ready on", READY_WITHIN)

    def _read(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        with self.process.stdout as printed:
            for line in printed:
                self.log.append(line)

    def wait_for(self, words: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not any(words in line for line in self.log):
            assert self.process is not None
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{words!r} was not printed:\n{''.join(self.log)}")
            time.sleep(0.05)

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        assert self.process is not None
        self._close_console()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOPPED_WITHIN)
        self.reader.join(5)
        return code

    def kill_all(self) -> None:
        """The hard way, for the whole group."""
        assert self.process is not None
        self._close_console()
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOPPED_WITHIN)
        self.reader.join(5)

    def sign_in_link(self, name: str) -> str:
        """A fresh one-time link for a demo agent."""
        done = self.django(
            f"from django.core.management import call_command\ncall_command('signin', {name!r})"
        )
        found = re.search(r"http://\S+/staff/link/\S+", done)
        assert found, done
        return found.group()

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [*self.program, *words],
            cwd=self.folder,
            env=self._of_operator(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def django(self, code: str) -> str:
        """Run a few lines against the product's own database, as an operator's shell would."""
        if self.console is None:
            self.console = Console(self.program, self.folder, self._of_operator())
        return self.console.run(code)

    def _of_operator(self) -> dict[str, str]:
        return self.environment | {"KEFU_DATA": str(self.data), "KEFU_PORT": str(self.port)}

    def _close_console(self) -> None:
        if self.console is not None:
            self.console.close()
            self.console = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


OPEN_ALWAYS = """
from kefu.waiting.models import *
from kefu.accounts.models import Team
WeeklyHours.objects.all().delete()
for team in Team.objects.all():
    WeeklyHours.objects.bulk_create([WeeklyHours(team=team, weekday=day, opens=0, closes=1440) for day in range(7)])
"""
CLOSED_TODAY = """
from kefu.waiting.models import *
from kefu.accounts.models import Team
from django.utils.timezone import now
from zoneinfo import ZoneInfo
WeeklyHours.objects.all().delete()
for team in Team.objects.all():
    tomorrow = (now().astimezone(ZoneInfo(team.zone)).weekday() + 1) % 7
    WeeklyHours.objects.create(team=team, weekday=tomorrow, opens=1430, closes=1440)
"""
BEGUN_ANEW = """
from django.utils.timezone import now
from kefu.conversations.models import Conversation
from kefu.safety.models import Counter
Counter.objects.all().delete()
done = {"state": "resolved", "turn": "none", "waits_for_us": False, "resolved_at": now()}
Conversation.objects.exclude(state="resolved").update(**done)
"""
LET_A_MINUTE_PASS = """
from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult
from kefu.conversations.models import Message, Visibility
import time
answer = Message.objects.filter(participant__agent__isnull=False).exclude(visibility=Visibility.STAFF).latest("pk")
# The worker makes it once it has heard of the answer; those of earlier stories may wait there before.
waiting = DBTaskResult.objects.filter(
    status="READY", task_path__endswith="announce_answer", args_kwargs__kwargs__message_id=answer.pk
)
deadline = time.monotonic() + 20
while not waiting.update(run_after=now()):
    assert time.monotonic() < deadline, "No answer waits to be announced."
    time.sleep(0.1)
"""
