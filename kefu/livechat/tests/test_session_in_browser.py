"""Who the frame is, in a real browser: an answer to somebody who is no longer here changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from kefu.conversations.tests.browser import BLANK, ORIGIN, serve_files

pytestmark = pytest.mark.journey
SESSION = 'const session = await import("/static/livechat/session.js");'
STORED = "JSON.parse(localStorage.getItem('kefu-session'))"
# What another tab wrote a moment ago: in this document no event tells of it.
ELSEWHERE = (
    """localStorage.setItem("kefu-session", JSON.stringify({ token: "elsewhere", user: "bo", until: 9 }));"""
)
NO_STORAGE = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("no", "SecurityError"); },
});"""
FULL = """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };"""


def run(page: Page, script: str) -> Any:
    return page.evaluate(f"async () => {{ {SESSION} {script} }}")


def test_the_refusal_of_an_old_token_does_not_end_the_new_one(page: Page) -> None:
    ended = run(
        page,
        """session.keepOwn();
        session.remember("old", { sentWith: null });
        session.remember("new", { sentWith: "old", user: "mei", until: 9 });
        return [session.end("old"), session.token(), session.vouched()];""",
    )

    assert ended == [False, "new", {"user": "mei", "until": 9}]
    assert page.evaluate(STORED) == {"token": "new", "user": "mei", "until": 9}


def test_the_answer_to_an_old_question_does_not_replace_who_is_known_now(page: Page) -> None:
    kept = run(
        page,
        """session.keepOwn();
        session.remember("known", { sentWith: null, user: "mei", until: 9 });
        return [session.remember("visitor", { sentWith: null }), session.token(), session.vouched().user];""",
    )

    assert kept == [False, "known", "mei"]
    assert page.evaluate(STORED)["token"] == "known"


@pytest.mark.parametrize(
    "answer", ['session.end("here")', 'session.remember("late", { sentWith: "here", user: "an", until: 9 })']
)
def test_what_another_tab_has_just_written_counts_before_it_is_told_of(page: Page, answer: str) -> None:
    come = run(
        page,
        f"""session.keepOwn();
        session.remember("here", {{ sentWith: null }});
        let told = 0;
        session.follow(() => (told += 1));
        {ELSEWHERE}
        return [{answer}, told, session.token(), session.vouched()];""",
    )

    assert come == [False, 1, "elsewhere", {"user": "bo", "until": 9}]
    assert page.evaluate(STORED)["token"] == "elsewhere"


def test_another_tab_is_followed_in_whom_it_knows_too(page: Page) -> None:
    other = page.context.new_page()
    serve_files(other, {"/blank": BLANK})
    other.goto(f"{ORIGIN}/blank")
    run(page, "session.keepOwn(); session.follow(() => (window.told = session.vouched().user));")

    run(other, 'session.keepOwn(); session.remember("theirs", { sentWith: null, user: "mei", until: 9 });')
    page.wait_for_function("window.told === 'mei'")

    run(other, "session.forget();")
    page.wait_for_function("window.told === ''")
    assert run(page, "return session.token();") is None


def test_the_next_user_finds_nothing_of_the_one_before(page: Page) -> None:
    left = run(
        page,
        """session.keepOwn();
        session.remember("first", { sentWith: null, user: "mei", until: 9 });
        localStorage.setItem("kefu-unsent:new:1", "{}");
        sessionStorage.setItem("kefu-writing", "{}");
        session.remember("second", { sentWith: "first", user: "bo", until: 9 });
        return [Object.keys(localStorage), Object.keys(sessionStorage)];""",
    )

    assert left == [["kefu-session"], []]


def test_a_browser_that_keeps_nothing_knows_the_user_as_long_as_the_page_is_there(page: Page) -> None:
    page.add_init_script(NO_STORAGE)
    page.goto(f"{ORIGIN}/blank")

    known = run(
        page,
        """return [session.keepOwn(), session.remember("one", { sentWith: null, user: "mei", until: 9 }), session.vouched(),
        session.end("one"), session.vouched().user];""",
    )

    assert known == [False, True, {"user": "mei", "until": 9}, True, ""]


def test_where_there_is_no_room_the_token_before_does_not_outlive_the_new_one(page: Page) -> None:
    known = run(
        page,
        f"""session.keepOwn();
        session.remember("old", {{ sentWith: null }});
        {FULL}
        const isKept = session.remember("new", {{ sentWith: "old", user: "mei", until: 9 }});
        return [isKept, session.token(), session.end("new")];""",
    )

    assert known == [True, "new", True]
    assert page.evaluate("localStorage.length") == 0


def test_on_a_page_of_our_own_the_cookie_says_it_and_nothing_is_kept(page: Page) -> None:
    own = run(
        page,
        'return [session.wish(), session.remember("token", { sentWith: null }), session.asked(), localStorage.length];',
    )

    assert own == [{}, False, {"headers": {}}, 0]
