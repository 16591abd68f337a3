from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from kefu.config.running.listening import listen
from kefu.config.running.readiness import Question


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with listen("0.0.0.0", 0) as opened:
        yield opened


def answer(listening: socket.socket, words: bytes) -> None:
    asked, _ = listening.accept()
    with asked:
        assert b"GET /healthz" in asked.recv(1000)
        asked.sendall(words)


def test_a_good_answer_means_ready(listening: socket.socket) -> None:
    question = Question(listening)
    question.ask()

    answer(listening, b"HTTP/1.1 200 OK\r\n\r\nok")

    assert question.is_answered()


@pytest.mark.parametrize("words", [b"HTTP/1.1 503 Service Unavailable\r\n\r\n", b""])
def test_a_bad_answer_or_none_does_not(listening: socket.socket, words: bytes) -> None:
    question = Question(listening)
    question.ask()

    answer(listening, words)

    assert not question.is_answered()
    assert question.asked is None
