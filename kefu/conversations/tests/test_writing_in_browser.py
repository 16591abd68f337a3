"""H2: what is written is sent once, guarded, and never by accident."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from kefu.conversations.tests.browser import ORIGIN

pytestmark = pytest.mark.journey
PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
# After which the composer looks at what was written.
A_PAUSE = 1_000


def test_what_was_not_sent_is_still_there_after_a_reload_and_holds_no_secret(page: Page) -> None:
    page.goto(f"{ORIGIN}/blank")
    page.evaluate(
        """async (phrase) => {
            const { Unsent } = await import("/static/conversations/unsent.js");
            const at = new Date().toISOString();
            new Unsent("XH-1").keep([{ client_id: "client-1", text: `助记词 ${phrase}`, at, state: "sending" }]);
            new Unsent("XH-2").keep([{ client_id: "client-2", text: "别的对话", at, state: "queued" }]);
        }""",
        PHRASE,
    )

    page.reload()

    kept = page.evaluate("JSON.stringify(localStorage)")
    loaded = page.evaluate(
        "import('/static/conversations/unsent.js').then(({ Unsent }) => new Unsent('XH-1').load())"
    )
    assert "sausage" not in kept
    assert [(one["client_id"], one["text"], one["state"]) for one in loaded] == [
        ("client-1", "助记词 ⟦secret:mnemonic⟧", "queued")
    ]


def test_what_was_sent_is_forgotten_and_another_tab_keeps_its_own(page: Page) -> None:
    page.goto(f"{ORIGIN}/blank")

    left = page.evaluate(
        """async () => {
            const { Unsent } = await import("/static/conversations/unsent.js");
            const entry = (client_id) => ({ client_id, text: "好", at: new Date().toISOString(), state: "queued" });
            const [one, other] = [new Unsent("XH-1"), new Unsent("XH-1")];
            one.keep([entry("client-1")]);
            other.keep([entry("client-2")]);
            one.keep([]);
            return new Unsent("XH-1").load().map(({ client_id }) => client_id);
        }"""
    )

    assert left == ["client-2"]


def test_what_waited_for_days_asks_before_it_is_sent(page: Page) -> None:
    page.goto(f"{ORIGIN}/blank")

    states = page.evaluate(
        """async () => {
            const { Unsent } = await import("/static/conversations/unsent.js");
            const at = (days) => new Date(Date.now() - days * 86_400_000).toISOString();
            const days = [0, 2, 40];
            const entry = (away) => ({ client_id: `client-${away}`, text: "好", at: at(away), state: "queued" });
            new Unsent("XH-1").keep(days.map(entry));
            return new Unsent("XH-1").load().map(({ client_id, state }) => [client_id, state]);
        }"""
    )

    assert states == [["client-2", "failed"], ["client-0", "queued"]]


def test_enter_sends_only_with_a_keyboard_and_never_while_composing(page: Page) -> None:
    page.goto(f"{ORIGIN}/blank")

    answers = page.evaluate(
        """async () => {
            const { isSendKey } = await import("/static/conversations/compose.js");
            const key = (init) => new KeyboardEvent("keydown", { key: "Enter", ...init });
            return [
                isSendKey(key({}), true),
                isSendKey(key({}), false),
                isSendKey(key({ shiftKey: true }), true),
                isSendKey(key({ isComposing: true }), true),
                isSendKey(key({ keyCode: 229 }), true),
                isSendKey(key({ key: "a" }), true),
            ];
        }"""
    )

    assert answers == [True, False, False, False, False, False]


COMPOSER = """async () => {
    const { Composer } = await import("/static/conversations/compose.js");
    window.said = [];
    window.typed = 0;
    new Composer(document.querySelector("#form"), {
        onText: (text, found) => window.said.push([text, found]), onTyping: () => (window.typed += 1),
    });
}"""


def test_the_composer_sends_guarded_text_and_says_what_it_takes_out(page: Page) -> None:
    page.goto(f"{ORIGIN}/thread")
    page.evaluate(COMPOSER)

    page.fill("textarea", f"  我的助记词 {PHRASE}")
    page.wait_for_selector("[data-found]:not([hidden])")
    warned = page.inner_text("[data-found]")
    page.press("textarea", "Enter")

    assert "seed phrase" in warned
    assert page.evaluate("said") == [["我的助记词 ⟦secret:mnemonic⟧", ["mnemonic"]]]
    assert (page.input_value("textarea"), page.evaluate("typed")) == ("", 1)


# What a screen reader would read out: each change of a line that is a live region.
LISTEN = """() => {
    window.readOut = 0;
    const listener = new MutationObserver((changes) => (window.readOut += changes.length));
    for (const line of document.querySelectorAll("[data-too-long], [data-found]"))
        listener.observe(line, { attributes: true, characterData: true, childList: true, subtree: true });
}"""


def test_what_is_wrong_with_a_text_is_read_out_once_and_again_only_when_that_changes(page: Page) -> None:
    page.clock.install()
    page.goto(f"{ORIGIN}/thread")
    page.evaluate(COMPOSER)
    page.evaluate(LISTEN)

    def is_read_out_after(text: str) -> bool:
        page.evaluate("readOut = 0")
        page.fill("textarea", text)
        page.clock.run_for(A_PAUSE)
        return bool(page.evaluate("readOut"))

    found = [
        f"我的助记词 {PHRASE}",
        f"我的助记词 {PHRASE} 还要别的吗",
        f"我的密码是 hunter2hunter2，助记词 {PHRASE}",
    ]
    assert [is_read_out_after(text) for text in found] == [True, False, True]
    assert [is_read_out_after(text) for text in ("我的助记词", "我的助记词不见了")] == [True, False]
    long = ["长" * 8003, f"短{'长' * 8002}", "长" * 8004]
    assert [is_read_out_after(text) for text in long] == [True, False, True]


def test_the_composer_keeps_a_text_that_is_too_long_and_sends_no_empty_one(page: Page) -> None:
    page.goto(f"{ORIGIN}/thread")
    page.evaluate(COMPOSER)

    page.press("textarea", "Enter")
    page.fill("textarea", "长" * 8003)
    page.press("textarea", "Enter")

    assert page.evaluate("said") == []
    assert page.inner_text("[data-too-long]").startswith("3")
    assert page.evaluate("document.querySelector('textarea').value.length") == 8003


def test_an_input_method_that_ends_with_enter_sends_nothing(page: Page) -> None:
    page.goto(f"{ORIGIN}/thread")
    page.evaluate(COMPOSER)
    page.fill("textarea", "你好")

    page.evaluate(
        """() => {
            const area = document.querySelector("textarea");
            const enter = { key: "Enter", bubbles: true, cancelable: true };
            const key = (init) => area.dispatchEvent(new KeyboardEvent("keydown", { ...enter, ...init }));
            area.dispatchEvent(new CompositionEvent("compositionstart"));
            key({ isComposing: true });
            key({});
            area.dispatchEvent(new CompositionEvent("compositionend"));
            key({ keyCode: 229 });
        }"""
    )

    assert page.evaluate("said") == []
    page.press("textarea", "Enter")
    assert page.evaluate("said") == [["你好", []]]
