"""What a chat run's figures are judged to be."""

from __future__ import annotations

from typing import Any

from bench.chat.findings import Weighing
from bench.gates import Findings, Verdict
from bench.load.record import NOBODY_IS_FREE, Figures, Record, Usage, figures_of

# What the gates are about; the rest is as good as can be.
GOOD = {"limit": 20_000.0, "Channels": 700.0, "Kefu": 7_000.0}


def figures(rate: float, **changes: Any) -> Figures:
    record = Record(began=Usage(0, 0, 0, 0, 0), ended=Usage(1, 1, 0, 0.5, 0))
    record.sent[1], record.acked[1], record.heard[1] = 0.5, 0.51, 0.51
    return Figures(**(figures_of([record]).as_data() | {"acked_per_second": rate} | changes))


def weighed(phase: str, database: str = "sqlite", **servers: Figures) -> Findings:
    # Only what is read of results is given, so that no socket is needed.
    class Results:
        in_flight: dict[str, int] = {}

        def __init__(self) -> None:
            self.figures = {phase: {name: [one, one] for name, one in servers.items()}}

    return Weighing(Results(), database).weigh()  # type: ignore[arg-type]


def saturation(database: str = "sqlite", **rates: float) -> Findings:
    return weighed("saturation", database, **{name: figures(rate) for name, rate in (GOOD | rates).items()})


def test_a_good_run_is_good() -> None:
    assert saturation().verdict == Verdict.GOOD


def test_who_is_not_six_times_the_reference_fails() -> None:
    findings = saturation(Kefu=4_000.0)

    assert findings.verdict == Verdict.FAILED
    assert "÷ Channels" in next(gate.says for gate in findings.gates if not gate.holds)


def test_postgresql_has_gates_of_its_own() -> None:
    # Ten times the reference and a tenth of the limit.
    rates = {"Channels": 200.0, "Kefu": 2_000.0}

    assert saturation("postgres", **rates).verdict == Verdict.GOOD
    assert saturation("sqlite", **(rates | {"Channels": 600.0})).verdict == Verdict.FAILED


def test_a_reference_that_crawls_makes_the_run_not_valid() -> None:
    assert saturation(Channels=499.0).verdict == Verdict.NOT_VALID


def test_what_kefu_loses_fails_and_what_a_reference_loses_is_no_reference() -> None:
    lossy = figures(7_000.0, lost=1)

    assert weighed("saturation", Kefu=lossy).verdict == Verdict.FAILED
    assert weighed("saturation", Channels=lossy).verdict == Verdict.NOT_VALID


def test_a_refused_frame_makes_the_run_not_valid() -> None:
    assert (
        weighed("saturation", Kefu=figures(1.0, problems={"refused: busy": 3})).verdict == Verdict.NOT_VALID
    )


def test_a_server_that_is_offered_more_than_it_answers_is_told_so() -> None:
    behind = figures(100.0, problems={NOBODY_IS_FREE: 3})

    assert weighed("offered", Channels=behind).invalid == []
    assert weighed("saturation", Kefu=behind).verdict == Verdict.NOT_VALID


def test_a_delivery_that_lags_behind_its_acknowledgement_fails() -> None:
    assert (
        weighed("saturation", Kefu=figures(1.0, ack_p50_ms=10.0, delivery_p50_ms=16.0)).verdict
        == Verdict.FAILED
    )


def test_a_load_that_was_at_its_end_is_told() -> None:
    assert any(
        "the load used 95%" in one
        for one in weighed("saturation", limit=figures(1.0, load_busy=0.95)).remarks
    )
