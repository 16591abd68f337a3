from __future__ import annotations

import os
import shutil
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from pytest_django import Settings

from kefu.accounts.people.agents import Agent
from kefu.brands.models import Brand
from kefu.config.running import guests, preflight, prepare, stamp, web
from kefu.config.running.choices import Choices, choose
from kefu.demo import fill
from kefu.demo.reading import CONTENT
from kefu.helpcentre.models import Article


@pytest.fixture
def choices(tmp_path: Path) -> Choices:
    return replace(choose(Namespace(), {})[0], data=tmp_path)


@pytest.fixture
def all_cores() -> Iterator[set[int]]:
    cores = os.sched_getaffinity(0)
    yield cores
    os.sched_setaffinity(0, cores)


@pytest.fixture
def settings_of_a_demo(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A demo without its articles, which take the most of the time to fill it."""
    settings.DEMO = True
    content = shutil.copytree(CONTENT, tmp_path / "content", ignore=shutil.ignore_patterns("articles"))
    monkeypatch.setattr(fill, "fill_demo", partial(fill.fill_demo, content))
    return settings


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demo_is_filled_where_there_is_no_brand_yet(settings: Settings) -> None:
    settings.DEMO = True

    prepare._fill_demo(is_first=True)

    assert Brand.objects.count() == 1
    assert Agent.objects.filter(is_demo=True).exists()
    assert Article.objects.exists()


@pytest.mark.django_db
def test_a_first_start_that_broke_off_is_completed(settings_of_a_demo: Settings) -> None:
    prepare._fill_demo(is_first=True)
    Agent.objects.all().delete()

    prepare._fill_demo(is_first=True)

    assert Agent.objects.exists()


@pytest.mark.django_db
def test_the_demo_never_moves_in_beside_a_brand_of_the_operators_own(settings: Settings) -> None:
    settings.DEMO = True
    Brand.objects.create(key="own", name="Own", prefix="QW")

    prepare._fill_demo(is_first=True)

    assert Brand.objects.count() == 1


@pytest.mark.django_db
def test_where_the_demo_is_not_wanted_nothing_is_filled(settings: Settings) -> None:
    settings.DEMO = False

    prepare._fill_demo(is_first=True)

    assert not Brand.objects.exists()


@pytest.mark.django_db
def test_preparing_leaves_a_stamp_that_the_database_agrees_with(choices: Choices, settings: Settings) -> None:
    settings.DEMO = False
    settings.STATIC_ROOT = choices.data / "static"

    prepare.prepare(choices)

    assert stamp.read(choices.data) == stamp.Stamp(stamp.fingerprint(choices), preflight.migrations_taken())
    assert list((choices.data / "static").iterdir())


@pytest.mark.django_db
def test_the_greeting_has_a_link_for_each_of_the_demos_agents_and_for_nobody_else(
    settings_of_a_demo: Settings,
) -> None:
    nobody = guests.greeting()
    assert (nobody["guests"], nobody["has_agents"], nobody["has_brands"]) == ([], False, False)
    prepare._fill_demo(is_first=True)
    Agent.objects.create_agent(email="mei@example.com", name="Mei 梅")

    greeting = guests.greeting()

    demo = list(Agent.objects.filter(is_demo=True).values_list("name", flat=True))
    assert [guest["name"] for guest in greeting["guests"]] == demo
    assert len({guest["path"] for guest in greeting["guests"]}) == len(demo)


@pytest.mark.django_db
def test_without_the_demo_no_link_is_minted(settings_of_a_demo: Settings) -> None:
    prepare._fill_demo(is_first=True)
    settings_of_a_demo.DEMO = False

    assert guests.greeting() == {"guests": [], "has_agents": True, "has_brands": True, "outbox": ""}


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only where a process can be kept on a core")
def test_web_processes_take_the_cores_in_turn(all_cores: set[int]) -> None:
    taken = []
    for number in range(len(all_cores) + 1):
        os.sched_setaffinity(0, all_cores)
        web.stay_on_one_core(number)
        taken.append(os.sched_getaffinity(0))

    assert all(len(cores) == 1 for cores in taken)
    assert set.union(*taken) == all_cores
    assert taken[0] == taken[-1]


def test_uvicorn_keeps_requests_apart_and_leaves_the_peers_address_as_it_is() -> None:
    configuration = web.configuration()

    assert configuration.reset_contextvars
    assert not configuration.proxy_headers
