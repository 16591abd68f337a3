"""Every official way to reach a brand, from the one list, in the order of the page."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext

from kefu.brands.models import Brand
from kefu.safety.models import OfficialWay

SOCIAL = ("x", "facebook", "instagram", "youtube")
NETWORKS = {"x": "X", "facebook": "Facebook", "instagram": "Instagram", "youtube": "YouTube"}


@dataclass(frozen=True)
class Way:
    """One official address in the reader's language."""

    kind: str
    value: str
    url: str
    name: str
    good_for: str

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


def ways_of(brand: Brand, language: str) -> Ways:
    rows = OfficialWay.objects.shown(brand)
    ways = [_way(row, language) for row in rows]

    def of(*kinds: str) -> list[Way]:
        return [way for way in ways if way.kind in kinds]

    return Ways(
        chat=of("chat"), mail=of("mail"), phone=of("phone"), community=of("community"), social=of(*SOCIAL)
    )


def _way(row: OfficialWay, language: str) -> Way:
    return Way(
        kind=row.kind,
        value=row.value,
        url=_address(row),
        name=row.name_in(language),
        good_for=row.good_for_in(language),
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
