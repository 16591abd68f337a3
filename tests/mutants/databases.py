"""An empty database for each trial: made once, and copied where the tests look for theirs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Protocol

FILES = ("test.sqlite3", "test.sqlite3-wal", "test.sqlite3-shm")


class Databases(Protocol):
    def keep(self) -> None:
        """What has just been made is what every trial begins with."""

    def bring_back(self) -> None: ...

    def remove(self) -> None: ...


def databases(place: Path) -> Databases:
    """For the settings that Django has read; SQLite's copy is kept in `place`."""
    from django.conf import settings

    values = settings.DATABASES["default"]
    if "postgresql" in values["ENGINE"]:
        return OnPostgreSQL(values)
    return OnSQLite(Path(values["TEST"]["NAME"]).parent, place / "empty")


def make() -> None:
    """Make the tests' database, in a child: what this process opens must not be shared with its trials."""
    child = os.fork()
    if not child:
        code = 1
        try:
            _make()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError("The tests' database can't be made.")


def _make() -> None:
    from django.db import connection

    connection.settings_dict["TEST"]["MIGRATE"] = False
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()


def take_over() -> None:
    """In a trial: the tests' database is there, with its tables, and only has to be spoken to."""
    from django.conf import settings
    from django.db import connection

    def named(**_: object) -> str:
        name = str(connection.creation._get_test_db_name())
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
        return name

    connection.creation.create_test_db = named


class OnSQLite:
    def __init__(self, folder: Path, kept: Path) -> None:
        self.folder, self.kept = folder, kept
        self.kept.mkdir()

    def keep(self) -> None:
        for name in FILES:
            if (self.folder / name).exists():
                shutil.move(self.folder / name, self.kept / name)

    def bring_back(self) -> None:
        for name in FILES:
            (self.folder / name).unlink(missing_ok=True)
            if (self.kept / name).exists():
                shutil.copy(self.kept / name, self.folder / name)

    def remove(self) -> None:
        """Nothing: its folder goes with the trials'."""


class OnPostgreSQL:
    def __init__(self, values: dict[str, str]) -> None:
        self.values = values
        self.tests = f"test_{values['NAME']}"
        self.empty = f"{self.tests}_empty"

    def keep(self) -> None:
        self._drop(self.empty)
        self._say(f'ALTER DATABASE "{self.tests}" RENAME TO "{self.empty}"')

    def bring_back(self) -> None:
        self._drop(self.tests)
        self._say(f'CREATE DATABASE "{self.tests}" TEMPLATE "{self.empty}"')

    def remove(self) -> None:
        self._drop(self.tests)
        self._drop(self.empty)

    def _drop(self, name: str) -> None:
        # A trial that was ended may have left its connections.
        self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _say(self, statement: str) -> None:
        import psycopg

        at = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        given = {to: self.values[name] for name, to in at.items() if self.values.get(name)}
        with psycopg.connect(dbname="postgres", autocommit=True, **given) as server:
            server.execute(statement)
