"""A device that makes passkeys and answers challenges, as WebAuthn (Level 2, sections 5 and 6) writes it: for tests."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.http import HttpResponse
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

ADD = "/staff/second-factor/passkeys/new/"
BEGIN = "/staff/second-factor/passkeys/new/begin/"
ALONE = "/staff/sign-in/passkey/"
ALONE_BEGIN = "/staff/sign-in/passkey/begin/"
PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


class Device:
    """Holds one passkey. `verifies` is whether it asks for its owner's finger, `origin` where it believes to be."""

    def __init__(self, *, origin: str = "http://localhost:8000", verifies: bool = True) -> None:
        self.origin = origin
        self.verifies = verifies
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.owner = b""

    def make(self, options: HttpResponse, **changed: Any) -> str:
        """The answer to a request for a new passkey."""
        asked = options.json()["publicKey"]
        self.owner = websafe_decode(asked["user"]["id"])
        public = cbor.encode(ES256.from_cryptography_key(self.key.public_key()))
        known = b"\0" * 16 + struct.pack(">H", len(self.id)) + self.id + public
        data = self._data(asked["rp"]["id"], HAS_KEY) + known
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        client = self._client("webauthn.create", asked["challenge"])
        response = {"clientDataJSON": client, "attestationObject": cbor.encode(attestation)}
        return self._written(response, changed)

    def prove(self, options: HttpResponse, **changed: Any) -> str:
        """The answer to a challenge."""
        asked = options.json()["publicKey"]
        data = self._data(asked["rpId"])
        client = self._client("webauthn.get", asked["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": client,
            "authenticatorData": data,
            "signature": signature,
            "userHandle": self.owner,
        }
        return self._written(response, changed)

    def _data(self, host: str, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, 0)

    def _client(self, kind: str, challenge: str) -> bytes:
        client = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(client).encode()

    def _written(self, response: dict[str, bytes], changed: dict[str, Any]) -> str:
        written = {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "response": {name: websafe_encode(value) for name, value in response.items()},
            "clientExtensionResults": {},
        }
        return json.dumps(written | changed)


def browser_at_home() -> Client:
    """A browser on the machine itself, where passkeys need no TLS."""
    return Client(SERVER_NAME="localhost", SERVER_PORT="8000")


def add_passkey(client: Client, device: Device, name: str = "MacBook") -> HttpResponse:
    """Set up a passkey on the page for it."""
    return client.post(ADD, {"name": name, "credential": device.make(client.post(BEGIN))})


def sign_in_alone(client: Client, device: Device, **more: str) -> HttpResponse:
    """By the passkey and nothing else."""
    return client.post(ALONE, {"credential": device.prove(client.post(ALONE_BEGIN)), **more})
