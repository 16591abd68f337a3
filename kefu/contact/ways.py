"""Every official way to reach a brand, from the one list, in the order of the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.utils import timezone
from django.utils.translation import gettext

from kefu.safety.models import OfficialWay
from kefu.waiting.days import DAYS_SHOWN, coming_days, in_one_line, start_of_day
from kefu.waiting.state import ChatHours
from kefu.waiting.together import Together

SOCIAL = ("x", "facebook", "instagram", "youtube")
NETWORKS = {"x": "X", "facebook": "Facebook", "instagram": "Instagram", "youtube": "YouTube"}


@dataclass(frozen=True)
class Way:
    """One official address in the reader's language. `hours` and their `week` in words, for those that keep any."""

    id: int
    kind: str
    value: str
    url: str
    name: str
    good_for: str
    hours: Together | None = None
    week: str = ""

    @property
    def purpose(self) -> str:
        """What to write to it about, in a few words; nothing when the list doesn't say."""
        return self.good_for or (self.name if self.name != self.value else "")

    @property
    def network(self) -> str:
        return NETWORKS.get(self.kind, "")


@dataclass(frozen=True)
class Ways:
    chat: list[Way]
    mail: list[Way]
    phone: list[Way]
    community: list[Way]
    social: list[Way]

    @property
    def all(self) -> list[Way]:
        return [*self.chat, *self.mail, *self.phone, *self.community, *self.social]


def ways_of(desk: ChatHours, language: str, at: datetime) -> Ways:
    """The brand's, with hours in words as they are in the reader's zone."""
    ways = [_way(row, language, desk, at) for row in OfficialWay.objects.shown(desk.brand)]

    def of(*kinds: str) -> list[Way]:
        return [way for way in ways if way.kind in kinds]

    return Ways(
        chat=of("chat"), mail=of("mail"), phone=of("phone"), community=of("community"), social=of(*SOCIAL)
    )


def timed_ways(desk: ChatHours) -> dict[int, Together]:
    """Hours of the ways that keep any, by the way's id. Somebody answers a telephone, so it has the desk's at least."""
    rows = OfficialWay.objects.shown(desk.brand)
    return {row.pk: hours for row in rows if (hours := _hours(row, desk))}


def _hours(row: OfficialWay, desk: ChatHours) -> Together | None:
    return desk.of_way(row) if row.week or row.kind == "phone" else None


def _way(row: OfficialWay, language: str, desk: ChatHours, at: datetime) -> Way:
    hours, zone = _hours(row, desk), timezone.get_current_timezone()
    spans = hours.spans(start_of_day(at, zone), days=DAYS_SHOWN + 1) if hours else []
    return Way(
        id=row.pk,
        kind=row.kind,
        value=row.value,
        url=_address(row),
        name=row.name_in(language),
        good_for=row.good_for_in(language),
        hours=hours,
        week=in_one_line(coming_days(spans, zone, at, count=DAYS_SHOWN)),
    )


def _address(row: OfficialWay) -> str:
    if row.kind == "mail":
        return f"mailto:{row.value}?body={quote(_asked_for())}"
    if row.kind == "phone":
        return "tel:" + "".join(letter for letter in row.value if letter in "+0123456789")
    return str(row.url)


def _asked_for() -> str:
    """The four facts that locate a case, as lines to fill in."""
    asked = [
        gettext("Account name or UID:"),
        gettext("Time of the trade or transfer, with time zone:"),
        gettext("TxID or order number:"),
        gettext("What I have tried so far:"),
    ]
    return "\r\n\r\n".join(
        [*asked, gettext("Please do not write passwords, one-time codes, recovery phrases or private keys.")]
    )
