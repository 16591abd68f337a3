"""The key ring: which keys encrypt, in a file of the data folder that only its owner reads."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12


class Unreadable(ValueError):
    """A value was encrypted with a key that this ring doesn't have, or was changed."""


class NotWritable(RuntimeError):
    """The ring's file can't be changed; nothing was. The message tells which file, and why."""


@dataclass(frozen=True)
class Ring:
    """Keys by id, the id of the one that encrypts, and the key of keyed hashes, which survives rotation.

    `waiting` is the id of a key that only decrypts until every machine has it; "" if there is none.
    """

    active: str
    keys: dict[str, bytes]
    hash_key: bytes
    waiting: str = ""

    def encrypt(self, text: str, *, context: str) -> str:
        """``1.KEYID.BASE64(nonce + AES-256-GCM)``; `context` must be the same to decrypt."""
        nonce = os.urandom(NONCE)
        sealed = AESGCM(self.keys[self.active]).encrypt(nonce, text.encode(), context.encode())
        return f"{self.mark}{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def decrypt(self, value: str, *, context: str) -> str:
        """Raises Unreadable."""
        try:
            version, key_id, raw = value.split(".", 2)
            sealed = base64.urlsafe_b64decode(raw)
            if version != "1":
                raise Unreadable("unknown version of an encrypted value")
            return (
                AESGCM(self.keys[key_id]).decrypt(sealed[:NONCE], sealed[NONCE:], context.encode()).decode()
            )
        except (InvalidTag, KeyError, ValueError) as problem:
            raise Unreadable("an encrypted value can't be read with this key ring") from problem

    def is_current(self, value: str) -> bool:
        return value.startswith(self.mark)

    @property
    def mark(self) -> str:
        """What every value begins with that the active key has encrypted."""
        return f"1.{self.active}."


def ring() -> Ring:
    """This installation's ring; made when it is first needed, and read again when the file changes."""
    path = settings.KEY_RING
    try:
        found = os.stat(path)  # noqa: PTH116 - asked for each hash of each message; a Path costs several times as much
    except FileNotFoundError:
        _write_new(Path(path), _fresh())
        found = os.stat(path)  # noqa: PTH116 - as above
    # Another process that turns the ring puts a new file in its place.
    return _read(path, found.st_ino, found.st_mtime_ns)


def hash_key() -> bytes:
    """The key of keyed hashes; no turn of the ring changes it, so the file is read once.

    Whoever puts another installation's ring in its place starts Kefu again.
    """
    return _hash_key(settings.KEY_RING)


@lru_cache(maxsize=4)
def _hash_key(_path: str | Path) -> bytes:
    return ring().hash_key


@lru_cache(maxsize=4)
def _read(path: str | Path, _node: int, _written: int) -> Ring:
    raw = json.loads(Path(path).read_text())
    keys = {key_id: base64.b64decode(key) for key_id, key in raw["keys"].items()}
    # A ring from before keys could wait has no word of it.
    waiting = raw.get("waiting", "")
    return Ring(raw["active"], keys, base64.b64decode(raw["hash_key"]), waiting)


def _fresh() -> dict[str, Any]:
    key_id = secrets.token_hex(4)
    return {"active": key_id, "keys": {key_id: _key()}, "hash_key": _key()}


def _key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def add_key() -> str:
    """A key that decrypts and encrypts nothing yet: a new one, unless one waits already. Its id. Raises NotWritable."""
    with _changing() as raw:
        raw["waiting"] = raw.get("waiting") or _add(raw)
        return str(raw["waiting"])


def change_key() -> str:
    """The key that waits encrypts from now on, or else a new one; the old ones still decrypt. Its id. Raises NotWritable."""
    with _changing() as raw:
        raw["active"] = raw.pop("waiting", "") or _add(raw)
        return str(raw["active"])


def _add(raw: dict[str, Any]) -> str:
    key_id = secrets.token_hex(4)
    raw["keys"][key_id] = _key()
    return key_id


@contextmanager
def _changing() -> Iterator[dict[str, Any]]:
    """Two that change the ring at once do it one after the other: a key that is lost takes what it encrypted with it."""
    path = Path(settings.KEY_RING)
    try:
        ring()
        descriptor = os.open(path.with_suffix(".lock"), os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)
            raw = json.loads(path.read_text())
            yield raw
            _replace(path, raw)
    except OSError as problem:
        raise NotWritable(f"{path}: {problem.strerror}") from problem


def _write_new(path: Path, raw: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = _written_beside(path, raw)
    # A link fails when the name is taken, so the first process wins and all read its ring.
    try:
        os.link(made, path)
    except FileExistsError:
        pass
    finally:
        made.unlink()


def _replace(path: Path, raw: dict[str, Any]) -> None:
    _written_beside(path, raw).replace(path)


def _written_beside(path: Path, raw: dict[str, Any]) -> Path:
    made = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(raw, file)
        file.flush()
        os.fsync(file.fileno())
    return made
