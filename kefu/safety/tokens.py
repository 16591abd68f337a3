"""Tokens: 256 random bits outside, a hash inside; and keyed hashes for exact search."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from kefu.safety.keyring import hash_key


def new_token() -> str:
    """256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """64 hex digits; a random token needs no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_hash(value: str) -> str:
    """64 hex digits of an HMAC: equal for equal values, and nothing to guess from without the ring."""
    return hmac.digest(hash_key(), value.encode(), "sha256").hex()
