"""Settings for tests: a throw-away data folder, a cheap password hash, and no address outside loopback."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Each test process has its own folder, made before the settings read it.
FOLDER = Path(tempfile.mkdtemp(prefix="kefu-test-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
for name in [name for name in os.environ if name.startswith("KEFU_")]:
    del os.environ[name]
os.environ["KEFU_DATA"] = str(FOLDER)

from kefu.config.settings import *  # noqa: E402, F403
from kefu.config.settings import DATABASES, STORAGES  # noqa: E402

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
RINGS = "local"
REDIS_URL = ""
if DATABASES["default"]["ENGINE"] == "kefu.config.sqlite":
    # A file, because threads and sockets of one test share it.
    DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}
    # What a test has written need not outlive the machine.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
else:
    DATABASES["default"]["ENGINE"] = "kefu.config.tests.postgresql"
    DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
