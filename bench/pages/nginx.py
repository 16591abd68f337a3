"""nginx, serving the very bytes of a page as a file: one worker on the server's core, as fast as a file can be served."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from getpass import getuser
from pathlib import Path
from urllib.request import urlopen

from bench import machine

NEEDED = {"nginx": "nginx", "wrk": "wrk"}
READY_WITHIN, STOPPED_WITHIN = 20.0, 10.0
# Its folder is this run's own, so the worker is who runs the bench, root included.
CONFIGURATION = """
user {user};
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/errors;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    default_type "text/html; charset=utf-8";
    sendfile on;
    tcp_nopush on;
    etag on;
    open_file_cache max=16;
    keepalive_requests 100000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


def require_tools() -> None:
    """nginx and wrk from Debian; root has them installed, everybody else is told how. Raises NotMeasurable."""
    missing = [package for program, package in NEEDED.items() if not shutil.which(program)]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise machine.NotMeasurable(
            f"The bench of pages needs {' and '.join(missing)}: apt-get install them."
        )
    # A nginx of the system's own must not take port 80 because of us.
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    done = subprocess.run(
        ["apt-get", "install", "-y", "--no-install-recommends", *missing],
        env=os.environ | quiet,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise machine.NotMeasurable(f"apt-get could not install {' and '.join(missing)}:\n{done.stderr}")


@dataclass
class Nginx:
    """Serves `files`, by name."""

    folder: Path
    core: int
    files: dict[str, bytes]
    port: int = field(default_factory=machine.free_port)
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> Nginx:
        place = self.folder / "files"
        place.mkdir(parents=True)
        for name, content in self.files.items():
            (place / name).write_bytes(content)
        configuration = self.folder / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(folder=self.folder, port=self.port, user=getuser()))
        self.process = subprocess.Popen(
            ["taskset", "-c", str(self.core), "nginx", "-p", str(self.folder), "-c", str(configuration)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + READY_WITHIN
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise machine.NotMeasurable(f"nginx did not start:\n{(self.folder / 'errors').read_text()}")
            time.sleep(0.05)
        return self

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"

    def _answers(self) -> bool:
        try:
            with urlopen(self.address(next(iter(self.files))), timeout=5) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)  # noqa: PLR2004 - it is there
        except OSError:
            return False

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOPPED_WITHIN)
