"""Readings in the text format of Prometheus: one line for each number of each process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from kefu.background.meters import METERS, Count, Level, Meter, Spread

CONTENT_TYPE = CONTENT_TYPE_LATEST
Readings = Mapping[str, Mapping[str, Any]]


def text_of(readings: Readings) -> bytes:
    """`readings` by process, then by meter, as meters.readings() gives them; what is no meter here is left out."""
    return generate_latest(_Collector(readings))


class _Collector(Collector):
    def __init__(self, readings: Readings) -> None:
        self.readings = readings

    def collect(self) -> Iterable[Metric]:
        for name, meter in METERS.items():
            yield _family(
                meter, {process: own[name] for process, own in self.readings.items() if name in own}
            )


def _family(meter: Meter, by_process: Mapping[str, Any]) -> Metric:
    match meter:
        case Count():
            counter = CounterMetricFamily(meter.name, meter.says, labels=["process"])
            for process, value in by_process.items():
                counter.add_metric([process], value)
            return counter
        case Level():
            gauge = GaugeMetricFamily(meter.name, meter.says, labels=["process"])
            for process, value in by_process.items():
                gauge.add_metric([process], value)
            return gauge
        case Spread():
            return _histogram(meter, by_process)


def _histogram(meter: Spread, by_process: Mapping[str, Any]) -> Metric:
    histogram = HistogramMetricFamily(meter.name, meter.says, labels=["process"])
    bounds = [*(str(float(bound)) for bound in meter.bounds), "+Inf"]
    for process, read in by_process.items():
        # Each of theirs counts all that is at most its bound.
        buckets = list(zip(bounds, accumulate(read["counts"]), strict=True))
        histogram.add_metric([process], buckets, read["sum"])
    return histogram
