"""The page cache of several web processes: what is published is seen within a second, whichever of them answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.request import urlopen

import pytest

from tests.faults.conftest import REDIS
from tests.product import Product

pytestmark = pytest.mark.fault

# The kernel deals connections out; this many in a row do not all fall to one process.
CONNECTIONS = 30
SEEN_WITHIN = 1.0
RENAME = """
from kefu.brands.actions import BrandText, change_brand
from kefu.brands.models import Brand
from kefu.journal.actor import SYSTEM
import time
brand = Brand.objects.get()
text = BrandText(
    name="{name}", accent_hue=brand.accent_hue, languages=brand.languages, zone=brand.zone, origins=brand.origins
)
change_brand(brand=brand, text=text, actor=SYSTEM)
print(time.time())
"""


def home(product: Product) -> str:
    """Over a connection of its own."""
    with urlopen(f"{product.url}/zh-hans/", timeout=10) as answer:
        return str(answer.read().decode())


def kept_by_each(product: Product) -> list[float]:
    with urlopen(f"{product.url}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return [float(line.split()[-1]) for line in lines if line.startswith("kefu_page_cache_hits_total{")]


@pytest.mark.parametrize(
    "rings", [{"KEFU_RINGS": "socket"}, {"KEFU_RINGS": "redis", "REDIS_URL": REDIS}], ids=["socket", "redis"]
)
def test_what_is_published_is_seen_within_a_second_in_every_process(
    started: Callable[..., Product], rings: dict[str, str]
) -> None:
    product = started("--web", "2", **rings)
    for number in range(3):
        name = f"改名{number}"
        for _ in range(CONNECTIONS):
            assert name not in home(product)

        committed_at = float(product.django(RENAME.format(name=name)))
        time.sleep(max(0.0, committed_at + SEEN_WITHIN - time.time()))

        assert all(name in home(product) for _ in range(CONNECTIONS))


def test_both_processes_answer_from_what_they_keep(started: Callable[..., Product]) -> None:
    product = started("--web", "2", KEFU_RINGS="socket")
    deadline = time.monotonic() + 30
    while len(found := kept_by_each(product)) < 2 or not all(found):
        assert time.monotonic() < deadline, f"hits of each process: {found}"
        home(product)
