"""Platforms that sign for their users, with a key set on a small server of their own or with a shared secret."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from kefu.brands.models import Brand
from kefu.exchange.actions import PlatformText, add_secret, set_platform
from kefu.exchange.models import KeySource, Platform
from kefu.journal.actor import SYSTEM

ISSUER, AUDIENCE = "https://exchange.example", "xinghai"
SECRET = "5kQ-一个只有平台和我们知道的秘密-9vTz!"
numbers = count(1)
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()


def claims(**changes: Any) -> dict[str, Any]:
    """Good ones, each with an id of its own; a change to None takes a claim away."""
    at = int(time.time())
    found = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "user-700231",
        "iat": at,
        "exp": at + 300,
        "jti": f"token-{next(numbers):08}",
    }
    return {name: value for name, value in (found | changes).items() if value is not None}


def signed(
    key: PrivateKey | str = SECRET,
    *,
    algorithm: str = "HS256",
    key_id: str | None = None,
    headers: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    header = (headers or {}) | ({} if key_id is None else {"kid": key_id})
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers=header or None)


def with_secret(brand: Brand, secret: str = SECRET) -> Platform:
    text = PlatformText(issuer=ISSUER, audience=AUDIENCE, source=KeySource.SECRET)
    platform = set_platform(brand=brand, text=text, by=SYSTEM)
    add_secret(platform=platform, by=SYSTEM, secret=secret)
    return platform


def with_key_set(brand: Brand, url: str) -> Platform:
    text = PlatformText(issuer=ISSUER, audience=AUDIENCE, source=KeySource.JWKS, jwks_url=url)
    return set_platform(brand=brand, text=text, by=SYSTEM)


def jwk(key: PrivateKey, key_id: str | None = "first", **changes: Any) -> dict[str, Any]:
    """The public half, as a platform publishes it."""
    kinds = {
        rsa.RSAPrivateKey: jwt.algorithms.RSAAlgorithm,
        ec.EllipticCurvePrivateKey: jwt.algorithms.ECAlgorithm,
        ed25519.Ed25519PrivateKey: jwt.algorithms.OKPAlgorithm,
    }
    algorithm = next(one for kind, one in kinds.items() if isinstance(key, kind))
    public = json.loads(algorithm.to_jwk(key.public_key()))
    public.pop("key_ops", None)
    return public | ({} if key_id is None else {"kid": key_id}) | changes


class KeyServer:
    """What the platform answers when it is asked for its keys, and how often it was."""

    def __init__(self) -> None:
        self.asked = 0
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b""
        self.slow = threading.Event()
        self.slow.set()
        self.url = ""

    def publish(self, *keys: dict[str, Any]) -> None:
        self.body = json.dumps({"keys": keys}).encode()


@contextmanager
def key_server(*keys: dict[str, Any]) -> Iterator[KeyServer]:
    found = KeyServer()
    found.publish(*keys)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked += 1
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(found.body[:1])
            self.wfile.flush()
            # Who is slow has sent something, so that no single step takes too long.
            found.slow.wait(30)
            try:
                self.wfile.write(found.body[1:])
            except OSError:
                return

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.url = f"http://127.0.0.1:{server.server_address[1]}/keys.json"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.slow.set()
        server.shutdown()
        server.server_close()
        thread.join()
