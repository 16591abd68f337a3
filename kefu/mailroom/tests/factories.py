"""Letters to send, and a sink to send them to."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult

from kefu.accounts.models import Agent
from kefu.background.running import run_next
from kefu.background.tasks import Queue
from kefu.brands.models import Brand
from kefu.conversations.tests.factories import House, make_house
from kefu.mailroom.actions import post_letter
from kefu.mailroom.kinds.staff_mail import keep
from kefu.mailroom.models import Letter, LetterKind
from kefu.realtime.models import Presence
from kefu.safety.models import OfficialWay
from kefu.waiting.models import WeeklyHours

_numbers = count(1)


def a_brand(**values: Any) -> Brand:
    known = {
        "key": "xinghai",
        "name": "星海 Exchange",
        "prefix": "XH",
        "languages": ["zh-hans", "zh-hant", "en"],
    }
    brand = Brand.objects.filter(key="xinghai").first() or Brand.objects.create(**known | values)
    OfficialWay.objects.get_or_create(brand=brand, kind="mail", value="support@xinghai.example")
    return brand


def a_letter(
    *, language: str = "zh-hans", recipient: str = "lin.xiaomei@mail.example", text: str = "请核对。"
) -> Letter:
    return post_letter(
        brand=a_brand(),
        kind=LetterKind.STAFF_MAIL,
        key=str(next(_numbers)),
        language=language,
        recipient=recipient,
        words=keep(subject="重设密码", text=text),
    )


def run_letters() -> int:
    """What the network's thread of the worker does with what is due."""
    done = 0
    while run_next("postman", Queue.NETWORK):
        done += 1
    return done


def let_time_pass() -> None:
    """Every wait of every letter and task is over."""
    Letter.objects.filter(untouched_until__isnull=False).update(untouched_until=now())
    DBTaskResult.objects.filter(status="READY").update(run_after=now())


def make_open_house() -> House:
    """Open day and night, with somebody there, and an address that its letters come from."""
    house = make_house()
    OfficialWay.objects.create(brand=house.brand, kind="mail", value="support@xinghai.example")
    Agent.objects.filter(pk=house.mei.pk).update(availability="available")
    Presence.objects.create(agent_id=house.mei.pk, until=now() + timedelta(minutes=1))
    WeeklyHours.objects.bulk_create(
        WeeklyHours(team=house.team, weekday=day, opens=0, closes=24 * 60) for day in range(7)
    )
    return house
