from __future__ import annotations

import pytest
from django.apps import apps

from kefu.accounts.models import Agent, Role, Team
from kefu.brands.models import Brand
from kefu.conversations.models import Topic
from kefu.demo.fill import fill_demo
from kefu.demo.reading import CONTENT
from kefu.helpcentre.models import Article, Translation
from kefu.safety.models import OfficialWay
from kefu.waiting.models import WeeklyHours

# All of the demo.
pytestmark = pytest.mark.slow

ARTICLES = len(list(CONTENT.glob("articles/*/article.toml")))


def _rows() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.managed
    }


def test_the_demo_exchange_has_what_a_first_visit_needs(xinghai: Brand) -> None:
    assert (xinghai.key, xinghai.prefix, xinghai.domain, xinghai.accent_hue) == (
        "xinghai",
        "XH",
        "xinghai.example",
        226,
    )
    assert list(Team.objects.values_list("key", flat=True)) == ["deposits", "security", "trading"]
    assert list(Topic.objects.values_list("key", flat=True)) == ["account", "trading", "other"]
    assert Article.objects.count() == ARTICLES
    assert Translation.objects.count() == 3 * ARTICLES
    assert set(OfficialWay.objects.values_list("kind", flat=True)) == {
        "chat",
        "mail",
        "x",
        "facebook",
        "instagram",
        "youtube",
    }


def test_every_team_works_monday_to_friday_from_nine_to_nine(xinghai: Brand) -> None:
    for team in Team.objects.all():
        week = [(one.weekday, one.opens, one.closes) for one in WeeklyHours.objects.filter(team=team)]
        assert week == [(day, 9 * 60, 21 * 60) for day in range(5)]
        assert team.zone == "Asia/Shanghai"


def test_demo_agents_can_sign_in_by_link_only(xinghai: Brand) -> None:
    agents = list(Agent.objects.all())

    assert len(agents) == 4
    for agent in agents:
        assert agent.is_demo
        assert not agent.has_usable_password()
        # An admin reaches every team without being of one.
        assert agent.teams.exists() is (agent.role != Role.ADMIN)


def test_filling_again_changes_nothing(xinghai: Brand) -> None:
    before = _rows()

    fill_demo()

    assert _rows() == before


def test_what_a_supervisor_changed_stays_theirs(xinghai: Brand) -> None:
    team = Team.objects.get(key="deposits")
    WeeklyHours.objects.filter(team=team, weekday=4).delete()
    Topic.objects.filter(key="other").update(names={"en": "Anything"})
    Agent.objects.filter(email="winnie@xinghai.example").update(role="supervisor")

    fill_demo()

    assert WeeklyHours.objects.filter(team=team).count() == 4
    assert Topic.objects.get(key="other").names == {"en": "Anything"}
    assert Agent.objects.get(email="winnie@xinghai.example").role == "supervisor"


def test_the_command_says_what_is_there(filled: str, xinghai: Brand) -> None:
    assert filled == f"星海 Exchange: {ARTICLES} articles.\n"
