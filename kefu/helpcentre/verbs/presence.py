"""Who has a text open while somebody else writes on it. Leases, no history: nothing of it is in the journal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from kefu.accounts.models import Agent
from kefu.accounts.policy import May, Scope, require
from kefu.helpcentre.models import Presence, Translation

# A page in the background is let speak once a minute.
LEASE = timedelta(seconds=75)
RENEWED_AFTER = timedelta(seconds=15)
# Who saves leaves the page and comes back to it.
AWAY = timedelta(seconds=5)


def be_present(*, translation: Translation, by: Agent, is_changing: bool) -> None:
    """This agent has the text open, and perhaps typed something that isn't saved. Raises Refused."""
    require(by, May.EDIT_ARTICLES, Scope(translation.article.brand_id))
    at = now()
    mine: dict[str, Any] = {"article": translation.article, "language": translation.language, "agent": by}
    known = Presence.objects.filter(**mine, ends_at__gt=at).first()
    came_at = known.came_at if known else at
    changing_since = (known.changing_since if known else None) or (at if is_changing else None)
    is_fresh = known is not None and known.ends_at - at > LEASE - RENEWED_AFTER
    if known is not None and is_fresh and known.changing_since == changing_since:
        return
    with transaction.atomic():
        Presence.objects.filter(ends_at__lte=at).delete()
        Presence.objects.update_or_create(
            **mine, defaults={"came_at": came_at, "changing_since": changing_since, "ends_at": at + LEASE}
        )


def leave(*, translation: Translation, by: Agent) -> None:
    """Their page is gone, and with it what was typed and not saved. Raises Refused."""
    require(by, May.EDIT_ARTICLES, Scope(translation.article.brand_id))
    end = now() + AWAY
    mine = Presence.objects.filter(article=translation.article, language=translation.language, agent=by)
    mine.filter(ends_at__gt=end).update(ends_at=end, changing_since=None)
