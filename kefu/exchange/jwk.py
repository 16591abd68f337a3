"""Public keys as platforms publish them (JSON Web Keys, RFC 7517). Each verifies one algorithm and no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import jwt
import msgspec

# The first of each is what a key is for that doesn't say.
OF_RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
OF_CURVE = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "EdDSA"}
# Smaller ones are broken, larger ones are slow on purpose.
LEAST_BITS, MOST_BITS = 2048, 8192
MOST_KEYS = 50
PUBLIC = ("kty", "kid", "alg", "crv", "x", "y", "n", "e")
Jwk = dict[str, str]


@dataclass(frozen=True)
class Key:
    """What verifies, and the only algorithm that it may be used with."""

    key_id: str | None
    algorithm: str
    material: Any


class NotASet(ValueError):
    """It is no JSON Web Key Set with a key that we can use."""


class _Set(msgspec.Struct):
    keys: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=MOST_KEYS)]


def read_set(body: bytes) -> list[Jwk]:
    """The keys that can verify a signature, without anything private that a careless platform adds. Raises NotASet."""
    try:
        found = msgspec.json.decode(body, type=_Set).keys
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise NotASet from None
    usable = [_public(one) for one in found if _is_for_signatures(one) and key_of(_public(one))]
    if not usable:
        raise NotASet
    return usable


def key_of(jwk: Jwk) -> Key | None:
    """None for what is no public key, is too weak, or claims an algorithm that isn't its own."""
    algorithm = _algorithm(jwk)
    if algorithm is None:
        return None
    try:
        material = jwt.PyJWK(jwk, algorithm).key
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
        return None
    if not LEAST_BITS <= getattr(material, "key_size", 0) <= MOST_BITS and jwk["kty"] == "RSA":
        return None
    return Key(jwk.get("kid"), algorithm, material)


def _public(jwk: dict[str, Any]) -> Jwk:
    return {name: jwk[name] for name in PUBLIC if isinstance(jwk.get(name), str)}


def _is_for_signatures(jwk: dict[str, Any]) -> bool:
    operations = jwk.get("key_ops", ["verify"])
    return jwk.get("use", "sig") == "sig" and isinstance(operations, list) and "verify" in operations


def _algorithm(jwk: Jwk) -> str | None:
    """Never one for shared secrets: whoever reads a public key could sign with it."""
    if jwk.get("kty") == "RSA":
        allowed: tuple[str, ...] = OF_RSA
    elif jwk.get("kty") in {"EC", "OKP"} and jwk.get("crv") in OF_CURVE:
        allowed = (OF_CURVE[jwk["crv"]],)
    else:
        return None
    wanted = jwk.get("alg", allowed[0])
    return wanted if wanted in allowed else None
