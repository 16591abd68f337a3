"""The behaviours that every page shares, in a real browser: times, state, tabs, copying and the theme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.journey

ROOMS = Path(__file__).parents[2] / "kefu"
ORIGIN = "http://kefu.test"
NOW = "2026-11-23T06:20:00Z"
Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Open a page with this body and these modules; static files come from the rooms, everything else from nowhere."""
    contexts = []

    def opened(
        body: str, *modules: str, lang: str = "zh-Hans", zone: str = "Asia/Shanghai", **answers: Any
    ) -> Page:
        context = browser.new_context(timezone_id=zone, color_scheme="light")
        contexts.append(context)
        scripts = "".join(f'<script type="module" src="/static/{name}"></script>' for name in modules)
        first = '<script src="/static/ui/theme-first.js"></script>'
        html = (
            f'<!doctype html><html lang="{lang}"><head><title>t</title>{first}{scripts}</head>{body}</html>'
        )

        def serve(route: Route) -> None:
            path = route.request.url.removeprefix(ORIGIN)
            if path == "/":
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
            elif path.startswith("/static/"):
                room, _, rest = path.removeprefix("/static/").partition("/")
                route.fulfill(path=ROOMS / room / "static" / room / rest, content_type="text/javascript")
            elif path.strip("/") in answers:
                route.fulfill(json=answers[path.strip("/")])
            else:
                route.fulfill(status=404)

        context.route("**/*", serve)
        page = context.new_page()
        page.clock.set_fixed_time(NOW)
        page.goto(f"{ORIGIN}/")
        return page

    yield opened
    for context in contexts:
        context.close()


MOMENTS = {
    "zh-Hans": [
        ("2026-11-23T13:00:00Z", "full", "Asia/Shanghai", "今天 21:00（北京时间）"),
        ("2026-11-24T01:00:00Z", "full", "Asia/Shanghai", "明天 09:00（北京时间）"),
        ("2026-11-22T01:00:00Z", "short", "Asia/Shanghai", "昨天 09:00"),
        ("2026-11-26T01:00:00Z", "full", "Asia/Shanghai", "11月26日 周四 09:00（北京时间）"),
        ("2026-11-26T01:00:00Z", "short", "Asia/Shanghai", "周四 09:00"),
        ("2026-11-30T01:00:00Z", "short", "Asia/Shanghai", "11月30日 09:00"),
        ("2026-12-25T01:00:00Z", "short", "Asia/Shanghai", "12月25日 09:00"),
        ("2026-11-23T13:00:00Z", "clock", "Asia/Calcutta", "18:30（印度时间）"),
        ("2025-05-01T12:00:00Z", "day", "America/Los_Angeles", "2025年5月1日"),
    ],
    "zh-Hant": [
        ("2026-11-26T01:00:00Z", "full", "Asia/Taipei", "11月26日 週四 09:00（台北時間）"),
        ("2025-11-23T13:00:00Z", "full", "Asia/Taipei", "2025年11月23日 21:00（台北時間）"),
    ],
    "en": [
        ("2026-11-23T13:00:00Z", "full", "America/New_York", "today 08:00 (New York time)"),
        ("2026-11-26T13:00:00Z", "full", "America/New_York", "Thu 26 Nov, 08:00 (New York time)"),
        ("2026-11-26T13:00:00Z", "short", "America/New_York", "Thu 08:00"),
        ("2026-11-23T13:00:00Z", "clock", "Asia/Kathmandu", "18:45 (UTC+5:45)"),
        ("2026-05-01T12:00:00Z", "day", "UTC", "1 May"),
    ],
}
SAY = """async ([at, style, timeZone]) =>
    (await import('/static/ui/times.js')).say(new Date(at), style, { timeZone })"""


@pytest.mark.parametrize("lang", MOMENTS)
def test_a_moment_is_said_in_the_zone_and_language_of_its_reader(open_page: Open, lang: str) -> None:
    page = open_page("<body></body>", lang=lang)

    for at, style, zone, words in MOMENTS[lang]:
        assert page.evaluate(SAY, [at, style, zone]) == words


def test_times_on_the_page_are_written_anew(open_page: Open) -> None:
    body = """<body><time datetime="2026-11-23T13:00:00Z" data-moment="full">2026年11月23日 21:00（北京时间）</time>
    <time datetime="2026-05-01" data-moment="day">2026年5月1日</time><time>not ours</time></body>"""

    page = open_page(body, "ui/times.js", zone="America/Los_Angeles")

    page.wait_for_function("document.querySelector('time').textContent === '明天 05:00（洛杉矶时间）'")
    # A bare date is the same day for everybody.
    assert page.locator("time").all_text_contents()[1:] == ["5月1日", "not ours"]


def test_staff_read_times_in_the_zone_of_their_account_wherever_they_are(open_page: Open) -> None:
    body = (
        '<body><time datetime="2026-11-23T13:00:00Z" data-moment="clock"></time><b data-zone-name></b></body>'
    )
    page = open_page(body, "ui/times.js", zone="Europe/Berlin")
    page.wait_for_function("document.querySelector('time').textContent === '14:00（柏林时间）'")

    page.evaluate(
        """async () => {
          document.cookie = 'kefu_zone=Asia/Taipei';
          document.documentElement.dataset.zone = 'America/New_York';
          (await import('/static/ui/times.js')).write();
        }"""
    )

    assert page.locator("time").text_content() == "08:00（纽约时间）"
    assert page.locator("b").text_content() == "纽约时间（UTC−5）"
    # What this browser doesn't know gives way.
    page.evaluate("document.documentElement.dataset.zone = 'Asia/Nowhere'")
    page.evaluate("async () => (await import('/static/ui/times.js')).write()")
    assert page.locator("time").text_content() == "21:00（台北时间）"


def test_a_time_is_written_in_the_language_around_it(open_page: Open) -> None:
    moment = '<time datetime="2026-11-24T01:00:00Z" data-moment="full"></time>'
    body = f'<body>{moment}<div lang="zh-Hant"><p>{moment}</p></div><div lang="en">{moment}</div></body>'

    page = open_page(body, "ui/times.js", zone="Asia/Taipei")

    page.wait_for_function("document.querySelector('time').textContent !== ''")
    assert page.locator("time").all_text_contents() == [
        "明天 09:00（台北时间）",
        "明天 09:00（台北時間）",
        "tomorrow 09:00 (Taipei time)",
    ]


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Asia/Shanghai", ["昨天", "今天", "明天"]),
        # It is still Sunday evening there.
        ("America/Los_Angeles", ["今天", "明天", "11月24日 周二"]),
    ],
)
def test_today_is_the_readers_own_day_for_a_bare_date_too(
    open_page: Open, zone: str, words: list[str]
) -> None:
    days = [f'<time datetime="2026-11-{day}" data-moment="day">day</time>' for day in (22, 23, 24)]

    page = open_page(f"<body>{''.join(days)}</body>", "ui/times.js", zone=zone)

    page.wait_for_function("document.querySelector('time').textContent !== 'day'")
    assert page.locator("time").all_text_contents() == words


def test_a_chosen_zone_wins_over_the_device(open_page: Open) -> None:
    page = open_page(
        "<body><b data-zone-name></b></body>", "ui/times.js", lang="zh-Hant", zone="Europe/Paris"
    )
    page.wait_for_function("document.querySelector('b').textContent === '巴黎時間（UTC+1）'")

    page.evaluate("document.cookie = 'kefu_zone=Asia/Taipei; path=/'")
    page.reload()

    page.wait_for_function("document.querySelector('b').textContent === '台北時間（UTC+8）'")


@pytest.mark.parametrize(
    ("zone", "offered"),
    [("Asia/Taipei", "Asia/Taipei"), ("Asia/Calcutta", "Asia/Kolkata"), ("Asia/Kathmandu", "Asia/Shanghai")],
)
def test_the_zone_in_which_times_are_shown_is_offered(open_page: Open, zone: str, offered: str) -> None:
    keys = ("Asia/Shanghai", "Asia/Taipei", "Asia/Kolkata")
    options = "".join(f'<option value="{key}">{key}</option>' for key in keys)

    page = open_page(
        f"<body><select data-zone-choice>{options}</select><b data-zone-name></b></body>",
        "ui/zone-choice.js",
        zone=zone,
    )

    page.wait_for_function("document.querySelector('b').textContent !== ''")
    expect(page.locator("select")).to_have_value(offered)


def state(kind: str, **times: str | None) -> dict[str, Any]:
    return {"at": NOW, "chat": {"kind": kind, "closes_at": None, "next_opening": None, **times}, "spans": []}


STATE_BODY = """<body data-state-url="/state/"><p>
<span data-when="open" hidden>open until <time data-fill="closes_at" data-moment="short"></time></span>
<span data-when="closed" hidden>opens <time data-fill="next_opening" data-moment="short"></time></span>
<span data-when="unstaffed closed" hidden>leave a message</span><span data-state-unknown>see the hours</span></p></body>"""


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (state("open", closes_at="2026-11-23T13:00:00Z"), ["open until 今天 21:00"]),
        (state("unstaffed", closes_at="2026-11-23T13:00:00Z"), ["leave a message"]),
        (state("closed", next_opening="2026-11-24T01:00:00Z"), ["opens 明天 09:00", "leave a message"]),
        (state("closed"), ["leave a message"]),
        (state("open"), []),
    ],
)
def test_the_words_that_fit_the_state_are_shown(
    open_page: Open, answer: dict[str, Any], words: list[str]
) -> None:
    page = open_page(STATE_BODY, "ui/state.js", state=answer)

    page.wait_for_function("document.querySelector('[data-state-unknown]').hidden")
    assert page.locator("p > span:visible").all_text_contents() == words


def test_without_an_answer_the_words_for_no_answer_stay(open_page: Open) -> None:
    page = open_page(STATE_BODY, "ui/state.js")

    page.wait_for_load_state("networkidle")
    assert page.locator("p > span:visible").all_text_contents() == ["see the hours"]


def test_an_answer_that_was_overtaken_on_its_way_changes_nothing(open_page: Open) -> None:
    is_open = state("open", closes_at="2026-11-23T13:00:00Z")
    page = open_page(STATE_BODY, "ui/state.js", state=is_open)
    page.wait_for_function("document.querySelector('[data-state-unknown]').hidden")
    late: list[Route] = []
    page.route("**/state/", lambda route: route.fulfill(json=state("closed")) if late else late.append(route))
    for _ in range(2):
        page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_selector("text=leave a message")

    with page.expect_response("**/state/"):
        late[0].fulfill(json=is_open)
    # One more round trip: by then the page has read what came before.
    page.evaluate("fetch('/').then((answer) => answer.text())")

    assert page.locator("p > span:visible").all_text_contents() == ["leave a message"]


TABS = """<body><div role="tablist" aria-label="t">
<button role="tab" id="a" aria-controls="pa" aria-selected="true">A</button>
<button role="tab" id="b" aria-controls="pb" aria-selected="false">B</button></div>
<div role="tabpanel" id="pa">first</div><div role="tabpanel" id="pb">second</div></body>"""


def test_tabs_are_walked_by_arrow_keys(open_page: Open) -> None:
    page = open_page(TABS, "ui/tabs.js")
    page.wait_for_function("document.getElementById('pb').hidden")

    page.focus("#a")
    page.keyboard.press("ArrowRight")

    assert page.locator("[role=tabpanel]:visible").all_text_contents() == ["second"]
    assert page.evaluate("document.activeElement.id") == "b"
    assert page.get_attribute("#a", "tabindex") == "-1"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "a"
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.id") == "b"


def test_copying_says_that_it_was_done(open_page: Open) -> None:
    page = open_page('<body><button data-copy="XH-1" data-copied="已复制">copy</button></body>', "ui/copy.js")
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (t) => { window.kept = t; }}})"
    )

    page.click("button")

    page.wait_for_selector("[role=status] >> text=已复制")
    assert page.evaluate("window.kept") == "XH-1"


def test_a_way_says_its_own_hours_in_the_zone_of_the_reader(open_page: Open) -> None:
    words = 'data-closed="Closed" data-range="%1 to %2" data-comma=", " data-semicolon="; "'
    body = f"""<body data-state-url="/state/"><ul data-ways {words}><li data-way="5">
    <span data-way-when="open" hidden>until <time data-way-fill="closes_at" data-moment="short"></time></span>
    <span data-way-when="closed" hidden>opens <time data-way-fill="next_opening" data-moment="short"></time></span>
    <span data-way-unknown>see the hours</span><b data-way-week>-</b></li>
    <li data-way="6"><span data-way-unknown>mail</span></li></ul></body>"""
    spans = [[f"2026-11-{day}T01:00:00Z", f"2026-11-{day}T04:00:00Z"] for day in range(23, 28)]
    phone = {"kind": "closed", "closes_at": None, "next_opening": "2026-11-24T01:00:00Z", "spans": spans}
    answer = state("open", closes_at="2026-11-23T13:00:00Z") | {"ways": {"5": phone}}

    page = open_page(body, "contact/ways.js", "ui/state.js", lang="en", zone="America/New_York", state=answer)

    page.wait_for_function("document.querySelector('[data-way-week]').textContent !== '-'")
    # Nine in the morning in Shanghai is the evening before in New York.
    assert page.text_content("[data-way-week]") == "Mon to Thu 20:00–23:00"
    assert page.locator("[data-way='5'] > span:visible").all_text_contents() == ["opens today 20:00"]
    assert page.locator("[data-way='6'] > span:visible").all_text_contents() == ["mail"]


def test_a_module_that_comes_after_the_first_answer_is_told_it(open_page: Open) -> None:
    body = """<body data-state-url="/state/"><b data-when="closed" hidden>closed</b>
    <ul data-ways data-comma=", "><li data-way="5"><i data-way-when="open" hidden>open</i></li></ul></body>"""
    answer = state("closed") | {"ways": {"5": {"kind": "open", "spans": []}}}
    page = open_page(body, "ui/state.js", state=answer)
    page.wait_for_selector("b:visible")

    page.evaluate("import('/static/contact/ways.js')")

    page.wait_for_selector("i:visible")


def test_a_chosen_theme_is_kept_and_there_before_the_first_paint(open_page: Open) -> None:
    page = open_page("<body><button data-theme-switch>theme</button></body>", "ui/theme.js")
    page.wait_for_load_state("networkidle")

    page.click("button")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload(wait_until="commit")

    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    page.wait_for_load_state()
    page.click("button")
    assert page.evaluate("localStorage.getItem('theme')") == "light"


def test_the_coming_days_are_drawn_in_the_zone_of_the_reader(open_page: Open) -> None:
    row = (
        '<li><b></b><time></time><ol class="hours">'
        + "<li></li>" * 24
        + '</ol><span class="week-hours"></span></li>'
    )
    words = 'data-closed="Closed" data-range="%1 to %2" data-comma=", " data-semicolon="; "'
    days = f'<div data-days {words}><ol class="week-days">{row * 7}</ol></div>'
    spans = [[f"2026-11-{day}T01:00:00Z", f"2026-11-{day}T13:00:00Z"] for day in range(23, 28)]
    answer = state("open", closes_at="2026-11-23T13:00:00Z") | {"spans": spans}

    page = open_page(
        f'<body data-state-url="/state/"><p data-week></p>{days}</body>',
        "contact/hours.js",
        "ui/state.js",
        lang="en",
        zone="America/New_York",
        state=answer,
    )

    page.wait_for_function("document.querySelector('[data-week]').textContent !== ''")
    assert page.locator(".week-hours").all_text_contents()[:2] == ["00:00–08:00, 20:00–24:00"] * 2
    assert page.locator(".week-days b").all_text_contents() == [
        "Mon",
        "Tue",
        "Wed",
        "Thu",
        "Fri",
        "Sat",
        "Sun",
    ]
    assert page.text_content("[data-week]") == "Mon to Thu 00:00–08:00, 20:00–24:00; Fri 00:00–08:00"
    strip = page.evaluate(
        "[...document.querySelectorAll('.hours')[0].children].map((cell) => cell.dataset.load)"
    )
    assert strip == ["2"] * 8 + ["closed"] * 12 + ["2"] * 4
    now = page.evaluate(
        "[...document.querySelectorAll('[aria-current]')].map((cell) => [...cell.parentNode.children].indexOf(cell))"
    )
    assert now == [1]
