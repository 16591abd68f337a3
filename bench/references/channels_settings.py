"""Django's settings of the Channels reference: what a careful house would choose, and nothing that slows it down."""

from __future__ import annotations

import os
from pathlib import Path

from kefu.config import env

SECRET_KEY = "only a reference"  # noqa: S105 - it guards nothing
USE_TZ = True
INSTALLED_APPS = ["channels"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The same database settings as the product's: SQLite with WAL and FULL, or PostgreSQL with lasting connections.
DATABASES = {
    "default": env.database(os.environ.get("BENCH_DATABASE"), Path(os.environ["BENCH_FOLDER"]))
    | ({} if os.environ.get("BENCH_DATABASE") else {"ENGINE": "django.db.backends.sqlite3"})
}
# Nothing is dropped, however far the agents fall behind: what is lost would look fast.
KEPT = {"capacity": 1_000_000, "expiry": 600}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            # The layer waits five seconds for a message, as long as today's client lets it.
            "hosts": [{"address": os.environ["BENCH_REDIS"], "socket_timeout": None}],
            "prefix": f"bench-{os.getpid()}",
            **KEPT,
        },
    }
    if os.environ.get("BENCH_REDIS")
    else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": KEPT}
}
