"""Tokens: 256 random bits outside, a hash inside; and keyed hashes for exact search."""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache

from kefu.safety.keyring import hash_key

# Of SHA-256, in bytes.
BLOCK = 64


def new_token() -> str:
    """256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """64 hex digits; a random token needs no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_hash(value: str) -> str:
    """64 hex digits of an HMAC: equal for equal values, and nothing to guess from without the ring."""
    begun_inner, begun_outer = _begun(hash_key())
    inner, outer = begun_inner.copy(), begun_outer.copy()
    inner.update(value.encode())
    outer.update(inner.digest())
    return outer.hexdigest()


@lru_cache(maxsize=4)
def _begun(key: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """Both hashes of HMAC (RFC 2104) with the key in them, begun once: OpenSSL's own way looks it all up for each value."""
    padded = (key if len(key) <= BLOCK else hashlib.sha256(key).digest()).ljust(BLOCK, b"\0")
    inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in padded)) for pad in (0x36, 0x5C))
    return inner, outer
