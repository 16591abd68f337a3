"""Whoever can be tried out at the demo exchange: no passwords, and each is known differently well."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class User:
    """A user of the exchange. `key` is what its website calls them, `user_id` what its tokens do."""

    key: str
    user_id: str
    name: str
    language: str
    email: str = ""
    is_email_verified: bool = False
    phrase: str = ""


USERS = (
    User("xiaomei", "700231", "林小美", "zh-Hans", "xiaomei@mail.example", True, "海边的灯塔"),
    User("bohan", "700488", "陳柏翰", "zh-Hant", "bohan@mail.example"),
    User("james", "700905", "James Okafor", "en"),
)


def user_called(key: str) -> User | None:
    return next((user for user in USERS if user.key == key), None)
