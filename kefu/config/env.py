"""The operator's settings: environment variables, typed, each named once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from kefu.brands.hosts import NotAHost, read_host
from kefu.mailroom.server import MailServer, mail_server
from kefu.safety.files.scanning import Scanner, scanner_at

SECRET = {"KEFU_SMTP", "KEFU_METRICS_TOKEN"}
# Django keeps 300 and then throws out the lowest keys, locked doors among them; expired rows go first.
MOST_CACHED = 100_000
SHORTEST_TOKEN = 16
MEGABYTE, MOST_MEGABYTES = 1024 * 1024, 2000
Parse = Callable[[str], Any]
TRUE = {"1", "yes", "true", "on"}
FALSE = {"0", "no", "false", "off", ""}
NEVER_BY_ITSELF = 10**9
SESSION = {
    "lock_timeout": "5000",
    "statement_timeout": "30000",
    "idle_in_transaction_session_timeout": "5000",
    # What is prepared looks up rows by their ids or goes on from one: the same plan whatever the values. PostgreSQL would
    # plan most of it anew each time, which costs as much as doing it.
    "plan_cache_mode": "force_generic_plan",
}


class BadSetting(ValueError):
    """A setting is unknown or malformed; the message is one sentence for the operator."""


def whole_number(raw: str) -> int:
    try:
        return int(raw)
    except ValueError:
        raise BadSetting("must be a whole number") from None


def yes_or_no(raw: str) -> bool:
    value = raw.strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise BadSetting("must be 1 or 0")


def words(raw: str) -> list[str]:
    return [word.strip() for word in raw.split(",") if word.strip()]


def address(raw: str) -> str:
    """What to listen on, IPv6 without brackets; nothing means every address."""
    value = raw.strip()
    try:
        return read_host(value).strip("[]") if value else ""
    except NotAHost:
        raise BadSetting(
            "must be an address such as 127.0.0.1, without https:// and without a port"
        ) from None


def hosts(raw: str) -> list[str]:
    try:
        return [read_host(word) for word in words(raw)]
    except NotAHost:
        raise BadSetting(
            "must hold names such as support.example.com, without https:// and without a port"
        ) from None


def networks(raw: str) -> list[str]:
    found = words(raw)
    for one in found:
        try:
            ip_network(one, strict=False)
        except ValueError:
            raise BadSetting("must hold addresses or networks such as 10.0.0.0/8") from None
    return found


def mail(raw: str) -> MailServer | None:
    if not raw.strip():
        return None
    try:
        return mail_server(raw.strip())
    except ValueError as problem:
        raise BadSetting(str(problem)) from None


def scanner(raw: str) -> Scanner | None:
    if not raw.strip():
        return None
    try:
        return scanner_at(raw.strip())
    except ValueError as problem:
        raise BadSetting(str(problem)) from None


def token(raw: str) -> str:
    """Long enough that nobody guesses it, of characters that a header takes."""
    value = raw.strip()
    if value and not (len(value) >= SHORTEST_TOKEN and value.isascii() and value.isprintable()):
        raise BadSetting(f"must have at least {SHORTEST_TOKEN} characters, all of them ASCII")
    return value


def megabytes(raw: str) -> int:
    """A size in bytes, from one megabyte to two thousand."""
    value = whole_number(raw)
    if not 1 <= value <= MOST_MEGABYTES:
        raise BadSetting(f"must be a number of megabytes from 1 to {MOST_MEGABYTES}")
    return value * MEGABYTE


def class_name(raw: str) -> str:
    """Where a class is, as package.module:Class; it is imported when it is first needed."""
    value = raw.strip()
    module, _, name = value.partition(":")
    if value and not (name.isidentifier() and all(part.isidentifier() for part in module.split("."))):
        raise BadSetting("must name a class as package.module:Class")
    try:
        found = not value or find_spec(module) is not None
    except ModuleNotFoundError:
        found = False
    if not found:
        raise BadSetting("names a module that can't be found")
    return value


def megabytes_or_none(raw: str) -> int:
    """The same, and 0 for none."""
    return 0 if raw.strip() == "0" else megabytes(raw)


def one_of(*allowed: str) -> Parse:
    def parse(raw: str) -> str:
        value = raw.strip().lower()
        if value not in allowed:
            raise BadSetting(f"must be one of {', '.join(word for word in allowed if word)}")
        return value

    return parse


def folder(raw: str) -> Path:
    return Path(raw).expanduser().absolute()


@dataclass(frozen=True)
class Setting:
    name: str
    parse: Parse
    default: Any
    says: str


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting("KEFU_DATA", folder, None, "Folder that holds the database, keys and files."),
        Setting("KEFU_HOST", address, "127.0.0.1", "Address to listen on."),
        Setting("KEFU_PORT", whole_number, 8000, "Port to listen on."),
        Setting("KEFU_WEB", whole_number, 1, "Number of web processes."),
        Setting("KEFU_ONLY", one_of("", "sockets"), "", "What to serve, if not everything: sockets."),
        Setting("KEFU_HOSTS", hosts, [], "Host names that this installation answers to."),
        Setting(
            "KEFU_TRUSTED_PROXIES", networks, [], "Addresses of proxies whose forwarded headers are believed."
        ),
        Setting(
            "KEFU_INSECURE_HTTP", yes_or_no, False, "Allow plain HTTP on another interface than loopback."
        ),
        Setting(
            "KEFU_SMTP", mail, None, "Mail server that takes our letters: smtp://user:password@host:587."
        ),
        Setting("KEFU_PICTURE_MB", megabytes, 20 * MEGABYTE, "Largest picture that is taken, in megabytes."),
        Setting("KEFU_PDF_MB", megabytes, 20 * MEGABYTE, "Largest PDF that is taken, in megabytes."),
        Setting("KEFU_TEXT_MB", megabytes, MEGABYTE, "Largest text file that is taken, in megabytes."),
        Setting("KEFU_VIDEO_MB", megabytes, 100 * MEGABYTE, "Largest video that is taken, in megabytes."),
        Setting("KEFU_FILES_MB", megabytes, 500 * MEGABYTE, "All files of one conversation, in megabytes."),
        Setting(
            "KEFU_CLAMAV",
            scanner,
            None,
            "ClamAV's daemon that looks at files: unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310.",
        ),
        Setting(
            "KEFU_PAGE_CACHE_MB",
            megabytes_or_none,
            32 * MEGABYTE,
            "What each web process may keep of public pages, in megabytes; 0 keeps none.",
        ),
        Setting("KEFU_DEMO", yes_or_no, False, "Fill the demo exchange even if not on loopback."),
        Setting("KEFU_EMPTY", yes_or_no, False, "Start without the demo exchange."),
        Setting("KEFU_DEBUG", yes_or_no, False, "Show errors in the browser; for developers only."),
        Setting(
            "KEFU_RINGS",
            one_of("", "local", "socket", "notify", "redis"),
            "",
            "How processes wake each other: local, socket, notify or redis.",
        ),
        Setting(
            "KEFU_LEDGER",
            class_name,
            "",
            "The platform's ledger, which knows deposits: package.module:Class.",
        ),
        Setting("KEFU_METRICS_TOKEN", token, "", "What whoever reads /metrics must bring."),
        Setting(
            "KEFU_LOG",
            one_of("debug", "info", "warning", "error"),
            "info",
            "Least level that is logged: debug, info, warning or error.",
        ),
    )
}


def read(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Values for every setting by name; raises BadSetting for an unknown or malformed one."""
    environ = os.environ if environ is None else environ
    unknown = sorted(name for name in environ if name.startswith("KEFU_") and name not in SETTINGS)
    if unknown:
        raise BadSetting(f"{unknown[0]} is not a setting of Kefu; see docs/operators/settings.en.md.")
    return {name: _value(setting, environ) for name, setting in SETTINGS.items()}


def _value(setting: Setting, environ: Mapping[str, str]) -> Any:
    raw = environ.get(setting.name)
    if raw is None:
        return setting.default
    try:
        return setting.parse(raw)
    except BadSetting as problem:
        # An address may hold a password.
        shown = "" if setting.name in SECRET else f", not {raw!r}"
        raise BadSetting(f"{setting.name} {problem}{shown}.") from None


def database(url: str | None, data: Path) -> dict[str, Any]:
    """Django's database entry for a postgres:// URL, or for SQLite in the data folder when there is none."""
    if not url:
        return _sqlite(data / "kefu.sqlite3")
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting(
            "DATABASE_URL must start with postgres://, for instance postgres://kefu@localhost/kefu."
        )
    if not parts.path.strip("/"):
        raise BadSetting("DATABASE_URL names no database; it looks like postgres://kefu@localhost/kefu.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    options.setdefault("options", " ".join(f"-c {name}={value}" for name, value in SESSION.items()))
    # Nothing is prepared by itself, but what asks to be (journal/prepared.py): None would forbid that, too.
    options["prepare_threshold"] = NEVER_BY_ITSELF
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "kefu.config.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            # Statements that a connection keeps prepared; what is said in batches of any size has some eighty.
            "cached_statements": 256,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            " PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=67108864;"
            # 16 MiB: the same pages are written by one message after the other, and copied once in that time.
            " PRAGMA wal_autocheckpoint=4000;"
            # What is erased is written over with zeros, so that no byte of it stays in the file.
            " PRAGMA secure_delete=ON;",
        },
        "TEST": {"NAME": None},
    }


def cache(redis_url: str) -> dict[str, Any]:
    """Django's cache entry: Redis where there is one, else a table. It counts wrong passwords and codes too."""
    if redis_url:
        return {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_url,
            "KEY_PREFIX": "kefu",
        }
    return {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kefu_cache",
        "OPTIONS": {"MAX_ENTRIES": MOST_CACHED},
    }
