"""Where frames pass in tests, whoever wrote the test: what this process makes, sockets of Python, and browsers."""

from __future__ import annotations

import base64
import contextlib
import functools
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, WebSocket
from websockets.asyncio.client import ClientConnection

from kefu.config.origin import FRAMES_PATH, SOCKET_PATH
from kefu.realtime import frames
from tests.protocol import note, note_said, note_told

# A driver does not hear the sockets of shared workers, so each page says what passes between it and its line (sharing.js). It
# says so to the console, in base64, so that no story which looks there for words takes them for a page's own.
OF_LINES = """
if (window.SharedWorker) {
  const packed = (text) => btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
  const tell = ({ what, data }) => (what === "say" || what === "frame") && console.debug(`frame:${what}`, packed(data));
  window.SharedWorker = class extends SharedWorker {
    constructor(...given) {
      super(...given);
      const { port } = this;
      const post = port.postMessage.bind(port);
      port.postMessage = (message) => (tell(message), post(message));
      port.addEventListener("message", ({ data }) => tell(data));
    }
  };
}
"""


@contextlib.contextmanager
def every_frame_is_checked() -> Iterator[None]:
    """What the server's code makes here, and what clients in Python send and are told over the network."""
    before = frames._encoder, ClientConnection.send, ClientConnection.recv
    frames._encoder = Checked(before[0])  # type: ignore[assignment]
    ClientConnection.send = _send(before[1])  # type: ignore[method-assign]
    ClientConnection.recv = _recv(before[2])  # type: ignore[method-assign]
    try:
        yield
    finally:
        frames._encoder, ClientConnection.send, ClientConnection.recv = before  # type: ignore[method-assign]


class Checked:
    """The encoder of the server's frames."""

    def __init__(self, encoder: Any) -> None:
        self._encoder = encoder

    def encode(self, frame: object) -> bytes:
        raw: bytes = self._encoder.encode(frame)
        note_told(raw)
        return raw


def _send(send: Any) -> Any:
    @functools.wraps(send)
    async def checked(self: ClientConnection, message: Any, *arguments: Any, **named: Any) -> None:
        if _is_ours(self):
            note_said(message)
        await send(self, message, *arguments, **named)

    return checked


def _recv(recv: Any) -> Any:
    @functools.wraps(recv)
    async def checked(self: ClientConnection, *arguments: Any, **named: Any) -> Any:
        message = await recv(self, *arguments, **named)
        if _is_ours(self):
            note_told(message)
        return message

    return checked


def _is_ours(connection: ClientConnection) -> bool:
    return connection.request is not None and connection.request.path == SOCKET_PATH


def listening(browser: Browser) -> Browser:
    """The same browser: in all of its windows, also those that pages open, each frame is looked at."""
    new_context, new_page = browser.new_context, browser.new_page

    def context(**options: Any) -> BrowserContext:
        made = new_context(**options)
        made.on("page", _listen)
        _listen_to_all(made)
        return made

    def page(**options: Any) -> Page:
        made = new_page(**options)
        _listen(made)
        _listen_to_all(made.context)
        return made

    browser.new_context, browser.new_page = context, page  # type: ignore[method-assign]
    return browser


def _listen_to_all(context: BrowserContext) -> None:
    context.on("requestfinished", _request)
    context.on("console", _line)
    context.add_init_script(OF_LINES)


def _listen(page: Page) -> None:
    page.on("websocket", _socket)


def _socket(socket: WebSocket) -> None:
    if socket.url.endswith(SOCKET_PATH):
        socket.on("framesent", note_said)
        socket.on("framereceived", note_told)


def _line(message: ConsoleMessage) -> None:
    what, _, packed = message.text.partition(" ")
    if message.type == "debug" and what in {"frame:say", "frame:frame"}:
        (note_said if what == "frame:say" else note_told)(base64.b64decode(packed))


def _request(request: Request) -> None:
    if not request.url.endswith(FRAMES_PATH):
        return
    note(request.post_data or "", "FramesRequest")
    # A window that is closed has taken its answers with it.
    with contextlib.suppress(Error):
        response = request.response()
        if response is not None and response.status == 200:
            note(response.body(), "FramesAnswer")
