"""The keyed hash is HMAC-SHA-256 and nothing else, whatever the key."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from kefu.safety import tokens
from kefu.safety.keyring import hash_key


@pytest.mark.parametrize("value", ["", "a", "客服 " * 100, "\n"])
def test_it_is_hmac(value: str) -> None:
    expected = hmac.digest(hash_key(), value.encode(), "sha256").hex()
    # Twice, for what was begun is begun once.
    assert [tokens.keyed_hash(value) for _ in range(2)] == [expected, expected]


@pytest.mark.parametrize("length", [1, 32, 63, 64, 65, 200])
def test_a_key_of_any_length_is_taken_as_hmac_takes_it(monkeypatch: pytest.MonkeyPatch, length: int) -> None:
    key = hashlib.shake_128(b"key").digest(length)
    monkeypatch.setattr(tokens, "hash_key", lambda: key)

    assert tokens.keyed_hash("value") == hmac.digest(key, b"value", "sha256").hex()
