"""Argon2id as OWASP advises for servers that also do other work: 19 MiB a hash instead of Django's 100."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
