"""The pages of the exchange's website, an ASGI application of its own: sign in as somebody, and ask its support."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from kefu.demo.host.arranging import KEY_SET
from kefu.demo.host.people import USERS, User, user_called
from kefu.demo.host.requests import Answer, Asked, Receive, Send, elsewhere, read, told
from kefu.demo.host.signing import Signer
from kefu.ui.languages import html_lang, language_in, ours_for

HOUSE = Path(__file__).resolve().parents[2]
OWN = HOUSE / "demo/static/demo/host"
FILES = {
    "/host.css": (OWN / "host.css", "text/css; charset=utf-8"),
    "/host.js": (OWN / "host.js", "text/javascript; charset=utf-8"),
    "/tokens.css": (HOUSE / "ui/static/ui/tokens.css", "text/css; charset=utf-8"),
    "/icon.svg": (HOUSE / "ui/static/ui/favicon.svg", "image/svg+xml"),
}
COOKIE = "xinghai_user"


class Site:
    """`origin` is where it is, `product` where its support centre is: another origin, as in real life."""

    def __init__(self, *, origin: str, product: str, signer: Signer) -> None:
        self.origin = origin
        self.product = product
        self.signer = signer
        self.files = {path: Answer(file.read_bytes(), kind=kind) for path, (file, kind) in FILES.items()}
        self.headers = {
            "content-security-policy": (
                f"default-src 'none'; script-src 'self' {product}; style-src 'self'; img-src 'self'; "
                f"connect-src 'self'; frame-src {product}; form-action 'self'; base-uri 'none'; "
                "frame-ancestors 'none'"
            ),
            "referrer-policy": "same-origin",
            "x-content-type-options": "nosniff",
            "cache-control": "no-store",
        }

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        asked = await read(scope, receive)
        await self.answer(asked).give(send, is_head=asked.method == "HEAD", more=self.headers)

    def answer(self, asked: Asked) -> Answer:
        if f"http://{asked.headers.get('host', '')}" != self.origin:
            # A name that somebody points at this machine must not reach a website without passwords.
            return Answer(status=308, headers={"location": f"{self.origin}/"})
        if asked.method == "POST":
            return self._post(asked)
        if asked.method not in {"GET", "HEAD"}:
            return Answer(status=405)
        return self._get(asked)

    def _get(self, asked: Asked) -> Answer:
        if asked.path in self.files:
            return self.files[asked.path]
        if asked.path == KEY_SET:
            return told(self.signer.key_set())
        if asked.path == "/token":
            return self._token(asked)
        language = language_in(asked.path)
        if language and asked.path == f"/{language}/":
            return self._page(language, _user_of(asked))
        if asked.path == "/":
            return elsewhere(f"/{_wished(asked)}/")
        return Answer(status=404, body=b"Not found", kind="text/plain")

    def _post(self, asked: Asked) -> Answer:
        """Signing in and out, from this website's own pages."""
        language = language_in(asked.path)
        doors: dict[str, Callable[[Asked], str | None]] = {"sign-in": _chosen, "sign-out": lambda _: ""}
        door = doors.get(asked.path.removeprefix(f"/{language}/"))
        if language is None or door is None:
            return Answer(status=404, body=b"Not found", kind="text/plain")
        if not self._is_own(asked):
            return Answer(status=403, body=b"Not from this site", kind="text/plain")
        key = door(asked)
        if key is None:
            return Answer(status=400, body=b"Nobody is called that", kind="text/plain")
        lasts = "" if key else "; Max-Age=0"
        cookie = f"{COOKIE}={key}; Path=/; HttpOnly; SameSite=Strict{lasts}"
        return elsewhere(f"/{language}/", **{"set-cookie": cookie})

    def _token(self, asked: Asked) -> Answer:
        """What the page asks its own backend for. Other sites can't read it, and can't even ask."""
        user = _user_of(asked)
        if user is None or not self._is_own(asked):
            return Answer(status=403, body=b"{}", kind="application/json")
        return told({"token": self.signer.token(user)})

    def _is_own(self, asked: Asked) -> bool:
        site = asked.headers.get("sec-fetch-site")
        return site == "same-origin" if site else asked.headers.get("origin") == self.origin

    def _page(self, language: str, user: User | None) -> Answer:
        values = {
            "lang": html_lang(language),
            "language": language,
            "home": f"/{language}/",
            "languages": [(code, html_lang(code), name, f"/{code}/") for code, name in settings.LANGUAGES],
            "product": self.product,
            "user": user,
            "users": USERS,
        }
        with override(language):
            return Answer(render_to_string("demo/host/page.html", values).encode())


def _chosen(asked: Asked) -> str | None:
    user = user_called(asked.form.get("user", ""))
    return user.key if user else None


def _user_of(asked: Asked) -> User | None:
    return user_called(asked.cookie(COOKIE))


def _wished(asked: Asked) -> str:
    for part in asked.headers.get("accept-language", "").split(","):
        if found := ours_for(part.partition(";")[0].strip()):
            return found
    return settings.LANGUAGE_CODE
