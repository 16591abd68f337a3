"""Founding a brand: what a house needs before its first customer can write."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from kefu.accounts.models import Team
from kefu.brands.events import BrandAdded
from kefu.brands.models import Brand
from kefu.conversations.models import Topic
from kefu.helpcentre.models import Category
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM
from kefu.safety.actions import WayText, add_way
from kefu.safety.models import WayKind
from kefu.waiting.models import WeeklyHours

TEAM = {"key": "support", "name": "客服"}
TOPIC = {"key": "other", "names": {"zh-hans": "其他", "zh-hant": "其他", "en": "Something else"}}
# The shelves that every trading platform's help centre has; a folder of articles may bring others.
SHELVES = {
    "account": ("user", {"zh-hans": "账户注册", "zh-hant": "帳戶註冊", "en": "Account & sign-up"}),
    "deposits": (
        "wallet",
        {"zh-hans": "充值与提现", "zh-hant": "加值與提領", "en": "Deposits & withdrawals"},
    ),
    "trading": ("trade", {"zh-hans": "交易", "zh-hant": "交易", "en": "Trading"}),
    "security": ("shield", {"zh-hans": "账户安全", "zh-hant": "帳戶安全", "en": "Account security"}),
    "identity": ("id-card", {"zh-hans": "身份认证", "zh-hant": "身分驗證", "en": "Identity verification"}),
}
MAIL = {"zh-hans": "客服邮箱", "zh-hant": "客服信箱", "en": "Support mail"}
# Monday to Friday; minutes after midnight in the brand's zone.
WORKING_DAYS, OPENS, CLOSES = range(5), 9 * 60, 18 * 60


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the operator says of the brand, read and checked. `mail` is its first official address, if it has one."""

    key: str
    name: str
    prefix: str
    zone: str
    domain: str = ""
    hosts: tuple[str, ...] = ()
    mail: str = ""

    def brand(self) -> Brand:
        """Not stored yet."""
        return Brand(
            key=self.key,
            name=self.name,
            prefix=self.prefix,
            zone=self.zone,
            domain=self.domain,
            hosts=list(self.hosts),
            languages=[code for code, _ in settings.LANGUAGES],
        )


@transaction.atomic
def found(plan: Plan) -> Brand:
    """The brand with a team, its office hours, a topic, shelves for articles, and its mail address if the plan has one."""
    brand = plan.brand()
    brand.save()
    record(BrandAdded(actor=SYSTEM, brand_id=brand.pk, subject_id=brand.pk))
    team = Team.objects.create(brand=brand, zone=brand.zone, **TEAM)
    Topic.objects.create(brand=brand, team=team, **TOPIC)
    WeeklyHours.objects.bulk_create(
        WeeklyHours(team=team, weekday=day, opens=OPENS, closes=CLOSES) for day in WORKING_DAYS
    )
    Category.objects.bulk_create(_shelves(brand))
    if plan.mail:
        add_way(brand=brand, text=WayText(kind=WayKind.MAIL, value=plan.mail, names=MAIL), by=SYSTEM)
    return brand


def _shelves(brand: Brand) -> list[Category]:
    """As if a folder had said them: one that says otherwise later is heard."""
    shelves = [
        Category(brand=brand, key=key, icon=icon, names=names, place=place)
        for place, (key, (icon, names)) in enumerate(SHELVES.items())
    ]
    for one in shelves:
        one.imported = one.said()
    return shelves
