"""The stylesheets of customer pages, and the one file that they are put together in when static files are collected."""

from __future__ import annotations

from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static

BUNDLE = "ui/site-bundle.css"
# Rooms add theirs, as far as most pages need them; each says in which layer it stands.
parts = [
    "ui/tokens.css",
    "ui/base.css",
    "ui/components.css",
    "ui/conversation.css",
    "ui/site.css",
    "ui/site-own.css",
]


def addresses() -> list[str]:
    """What a page links: the bundle where files are collected, else each part, so that a change is seen at once."""
    if getattr(staticfiles_storage, "has_bundle", False):
        return [static(BUNDLE)]
    return [static(part) for part in parts]
