"""A host page for the embedded chat: another origin than the product's, with a policy as strict as policies are."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Host</title>{tag}</head>
<body><main><h1>Trade</h1><p><button id="own">Help</button></p>{lines}</main></body></html>"""


class HostPage:
    """Serves one page on `address`; `tag()` is its script tag, which may change from visit to visit."""

    def __init__(self, product: str, *, address: str = "127.0.0.1") -> None:
        self.product = product
        self.begin_anew()
        self.server = ThreadingHTTPServer((address, 0), _handler(self.page, self.headers))
        self.url = f"http://{address}:{self.server.server_port}"
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()

    def begin_anew(self) -> None:
        self.attributes = ""
        self.language = "zh-CN"
        self.lines = 0
        self.extra_headers: dict[str, str] = {}

    def page(self) -> str:
        tag = f'<script src="{self.product}/embed.js" defer {self.attributes}></script>'
        return PAGE.format(language=self.language, tag=tag, lines="<p>·</p>" * self.lines)

    def headers(self) -> dict[str, str]:
        policy = f"default-src 'none'; script-src {self.product}; frame-src {self.product}; style-src 'self'"
        return {"Content-Security-Policy": policy} | self.extra_headers

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


def _handler(page: Callable[[], str], headers: Callable[[], dict[str, str]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/":
                self.send_error(404)
                return
            body = page().encode()
            self.send_response(200)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **headers()}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """The tests say what they saw themselves."""

    return Handler
