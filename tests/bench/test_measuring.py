"""The statistics by which the bench judges."""

from __future__ import annotations

import math

import pytest

from bench.gates import Findings, Gate, Verdict
from bench.measuring import Spread, growth, percentile, ratios, shown


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 50), (0.99, 99), (0.991, 100), (1.0, 100)])
def test_a_percentile_is_the_nearest_rank_whatever_the_order(share: float, value: float) -> None:
    assert percentile([*range(100, 50, -1), *range(1, 51)], share) == value


def test_an_answer_that_never_came_is_the_slowest_of_all() -> None:
    latencies = [0.1] * 98 + [math.inf] * 2

    assert percentile(latencies, 0.5) == 0.1
    assert percentile(latencies, 0.99) == math.inf


def test_of_nothing_there_is_no_percentile() -> None:
    assert math.isnan(percentile([], 0.5))


def test_a_spread_is_the_median_with_the_least_and_the_most() -> None:
    spread = Spread.of([3.0, 1.0, 2.0])

    assert (spread.median, spread.low, spread.high) == (2.0, 1.0, 3.0)
    assert str(spread) == "2.00 [1.00–3.00]"


def test_one_round_without_a_figure_leaves_none_for_all() -> None:
    assert str(Spread.of([1.0, math.nan])) == "–"
    assert str(Spread.of([])) == "–"


def test_ratios_are_taken_round_by_round() -> None:
    # Both were twice as fast in the second round, so the machine was.
    assert ratios([100.0, 200.0], [10.0, 20.0]) == Spread(10.0, 10.0, 10.0)
    assert math.isnan(ratios([1.0], [0.0]).median)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.01234, "0.0123"), (1.5, "1.50"), (99.94, "99.9"), (1234.5, "1,234"), (math.nan, "–")],
)
def test_figures_are_shown_as_exactly_as_they_are_known(value: float, words: str) -> None:
    assert shown(value) == words


def test_growth_compares_the_last_quarter_with_the_first() -> None:
    steady = [(second, 0.010) for second in range(20)]
    growing = [(second, 0.010 + 0.1 * second) for second in range(20)]

    assert growth(steady) == 1.0
    assert growth(growing) > 5
    assert math.isnan(growth([]))


def test_a_gate_holds_at_its_bound_and_tells_of_its_aim() -> None:
    gate = Gate("ours ÷ theirs", Spread(6.0, 5.0, 11.0), 6, 10)

    assert gate.holds
    assert str(gate) == "holds  ours ÷ theirs: 6.00 [5.00–11.0], gate ≥ 6, aim ≥ 10 not reached"
    assert not Gate("late", Spread(1.6, 1.0, 2.0), 1.5, is_least=False).holds


def test_what_was_not_measured_holds_no_gate() -> None:
    nothing = Spread.of([])

    assert not Gate("a", nothing, 1).holds
    assert not Gate("b", nothing, 1, is_least=False).holds


def test_a_run_that_is_not_valid_says_neither_good_nor_failed() -> None:
    findings = Findings(gates=[Gate("a", Spread.of([2.0]), 1)])
    assert findings.verdict == Verdict.GOOD

    findings.gates.append(Gate("b", Spread.of([0.5]), 1))
    assert findings.verdict == Verdict.FAILED

    findings.needs_reference(Spread.of([0.030]), 0.025)
    assert findings.verdict == Verdict.FAILED
    findings.needs_reference(Spread.of([0.024]), 0.025)
    assert findings.verdict == Verdict.NOT_VALID


def test_a_reference_that_was_not_measured_makes_no_run_valid() -> None:
    findings = Findings()
    findings.needs_reference(Spread.of([]), 0.025)

    assert findings.verdict == Verdict.NOT_VALID
