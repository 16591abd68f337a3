"""What the load counts: only what was really answered, and nobody says more than one person may."""

from __future__ import annotations

import math

from bench.load.frames import Chat, Event, Message, Row, read, say, serial_of, serials_in
from bench.load.record import Record, Usage, figures_of
from bench.load.rotation import TIMES, WINDOW, Rotation, people_for
from kefu.conversations.frames import SayFrame
from kefu.conversations.together import SAY_LIMIT
from kefu.realtime import verbs


def record_of_ten() -> Record:
    """Ten messages a tenth of a second apart, each acknowledged after 10 ms and heard after 30; the last of them never."""
    record = Record(began=Usage(0.0, 1.0, 0.5, 2.0, 0.0), ended=Usage(1.0, 1.5, 0.6, 2.25, 0.1))
    for serial in range(10):
        record.sent[serial] = serial / 10
        if serial < 9:
            record.acked[serial] = serial / 10 + 0.010
            record.heard[serial] = serial / 10 + 0.030
    return record


def test_figures_count_what_was_answered_within_the_window() -> None:
    figures = figures_of([record_of_ten()])

    assert (figures.acked_per_second, figures.delivered_per_second) == (9.0, 9.0)
    assert (round(figures.ack_p50_ms), round(figures.delivery_p50_ms)) == (10, 30)
    assert (figures.acked, figures.lost, figures.undelivered) == (9, 1, 0)
    assert figures.ack_p99_ms == math.inf


def test_cpu_is_of_the_window_and_a_message() -> None:
    figures = figures_of([record_of_ten()])

    assert round(figures.server_us) == round(0.5 / 9 * 1e6)
    assert round(figures.beside_us) == round(0.1 / 9 * 1e6)
    assert (figures.load_busy, figures.load_waited) == (0.25, 0.1)


def test_what_lies_before_the_window_counts_for_nothing_but_the_total() -> None:
    record = record_of_ten()
    record.sent[99], record.acked[99], record.heard[99] = -1.0, -0.5, -0.4

    figures = figures_of([record])

    assert figures.acked_per_second == 9.0
    assert figures.acked == 10


def test_a_delivery_that_comes_after_the_end_is_late_and_not_left_out() -> None:
    record = record_of_ten()
    for serial in range(9):
        record.heard[serial] = 5.0

    figures = figures_of([record])

    assert figures.delivered_per_second == 0
    assert figures.delivery_p50_ms > 4_000
    assert figures.behind_seconds == 1.0


def test_turns_of_one_round_count_together_each_by_its_own_window() -> None:
    late = record_of_ten()
    late.began, late.ended = Usage(10.0, 3.0, 0.5, 2.0, 0.0), Usage(12.0, 5.0, 0.5, 4.0, 0.0)
    for moments in (late.sent, late.acked, late.heard):
        moments.update({serial: 10 + at for serial, at in moments.items()})
    late.acked[9] = late.heard[9] = 10.95

    figures = figures_of([record_of_ten(), late])

    # 9 in one second and 10 in two, with half a second of the server's time and two.
    assert round(figures.acked_per_second, 3) == round(19 / 3, 3)
    assert round(figures.server_us) == round(2.5 / 19 * 1e6)
    assert round(figures.load_busy, 3) == 0.75
    assert (figures.acked, figures.lost) == (19, 1)


def test_where_nobody_listens_nothing_is_said_of_deliveries() -> None:
    record = record_of_ten()
    record.is_heard = False

    figures = figures_of([record])

    assert math.isnan(figures.delivered_per_second)
    assert math.isnan(figures.delivery_p50_ms)
    assert figures.undelivered == 0


def test_a_person_speaks_until_their_share_is_used_and_again_in_the_next_window() -> None:
    now = [0.0]
    rotation = Rotation(["mei"], clock=lambda: now[0])

    for _ in range(TIMES):
        person = rotation.take()
        assert person == "mei"
        rotation.count(person)
        rotation.give_back(person)

    assert rotation.take() is None
    now[0] = WINDOW
    assert rotation.take() == "mei"


def test_who_has_waited_longest_speaks_next() -> None:
    rotation = Rotation(["mei", "wei"])
    first = rotation.take()
    assert first == "mei"
    rotation.give_back(first)

    assert [rotation.take(), rotation.take()] == ["wei", "mei"]


def test_where_nobody_counts_a_person_may_come_again_at_once() -> None:
    rotation = Rotation(["mei"], is_counted=False)
    for _ in range(TIMES):
        rotation.count("mei")
    assert not rotation.may_speak("mei")

    assert rotation.take() is None
    rotation.give_back("mei")
    assert rotation.take() == "mei"


def test_the_load_stays_below_what_the_product_lets_a_person_say() -> None:
    assert SAY_LIMIT.times > TIMES
    assert SAY_LIMIT.seconds == WINDOW


def test_there_are_people_enough_for_a_rate() -> None:
    assert people_for(1_000, 20, in_flight=64) * TIMES >= 1_000 * 20
    # After a window everybody may speak again.
    assert people_for(1_000, 300, in_flight=64) == people_for(1_000, WINDOW, in_flight=64)


def test_a_message_is_one_that_the_product_takes_and_is_known_again_when_it_is_heard() -> None:
    frame = verbs.decode(say(Chat("XH-7Q2M-9KDV-0T3A-C"), 123))

    assert isinstance(frame, SayFrame)
    assert serial_of(frame.client_id) == 123
    assert serials_in([Event("message", message=Message(frame.text))]) == [123]
    assert serials_in([Event("row", row=Row(frame.text[:160]))]) == [123]


def test_events_that_are_no_message_of_ours_are_passed_over() -> None:
    frame = read(b'{"type":"events","topic":"desk/1","events":[{"kind":"cursor"},{"kind":"row","row":{}}]}')

    assert serials_in(frame.events) == []
