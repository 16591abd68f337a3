"""What Django sees of a request: the WSGI environ (PEP 3333), made from an ASGI scope."""

from __future__ import annotations

import codecs
import sys
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from django.utils.http import parse_header_parameters

from kefu.config.adapter.asgi_types import Scope
from kefu.config.adapter.proxies import Origin
from kefu.config.adapter.refusals import NotText
from kefu.config.adapter.spool import Body
from kefu.config.adapter.wsgi import FileWrapper
from kefu.ui.kept_pages import KEEPING

# The body is counted and unpacked, and REMOTE_ADDR and the scheme say what a trusted proxy told.
DROPPED = {b"content-length", b"transfer-encoding", b"x-forwarded-for", b"x-forwarded-proto"}
BYTES, ASCII = bytes(range(256)), bytes(range(128)).decode()


def environ_of(scope: Scope, *, body: Body, origin: Origin) -> dict[str, Any]:
    """Raises NotText for a content type on which Django would break before any view."""
    server = scope.get("server") or ("localhost", 80)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": _path(scope),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": origin.address,
        "REMOTE_PORT": str(origin.port),
        "CONTENT_LENGTH": str(body.length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": origin.scheme,
        "wsgi.input": body.file,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }
    if KEEPING in scope:
        environ[KEEPING] = scope[KEEPING]
    for name, value in scope["headers"]:
        _add(environ, name, value.decode("latin-1"))
    if not _can_be_read(environ.get("CONTENT_TYPE", "")):
        raise NotText
    return environ


@lru_cache(128)
def _can_be_read(content_type: str) -> bool:
    """Some codecs of Python are no text, or not ASCII where a form is; what it does not know is read as UTF-8."""
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "")
        codecs.lookup(charset)
    except LookupError:
        return True
    except ValueError:
        return False
    try:
        return BYTES.decode(charset, "replace").startswith(ASCII)
    except (LookupError, ValueError):
        return False


def _add(environ: dict[str, Any], name: bytes, value: str) -> None:
    # X_Real_User would become the same variable as X-Real-User, and so pass what a proxy filters.
    if b"_" in name or name in DROPPED:
        return
    key = name.decode("latin-1").upper().replace("-", "_")
    if key != "CONTENT_TYPE":
        key = f"HTTP_{key}"
    if key not in environ:
        environ[key] = value
    elif key == "HTTP_COOKIE":
        environ[key] += f"; {value}"
    elif key != "CONTENT_TYPE":
        environ[key] += f",{value}"


def _path(scope: Scope) -> str:
    raw = scope.get("raw_path")
    path = unquote_to_bytes(raw) if raw else scope["path"].encode()
    return str(path.decode("latin-1"))
