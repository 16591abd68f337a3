"""What the exchange's backend does: it keeps a private key, publishes the public one, and signs for its users."""

from __future__ import annotations

import json
import os
import secrets
import time
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kefu.demo.host.people import User

ISSUER, AUDIENCE = "https://xinghai.example", "xinghai"
ALGORITHM = "ES256"
LIFE_SECONDS = 300


class Signer:
    """One key pair, made once in this folder, where only its owner reads it."""

    def __init__(self, folder: Path) -> None:
        path = folder / "demo_exchange.pem"
        if not path.exists():
            _make(path)
        found = serialization.load_pem_private_key(path.read_bytes(), password=None)
        assert isinstance(found, ec.EllipticCurvePrivateKey)  # noqa: S101 - we made it
        self._key = found
        self._key_id = "xinghai-1"

    def key_set(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [public | {"kid": self._key_id, "alg": ALGORITHM, "use": "sig"}]}

    def token(self, user: User) -> str:
        """For this user's own page, good for five minutes and one use."""
        at = int(time.time())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": user.user_id,
            "iat": at,
            "exp": at + LIFE_SECONDS,
            "jti": secrets.token_urlsafe(16),
            "name": user.name,
            "language": user.language,
        }
        if user.email:
            claims |= {"email": user.email, "email_verified": user.is_email_verified}
        if user.phrase:
            claims["phrase"] = user.phrase
        return jwt.encode(claims, self._key, algorithm=ALGORITHM, headers={"kid": self._key_id})


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    made = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    made.replace(path)
