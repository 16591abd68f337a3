from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from kefu.config.running import folder
from kefu.config.running.folder import DataFolder
from kefu.config.running.listening import listen
from kefu.config.running.refusal import Refusal


def taking_it_elsewhere(path: Path) -> subprocess.CompletedProcess[str]:
    """Another process takes the folder and says what came of it."""
    program = (
        "import sys, pathlib; from kefu.config.running.folder import DataFolder\n"
        "taken = DataFolder(pathlib.Path(sys.argv[1])); taken.take(); print(taken.was_left_behind)"
    )
    return subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=False)


def test_a_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    folder.make(tmp_path / "new" / "data")

    assert (tmp_path / "new" / "data").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Refusal, match=r"can't write in .*--data"):
        folder.make(tmp_path / "file" / "data")


def test_a_folder_in_use_is_refused_to_a_second_kefu_which_names_the_first(tmp_path: Path) -> None:
    mine = DataFolder(tmp_path)
    mine.take()

    second = taking_it_elsewhere(tmp_path)

    assert second.returncode != 0
    assert f"already running on {tmp_path} (process {os.getpid()})" in second.stderr
    mine.give_back()
    assert taking_it_elsewhere(tmp_path).returncode == 0


def test_a_folder_tells_whether_its_last_kefu_ended_well(tmp_path: Path) -> None:
    fresh = DataFolder(tmp_path)
    fresh.take()
    fresh.give_back()
    again = taking_it_elsewhere(tmp_path)
    after_the_other_just_died = DataFolder(tmp_path)
    after_the_other_just_died.take()

    assert not fresh.was_left_behind
    assert again.stdout == "False\n"
    assert after_the_other_just_died.was_left_behind
    after_the_other_just_died.give_back()


def test_commands_learn_the_port_of_the_kefu_that_runs(tmp_path: Path) -> None:
    mine = DataFolder(tmp_path)
    assert folder.port_in_use(tmp_path) == ""
    mine.take()
    mine.note_port(8123)
    assert taking_it_elsewhere(tmp_path).stderr.count(f"(process {os.getpid()})") == 1
    assert folder.port_in_use(tmp_path) == "8123"
    mine.give_back()

    assert folder.port_in_use(tmp_path) == ""


def test_a_taken_port_is_refused_with_a_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(Refusal, match=f"Port {port} is taken .*--port"):
            listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(Refusal, match="not an address of this machine"):
        listen("192.0.2.1", 0)


def test_port_zero_takes_a_free_port() -> None:
    with listen("127.0.0.1", 0) as listening:
        assert listening.getsockname()[1] > 0
