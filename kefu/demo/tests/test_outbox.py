from __future__ import annotations

import pytest

from kefu.accounts.models import Role
from kefu.accounts.tests.factories import make_agent, sign_in
from kefu.brands.models import Brand
from kefu.demo.models import OutboxLetter
from kefu.mailroom.models import Letter
from kefu.mailroom.tests.factories import a_letter, run_letters

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_mail_server(settings):
    settings.MAIL_SERVER = None
    settings.DEMO = settings.ALONE_HERE = True


@pytest.fixture
def letter() -> Letter:
    letter = a_letter(text="请打开 <b>链接</b>")
    run_letters()
    return letter


def test_a_letter_arrives_in_the_outbox_as_its_reader_would_get_it(client, letter):
    page = client.get("/demo/outbox/").content.decode()
    kept = OutboxLetter.objects.get()

    assert "重设密码" in page
    assert "lin.xiaomei@mail.example" in page
    assert letter.code in page
    html = client.get(f"/demo/outbox/{kept.pk}/")
    assert "请打开 &lt;b&gt;链接&lt;/b&gt;" in html.content.decode()
    assert html.headers["Content-Security-Policy"].startswith("sandbox")
    assert "default-src 'none'" in html.headers["Content-Security-Policy"]
    text = client.get(f"/demo/outbox/{kept.pk}/text/")
    assert text.headers["Content-Type"].startswith("text/plain")
    assert "请打开 <b>链接</b>" in text.content.decode()
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_an_empty_outbox_says_how_a_letter_comes(client):
    Brand.objects.create(key="xinghai", name="星海", prefix="XH")

    assert "you@mail.example" in client.get("/demo/outbox/").content.decode()


def test_a_demo_that_others_can_reach_shows_letters_to_its_admins_only(client, settings, letter):
    settings.ALONE_HERE = False
    paths = ["/demo/outbox/", f"/demo/outbox/{OutboxLetter.objects.get().pk}/"]
    assert [client.get(path).status_code for path in paths] == [404, 404]

    for role, answer in (("agent", 404), ("supervisor", 404), ("auditor", 404), ("admin", 200)):
        sign_in(client, make_agent(role=Role(role)))
        assert [client.get(path).status_code for path in paths] == [answer, answer], role


def test_a_house_that_is_no_demo_has_no_outbox(client, settings, letter):
    settings.DEMO = False

    assert client.get("/demo/outbox/").status_code == 404


@pytest.mark.slow
def test_the_outbox_costs_the_same_for_one_letter_and_twenty(client, django_assert_num_queries):
    a_letter()
    run_letters()
    client.get("/demo/outbox/")
    with django_assert_num_queries(3):
        client.get("/demo/outbox/")
    for _ in range(19):
        a_letter()
    run_letters()
    with django_assert_num_queries(3):
        client.get("/demo/outbox/")


def test_what_the_outbox_keeps_goes_with_its_letter(letter):
    letter.delete()

    assert not OutboxLetter.objects.exists()
