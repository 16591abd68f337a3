"""What the operator chose, by flags and environment, checked before anything is started."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kefu.config import env
from kefu.config.origin import LOOPBACK, Origin
from kefu.config.running.refusal import Refusal

CHECKOUT = Path(__file__).resolve().parents[3]
LAST_PORT = 65535
MOST_WEB = 64
# Each is made where it is missing, and a new one neither knows the pages' sessions nor reads what they have encrypted.
KEYS = ("secret_key", "ring.json")
FLAGS = {
    "KEFU_DATA": "data",
    "KEFU_HOST": "host",
    "KEFU_PORT": "port",
    "KEFU_WEB": "web",
    "KEFU_ONLY": "only",
    "KEFU_DEMO": "demo",
    "KEFU_EMPTY": "empty",
}


@dataclass(frozen=True)
class Choices:
    data: Path
    host: str
    port: int
    web: int
    fills_demo: bool
    database_url: str
    origin: Origin
    only_sockets: bool = False


def choose(flags: Namespace, environ: Mapping[str, str] | None = None) -> tuple[Choices, dict[str, str]]:
    """The choices and the environment that says them to our children. Flags win. Raises Refusal."""
    told = dict(os.environ if environ is None else environ)
    told |= {name: _written(flags, flag) for name, flag in FLAGS.items() if _is_given(flags, flag)}
    try:
        values = env.read(told)
        data = values["KEFU_DATA"] or CHECKOUT / "data"
        env.database(told.get("DATABASE_URL"), data)
    except env.BadSetting as problem:
        raise Refusal(str(problem)) from None
    except ValueError:
        raise Refusal(
            "DATABASE_URL can't be read; it looks like postgres://USER:PASSWORD@HOST:5432/NAME."
        ) from None
    _refuse_what_cannot_work(values)
    if values["KEFU_RINGS"] == "redis" and not told.get("REDIS_URL"):
        raise Refusal("KEFU_RINGS=redis needs REDIS_URL, for instance redis://localhost:6379/0.")
    if values["KEFU_RINGS"] == "notify" and not told.get("DATABASE_URL"):
        raise Refusal(
            "KEFU_RINGS=notify needs PostgreSQL: DATABASE_URL, for instance postgres://kefu@localhost/kefu."
        )
    told |= {"KEFU_DATA": str(data), "DJANGO_SETTINGS_MODULE": "kefu.config.settings"}
    origin = Origin.of(values)
    choices = Choices(
        data=data,
        host=values["KEFU_HOST"],
        port=values["KEFU_PORT"],
        web=values["KEFU_WEB"],
        fills_demo=(values["KEFU_DEMO"] or origin.is_local)
        and not (values["KEFU_EMPTY"] or values["KEFU_ONLY"]),
        database_url=told.get("DATABASE_URL", ""),
        origin=origin,
        only_sockets=values["KEFU_ONLY"] == "sockets",
    )
    if choices.only_sockets:
        _refuse_to_be_alone(choices)
    return choices, told


def _refuse_to_be_alone(choices: Choices) -> None:
    """Sockets by themselves need the database and the keys of those that serve the pages."""
    if not choices.database_url:
        raise Refusal(
            "Only sockets can be served beside pages of the same PostgreSQL database: set DATABASE_URL."
        )
    missing = [name for name in KEYS if not (choices.data / "keys" / name).exists()]
    if missing:
        raise Refusal(
            f"Only sockets can be served with the keys of the pages, and here is no {' and no '.join(missing)}:"
            f" copy the folder keys into {choices.data} once the pages have been started."
        )


def _is_given(flags: Namespace, flag: str) -> bool:
    value = getattr(flags, flag, None)
    return value is not None and value is not False


def _written(flags: Namespace, flag: str) -> str:
    value = getattr(flags, flag)
    if flag == "data":
        return str(Path(value).expanduser().absolute())
    return "1" if value is True else str(value)


def _refuse_what_cannot_work(values: Mapping[str, object]) -> None:
    if values["KEFU_DEMO"] and values["KEFU_EMPTY"]:
        raise Refusal("Choose one of --demo and --empty; they contradict each other.")
    if not 0 <= int(str(values["KEFU_PORT"])) <= LAST_PORT:
        raise Refusal(f"There is no port {values['KEFU_PORT']}; choose one from 1 to 65535 with --port.")
    if not 1 <= int(str(values["KEFU_WEB"])) <= MOST_WEB:
        raise Refusal(f"Choose 1 to {MOST_WEB} web processes with --web.")
    behind = values["KEFU_TRUSTED_PROXIES"] or values["KEFU_INSECURE_HTTP"]
    if values["KEFU_HOST"] not in LOOPBACK and not behind:
        place = values["KEFU_HOST"] or "every address"
        raise Refusal(
            f"On {place} Kefu would speak plain HTTP: name the proxy that adds TLS in KEFU_TRUSTED_PROXIES,"
            " or allow it with KEFU_INSECURE_HTTP=1."
        )
