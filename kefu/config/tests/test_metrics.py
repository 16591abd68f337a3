"""/metrics: who may read it, and what stands there."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kefu.background.meters import METERS, Count, Spread
from kefu.config import metrics, readings
from kefu.config.tests.test_router import get

TOKEN = "a-token-of-the-operator"
RINGS, SECONDS = "kefu_rings_heard", "kefu_ack_seconds"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.ALONE_HERE, settings.METRICS_TOKEN = tmp_path, True, ""


def read(**headers: str) -> dict[tuple[str, ...], float]:
    """The samples, by their name, their process, and their bucket if they are of one."""
    status, head, body = get(metrics.serve, "/metrics", **{"host": "localhost:8000", **headers})
    assert (status, head["cache-control"]) == (200, "no-store")
    assert head["content-type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(body.decode())
    samples = [sample for family in families for sample in family.samples]
    assert {label for sample in samples for label in sample.labels} <= {"process", "le"}
    return {
        (one.name, one.labels["process"], *one.labels.get("le", "").split()): one.value for one in samples
    }


def keep(process: str, **values: Any) -> Path:
    """As another process does."""
    readings.folder().mkdir(exist_ok=True)
    path = readings.folder() / f"{process}.json"
    path.write_text(json.dumps(values))
    return path


def status(**headers: str) -> int:
    return get(metrics.serve, "/metrics", **headers)[0]


def test_where_only_this_machine_reaches_it_anybody_here_reads_it() -> None:
    assert status(host="localhost:8000") == 200
    # A page elsewhere whose name leads to this machine.
    assert status(host="evil.example") == 404
    assert status(host="localhost", method="POST") == 405


def test_where_others_reach_it_nobody_does_without_a_token(settings: Any) -> None:
    settings.ALONE_HERE = False

    assert status(host="localhost:8000") == 404


@pytest.mark.parametrize("alone", [True, False])
def test_a_token_opens_it_under_any_name_and_nothing_else_does(settings: Any, alone: bool) -> None:
    settings.ALONE_HERE, settings.METRICS_TOKEN = alone, TOKEN

    assert status(host="10.0.0.2:8000", authorization=f"Bearer {TOKEN}") == 200
    for wrong in ({}, {"authorization": f"Bearer {TOKEN}x"}, {"authorization": f"Basic {TOKEN}"}):
        refused, head, body = get(metrics.serve, "/metrics", host="localhost", **wrong)
        assert (refused, head["www-authenticate"]) == (401, "Bearer")
        assert TOKEN not in body.decode()


def test_every_meter_of_the_house_stands_there() -> None:
    names = {name for name, *_ in read()}

    for name, meter in METERS.items():
        shown = {Count: f"{name}_total", Spread: f"{name}_sum"}.get(type(meter), name)
        assert shown in names
    assert {RINGS, SECONDS, "kefu_sockets", "kefu_delivery_seconds", "kefu_batch_units"} <= set(METERS)


def test_values_stand_in_buckets_that_hold_all_below() -> None:
    before = read()
    spread = METERS[SECONDS]
    assert isinstance(spread, Spread)

    spread.take_all([0.0005, 0.02, 20.0])

    after = read()
    grown = {key: after[key] - before[key] for key in after if key[0].startswith(SECONDS)}
    assert grown[f"{SECONDS}_bucket", "web-0", "0.001"] == 1
    assert grown[f"{SECONDS}_bucket", "web-0", "0.01"] == 1
    assert grown[f"{SECONDS}_bucket", "web-0", "10.0"] == 2
    assert grown[f"{SECONDS}_bucket", "web-0", "+Inf"] == grown[f"{SECONDS}_count", "web-0"] == 3
    assert grown[f"{SECONDS}_sum", "web-0"] == pytest.approx(20.0205)


def test_whichever_process_is_asked_tells_of_all() -> None:
    keep("web-1", kefu_rings_heard=7, of_a_newer_kefu=1)

    samples = read()

    assert samples[f"{RINGS}_total", "web-1"] == 7
    assert (f"{RINGS}_total", "web-0") in samples
    assert not [key for key in samples if "newer" in key[0]]


def test_a_process_that_is_gone_or_stopped_is_left_out_and_its_file_removed() -> None:
    gone, unfinished = keep("web-2", kefu_rings_heard=7), keep("web-3", kefu_rings_heard=7)
    unfinished = unfinished.rename(unfinished.with_suffix(".4711"))
    (readings.folder() / "web-4.json").write_text('{"kefu_rings')
    long_ago = time.time() - readings.FRESH_FOR - 1
    for path in (gone, unfinished):
        os.utime(path, (long_ago, long_ago))

    assert {process for _, process, *_ in read()} == {"web-0"}
    assert not gone.exists()
    assert not unfinished.exists()
