from __future__ import annotations

import json
import random
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from kefu.safety.finders.phrases import WORDS
from kefu.safety.guard import guard, guard_again
from tests.chromium import launch

STATIC = Path(__file__).parents[1] / "static"
CORPUS = json.loads((Path(__file__).parent / "corpus.json").read_text())
PIECES = json.loads((Path(__file__).parent / "pieces.json").read_text())
ASK = """async ([texts, verb]) => {
  const rules = await import("/safety/guard.js");
  return texts.map((text) => rules[verb](text));
}"""

pytestmark = pytest.mark.journey


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        """A test's log holds what failed, nothing else."""


@pytest.fixture(scope="module")
def guarded_in_browser():
    """A function that gives each text's `{text, found}` as the browser's `guard` or `guardAgain` sees it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=STATIC))
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/safety/patterns.js")
            yield lambda texts, verb="guard": page.evaluate(ASK, [texts, verb])
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


def test_the_browser_guards_the_corpus_as_the_server_does(guarded_in_browser):
    answers = guarded_in_browser([case["text"] for case in CORPUS])

    for case, answer in zip(CORPUS, answers, strict=True):
        assert answer["text"] == case["guarded"]
        assert answer["found"] == [str(kind) for kind in guard(case["text"]).found]


def test_the_browser_guards_what_nobody_thought_of_as_the_server_does(guarded_in_browser):
    chance = random.Random(20261124)  # noqa: S311 - the same texts each time
    texts = ["".join(chance.choices(PIECES, k=chance.randint(1, 25))) for _ in range(3000)]
    texts += [" ".join(chance.choices(sorted(WORDS), k=chance.randint(6, 26))) for _ in range(200)]

    for verb, ours in (("guard", guard), ("guardAgain", guard_again)):
        for text, answer in zip(texts, guarded_in_browser(texts, verb), strict=True):
            assert (text, answer["text"]) == (text, ours(text))


def test_no_text_takes_the_browser_long(guarded_in_browser):
    texts = [
        "{" * 8000,
        "-" * 8000,
        "code " * 1600,
        "密码是" * 2600,
        "的 " * 4000,
        "abandon x " * 800,
        "1 2 3 4 5 6 " * 660,
        "1234 is the my first " * 380,
        '{"code":1234,"msg":' * 420,
        "第一个是abandon a) " * 500,
    ]

    for text in texts:
        assert guarded_in_browser([text])[0]["text"] == guard(text)
