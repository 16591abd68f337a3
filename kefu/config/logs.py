"""JSON logs for operators: one event a line, key=value, never a message's text, an address or a token."""

from __future__ import annotations

import json
import logging
import logging.config
from datetime import UTC, datetime
from typing import Any

# What a record carries by itself; everything else was passed as extra= and is logged.
OWN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "taskName", "status_code"}


class JsonLine(logging.Formatter):
    """One record as one line of JSON; an exception gives its type and place, not its values."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": _event(record),
        }
        line |= {key: value for key, value in vars(record).items() if key not in OWN}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def _event(record: logging.LogRecord) -> str:
    """Django's own records hold the path, which may be a private link: only what was answered is told."""
    if record.name.startswith(("django.request", "django.security")):
        return f"request answered with {getattr(record, 'status_code', 'an error')}"
    return record.getMessage()


def _where(traceback: Any) -> list[str]:
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/kefu/', 1)[-1]}:{traceback.tb_lineno}:{code.co_name}")
        traceback = traceback.tb_next
    return frames[-8:]


def configure(options: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG hook; options holds the least level as text."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": JsonLine}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": options["level"].upper()},
            "loggers": {
                "django.server": {"propagate": False},
                # It tells by which credential each person signs in.
                "fido2": {"level": "WARNING"},
                # It warns in words of its own of what is raised as well, with values of the row.
                "psycopg": {"level": "ERROR"},
            },
        }
    )
