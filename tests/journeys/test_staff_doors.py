"""How agents come in: by invitation with an authenticator or a passkey, and again when the password is forgotten."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Windows, assert_sound
from tests.journeys.post import find_letter
from tests.product import Product

pytestmark = pytest.mark.journey

PASSWORD = "correct horse battery staple"
NEW = "a quite different password"
INVITE = """
from kefu.accounts.actions import invite
from kefu.accounts.models import Agent, Role, Team
from kefu.brands.models import Brand
from kefu.journal.actor import SYSTEM
invite(
    by=Agent.objects.filter(role=Role.ADMIN).first() or SYSTEM, email={email!r}, name={name!r}, role=Role.AGENT,
    teams=Team.objects.all()[:1], brands=Brand.objects.all()[:1], language={language!r},
)
"""
# A phone or laptop that asks for its owner's finger, and finds it right.
OWN_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def device(page: Page) -> Iterator[str]:
    """The browser's own authenticator; its id."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": OWN_DEVICE})
    yield made["authenticatorId"]
    session.send("WebAuthn.disable")


def code_of(secret: str, *, later: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


def accept(window: Page, subject: str, *, to: str, name: str) -> None:
    """Follow the letter's link and choose a password; others are invited beside us."""
    find_letter(window, subject, to=to)
    window.get_by_role("link", name=re.compile("接受邀请|Accept the invitation")).click()
    expect(window.locator("#id_name")).to_have_value(name)
    assert_sound(window)
    window.locator("#id_password").fill(PASSWORD)
    window.locator("#id_again").fill(PASSWORD)
    window.locator("form button[type=submit]").click()
    window.wait_for_url("**/staff/second-factor/enrol/**")


def sign_out(window: Page) -> None:
    window.goto("/staff/sign-out/")
    window.locator("main form button[type=submit]").click()
    window.wait_for_url("**/staff/sign-in/**")


def at_the_desk(window: Page) -> None:
    window.goto("/desk/")
    window.locator("[data-link]").wait_for(state="attached")
    assert "/desk/" in window.url


def test_an_invitation_leads_over_an_authenticator_to_the_desk(windows: Windows, product: Product) -> None:
    product.django(INVITE.format(email="zhou.ning@xinghai.example", name="周宁", language="zh-hans"))
    window = windows.open(phone=True)

    accept(window, "邀请你加入星海 Exchange 的客服工作台", to="zhou.ning@xinghai.example", name="周宁")
    window.goto("/desk/")
    assert "/staff/second-factor/enrol/" in window.url, "Without a second step nobody is at the desk."
    assert_sound(window)
    window.locator("details summary").click()
    secret = window.locator("#key").inner_text().strip()
    window.locator("#id_code").fill(code_of(secret))
    window.get_by_role("button", name="启用").click()
    window.wait_for_url("**/second-factor/codes/")
    at_the_desk(window)

    sign_out(window)
    window.locator("#id_login").fill("zhou.ning@xinghai.example")
    window.locator("#id_password").fill(PASSWORD)
    window.get_by_role("button", name="登录", exact=True).click()
    window.locator("#id_code").fill(code_of(secret, later=1))
    window.get_by_role("button", name="登录", exact=True).click()
    window.wait_for_url("**/desk/**")


def test_a_passkey_is_set_up_signs_in_as_second_step_and_alone_and_is_removed(
    windows: Windows, product: Product
) -> None:
    product.django(INVITE.format(email="lydia@xinghai.example", name="Lydia Chan", language="en"))
    window = windows.open(locale="en-GB")
    with device(window):
        subject = "You are invited to the support desk of 星海 Exchange"
        accept(window, subject, to="lydia@xinghai.example", name="Lydia Chan")
        window.get_by_role("link", name="Use a passkey instead").click()
        assert_sound(window)
        window.get_by_role("button", name="Make the passkey").click()
        window.wait_for_url("**/second-factor/codes/")
        at_the_desk(window)

        sign_out(window)
        assert_sound(window)
        window.get_by_role("button", name="Sign in with a passkey").click()
        window.wait_for_url("**/desk/**")

        sign_out(window)
        window.locator("#id_login").fill("lydia@xinghai.example")
        window.locator("#id_password").fill(PASSWORD)
        window.get_by_role("button", name="Sign in", exact=True).click()
        window.wait_for_url("**/sign-in/code/")
        assert_sound(window)
        window.get_by_role("button", name="Use the passkey").click()
        window.wait_for_url("**/desk/**")

        window.goto("/staff/second-factor/")
        assert_sound(window)
        window.get_by_role("link", name=re.compile("Remove ")).click()
        expect(window.locator("main")).to_contain_text("It is your only second step.")
        expect(window.get_by_role("button", name="Remove the passkey")).to_have_count(0)
        window.goto("/staff/second-factor/")
        window.get_by_role("link", name=re.compile("Rename ")).click()
        window.locator("#id_name").fill("Work laptop")
        window.get_by_role("button", name="Save").click()
        expect(window.locator("main")).to_contain_text("Work laptop")


def test_a_device_without_a_passkey_of_ours_is_told_so_and_the_password_still_works(
    windows: Windows, product: Product
) -> None:
    window = windows.open(locale="en-GB")
    with device(window) as authenticator:
        window.goto("/staff/sign-in/")
        session = window.context.new_cdp_session(window)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
        session.send("WebAuthn.addVirtualAuthenticator", {"options": OWN_DEVICE | {"isUserVerified": False}})
        window.get_by_role("button", name="Sign in with a passkey").click()
        expect(window.locator("[data-problem=cancelled]")).to_be_visible(timeout=30_000)
        expect(window.locator("#id_login")).to_be_enabled()


def test_a_forgotten_password_is_replaced_by_a_letter_and_the_second_step_stays(
    windows: Windows, product: Product
) -> None:
    product.django(INVITE.format(email="guan.yu@xinghai.example", name="關雨", language="zh-hant"))
    window = windows.open(locale="zh-TW")
    find_letter(window, "邀請你加入星海 Exchange 的客服工作台", to="guan.yu@xinghai.example")
    window.get_by_role("link", name="接受邀請").click()
    window.locator("#id_password").fill(PASSWORD)
    window.locator("#id_again").fill(PASSWORD)
    window.locator("form button[type=submit]").click()
    window.locator("details summary").click()
    secret = window.locator("#key").inner_text().strip()
    window.locator("#id_code").fill(code_of(secret))
    window.get_by_role("button", name="啟用", exact=True).click()
    window.wait_for_url("**/second-factor/codes/")
    sign_out(window)

    window.get_by_role("link", name="忘了密碼？").click()
    assert_sound(window)
    window.locator("#id_email").fill("guan.yu@xinghai.example")
    window.get_by_role("button", name="寄連結給我").click()
    expect(window.locator("h1")).to_have_text("請查看信箱")
    find_letter(window, "設定星海 Exchange 客服工作台的新密碼", to="guan.yu@xinghai.example")
    window.get_by_role("link", name="設定新密碼").click()
    assert_sound(window)
    window.locator("#id_password").fill(NEW)
    window.locator("#id_again").fill(NEW)
    window.get_by_role("button", name="使用這組密碼").click()
    expect(window.locator("h1")).to_have_text("密碼已更改")
    find_letter(window, "你在星海 Exchange 客服工作台的密碼已更改", to="guan.yu@xinghai.example")

    window.goto("/staff/sign-in/")
    window.locator("#id_login").fill("guan.yu@xinghai.example")
    window.locator("#id_password").fill(NEW)
    window.get_by_role("button", name="登入", exact=True).click()
    window.wait_for_url("**/sign-in/code/")
    window.locator("#id_code").fill(code_of(secret, later=1))
    window.get_by_role("button", name="登入", exact=True).click()
    window.wait_for_url("**/desk/**")
