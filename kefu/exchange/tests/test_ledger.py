from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Event, Lock, Thread

import pytest

from kefu.config.commands import soundness
from kefu.exchange import ledger, turns
from kefu.exchange.ledger import (
    Busy,
    Example,
    InAccount,
    LedgerSource,
    OnChain,
    Question,
    Restriction,
    Standing,
    Traced,
    Unavailable,
)
from kefu.exchange.turns import Turns

ASKED = Question(brand="xinghai", coin="BTC", network="bitcoin", txid="ab" * 32)
FOUND = Traced(chain=OnChain(network="bitcoin", confirmations=1, needed=2))


class Answering(LedgerSource):
    def trace(self, question: Question) -> Traced | None:
        return FOUND if question.txid == ASKED.txid else None


class Broken(LedgerSource):
    def trace(self, question: Question) -> Traced | None:
        raise KeyError(question.txid)


class Hanging(LedgerSource):
    def __init__(self) -> None:
        self.over = Event()
        self.began = Event()
        self.asked = 0

    def trace(self, question: Question) -> Traced | None:  # noqa: ARG002 - the contract's signature
        self.asked += 1
        self.began.set()
        self.over.wait(30)
        return None


@pytest.fixture(autouse=True)
def _own_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "_stand_in", [])
    monkeypatch.setattr(ledger, "_turns", Turns())
    monkeypatch.setattr(ledger, "ALL_SECONDS", 0.2)


def test_without_a_ledger_nothing_can_be_looked_up() -> None:
    assert ledger.source() is None
    with pytest.raises(Unavailable):
        ledger.trace(ASKED)


def test_the_ledger_is_asked() -> None:
    ledger.stand_in(Answering())

    assert ledger.trace(ASKED) == FOUND


def test_the_class_that_the_operator_named_is_asked_before_any_stand_in(settings) -> None:
    ledger.stand_in(Broken())
    settings.LEDGER = f"{__name__}:Answering"

    assert ledger.trace(ASKED) == FOUND


@pytest.mark.parametrize("name", [f"{__name__}:NoSuchClass", f"{__name__}:Question", "no_such.module:Ledger"])
def test_a_class_that_is_no_ledger_breaks_no_page_and_is_told_to_whoever_checks(settings, name: str) -> None:
    settings.LEDGER = name

    assert ledger.source() is None
    assert soundness.ledger().problem.startswith("KEFU_LEDGER can't be loaded.")


def test_a_good_ledger_is_sound(settings) -> None:
    settings.LEDGER = f"{__name__}:Answering"

    assert soundness.ledger().is_good


def test_a_ledger_that_breaks_can_not_say_just_now_and_the_log_has_no_txid(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ledger.stand_in(Broken())

    with pytest.raises(Unavailable):
        ledger.trace(ASKED)
    assert "ledger.failed error=KeyError" in caplog.text
    assert ASKED.txid not in caplog.text


class SilentForFive(LedgerSource):
    def trace(self, question: Question) -> Traced | None:  # noqa: ARG002 - the contract's signature
        raise Unavailable(5)  # type: ignore[arg-type]


def test_a_time_to_ask_again_that_is_no_span_is_the_platforms_mistake(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ledger.stand_in(SilentForFive())

    with pytest.raises(Unavailable) as refused:
        ledger.trace(ASKED)
    assert refused.value.retry_after is None
    assert "ledger.failed error=TypeError" in caplog.text


CHAIN = FOUND.chain
ACCOUNT = InAccount(user_id="700231", standing=Standing.WAITING)


class Giving(LedgerSource):
    """Whatever it is given, as untyped code would."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def trace(self, question: Question) -> Traced | None:  # noqa: ARG002 - the contract's signature
        return self.answer  # type: ignore[return-value]

    def examples(self) -> Sequence[Example]:
        return self.answer  # type: ignore[return-value]


def of_the_chain(**changes: object) -> Traced:
    return Traced(chain=replace(CHAIN, **changes))  # type: ignore[arg-type]


def of_the_account(**changes: object) -> Traced:
    return Traced(chain=CHAIN, account=replace(ACCOUNT, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        *(({"chain": 1}, "answer"), ("found", "answer"), (7, "answer"), (False, "answer")),
        *((Traced(chain=one), "answer.chain") for one in ("tron", None)),  # type: ignore[arg-type]
        *((Traced(chain=CHAIN, account=one), "answer.account") for one in (7, {}, "700231")),  # type: ignore[arg-type]
        *((of_the_chain(network=one), "answer.chain.network") for one in (["bitcoin"], None, 7)),
        *(
            (of_the_chain(confirmations=one), "answer.chain.confirmations")
            for one in ("1", None, 1.0, True, -1)
        ),
        *((of_the_chain(needed=one), "answer.chain.needed") for one in (None, "2", 0, -2, 10**12)),
        *(
            (of_the_chain(expected_in=one), "answer.chain.expected_in")
            for one in (600, "10 min", timedelta(-1))
        ),
        *((of_the_account(user_id=one), "answer.account.user_id") for one in (None, 700231)),
        *((of_the_account(standing=one), "answer.account.standing") for one in ("held", None)),
        *((of_the_account(restriction=one), "answer.account.restriction") for one in ("R09", 9)),
        *(
            (of_the_account(**{name: one}), f"answer.account.{name}")
            for name in ("amount", "minimum")
            for one in ("0.001", 1, 0.5, Decimal("NaN"), Decimal("Infinity"), Decimal("1e999999"))
        ),
        (of_the_account(minimum=Decimal(-1)), "answer.account.amount"),
        *(
            (of_the_account(credited_at=one), "answer.account.credited_at")
            for one in ("2026-11-29", 1764400000, date(2026, 11, 29), datetime(2026, 11, 29))  # noqa: DTZ001 - wrong on purpose
        ),
    ],
)
def test_what_is_no_answer_of_the_contract_is_none_and_the_log_names_the_place_alone(
    answer: object, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    ledger.stand_in(Giving(answer))

    with pytest.raises(Unavailable):
        ledger.trace(ASKED)
    assert [record.getMessage() for record in caplog.records] == [f"ledger.wrong_shape place={place}"]


@pytest.mark.parametrize(
    "answer",
    [
        None,
        FOUND,
        of_the_chain(confirmations=10**30, expected_in=timedelta(minutes=3)),
        of_the_account(standing=Standing.HELD),
        of_the_account(
            standing=Standing.BELOW_MINIMUM, amount=Decimal("0.00000001"), minimum=Decimal(10) ** 12
        ),
        of_the_account(
            credited_at=datetime(2026, 11, 29, tzinfo=UTC), restriction=Restriction.REGION, user_id=""
        ),
    ],
)
def test_whatever_the_contract_allows_comes_through(answer: Traced | None) -> None:
    ledger.stand_in(Giving(answer))

    assert ledger.trace(ASKED) == answer


@pytest.mark.parametrize("answer", [None, 7, ["bitcoin"], [Example("BTC", "bitcoin", 7, {})]])  # type: ignore[arg-type]
def test_examples_of_another_shape_are_none(answer: object) -> None:
    ledger.stand_in(Giving(answer))

    assert list(ledger.examples()) == []


def seconds_of_asking() -> float:
    began = time.monotonic()
    with pytest.raises(Unavailable):
        ledger.trace(ASKED)
    return time.monotonic() - began


def test_a_ledger_that_hangs_is_waited_for_once_and_then_let_be_for_a_while() -> None:
    hanging = Hanging()
    ledger.stand_in(hanging)

    first, again = seconds_of_asking(), seconds_of_asking()
    hanging.over.set()

    assert first >= ledger.ALL_SECONDS
    assert again < ledger.ALL_SECONDS / 2
    assert hanging.asked == 1


class Slow(LedgerSource):
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.at_once: list[int] = []
        self._inside = 0
        self._mutex = Lock()

    def trace(self, question: Question) -> Traced | None:  # noqa: ARG002 - the contract's signature
        with self._mutex:
            self._inside += 1
            self.at_once.append(self._inside)
        time.sleep(self.seconds)
        with self._mutex:
            self._inside -= 1
        return FOUND


def ask_at_once(number: int) -> list[Traced | Unavailable | None]:
    def ask(_: int) -> Traced | Unavailable | None:
        try:
            return ledger.trace(ASKED)
        except Unavailable as problem:
            return problem

    with ThreadPoolExecutor(number) as all_of_them:
        return [*all_of_them.map(ask, range(number))]


@pytest.mark.slow
def test_four_who_ask_a_slow_ledger_at_once_are_all_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "ALL_SECONDS", 4.0)
    ledger.stand_in(Slow(0.6))
    began = time.monotonic()

    assert ask_at_once(4) == [FOUND] * 4
    assert time.monotonic() - began < 2


@pytest.mark.slow
def test_more_than_are_served_at_once_wait_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "ALL_SECONDS", 4.0)
    slow = Slow(0.1)
    ledger.stand_in(slow)

    assert ask_at_once(10) == [FOUND] * 10
    assert max(slow.at_once) == turns.AT_ONCE


@pytest.mark.slow
def test_who_waits_too_long_for_a_turn_hears_that_many_ask_and_not_that_the_ledger_is_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ledger, "ALL_SECONDS", 4.0)
    monkeypatch.setattr(turns, "TURN_SECONDS", 0.05)
    ledger.stand_in(Slow(0.4))

    answers = ask_at_once(6)

    assert answers.count(FOUND) == turns.AT_ONCE
    assert [type(one) for one in answers if one is not FOUND] == [Busy, Busy]
    assert ledger.trace(ASKED) == FOUND


def test_those_that_hang_together_are_one_reason_to_let_it_be() -> None:
    hanging = Hanging()
    ledger.stand_in(hanging)

    answers = ask_at_once(turns.AT_ONCE)
    with pytest.raises(Unavailable) as refused:
        ledger.trace(ASKED)
    hanging.over.set()

    assert {type(one) for one in answers} == {Unavailable}
    assert refused.value.retry_after
    assert 40 < refused.value.retry_after.total_seconds() <= turns.REST_SECONDS


def test_who_waits_for_a_turn_while_the_ledger_hangs_hears_that_it_is_silent() -> None:
    hanging = Hanging()
    ledger.stand_in(hanging)

    answers = ask_at_once(turns.AT_ONCE + 2)
    hanging.over.set()

    assert {type(one) for one in answers} == {Unavailable}
    assert hanging.asked == turns.AT_ONCE


def test_one_that_never_returns_is_asked_again_after_its_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "REST_SECONDS", 0.01)
    hanging = Hanging()
    ledger.stand_in(hanging)
    seconds_of_asking()
    time.sleep(0.05)
    ledger.stand_in(Answering())

    assert ledger.trace(ASKED) == FOUND
    hanging.over.set()


def test_the_more_questions_hang_the_longer_it_is_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_REST_SECONDS", 100.0)
    line, over, rests = Turns(), Event(), []
    for _ in range(3):
        asking = Thread(target=over.wait, args=(30,), daemon=True)
        asking.start()
        line._rests_until = 0.0
        line.leave_behind(asking)
        with pytest.raises(Unavailable) as refused, line.turn():
            pass
        assert refused.value.retry_after
        rests.append(round(refused.value.retry_after.total_seconds()))
    over.set()

    assert rests == [45, 90, 100]
