from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import send_mail
from django.db import connection
from django.utils.timezone import now

from kefu.accounts.models import Agent
from kefu.mailroom.models import Letter
from kefu.mailroom.tests.factories import a_brand, a_letter, run_letters
from kefu.mailroom.tests.sink import Sink
from kefu.safety.retention import retain_all

pytestmark = pytest.mark.django_db(transaction=True)


def test_mail_of_the_sign_in_library_to_an_agent_becomes_a_letter(settings):
    settings.EMAIL_BACKEND = "kefu.mailroom.backend.Letters"
    a_brand()
    Agent.objects.create_agent(email="winnie@xinghai.example", name="林晚晴 Winnie", role="agent")

    with Sink() as sink:
        settings.MAIL_SERVER = sink.at
        text = "请打开\n\nhttps://help.xinghai.example/staff/x"
        send_mail("重设密码", text, "ignored@else.example", ["Winnie@xinghai.example"])
        run_letters()

        assert sink.taken[0].recipient == "winnie@xinghai.example"
        assert "https://help.xinghai.example/staff/x" in sink.taken[0].part("plain")
        assert sink.taken[0].sender == "support@xinghai.example"


def test_mail_to_anybody_else_becomes_none(settings):
    settings.EMAIL_BACKEND = "kefu.mailroom.backend.Letters"
    a_brand()

    assert send_mail("x", "y", "a@else.example", ["stranger@mail.example"]) == 0
    assert not Letter.objects.exists()


def test_neither_address_nor_words_lie_in_the_database_in_plain_text():
    letter = a_letter(text="很私密的一句话")
    with connection.cursor() as cursor:
        cursor.execute("select recipient, words from mailroom_letter where id = %s", [letter.pk])
        recipient, words = cursor.fetchone()

    assert "xiaomei" not in recipient
    assert "私密" not in words


def test_a_settled_letter_goes_after_half_a_year_and_one_that_waits_stays():
    old, waiting = a_letter(), a_letter()
    Letter.objects.filter(pk=old.pk).update(settled_at=now() - timedelta(days=181), state="sent")

    retain_all(now())

    assert list(Letter.objects.all()) == [waiting]


def test_a_header_can_not_be_smuggled_in(settings):
    a_brand(name="星海")
    letter = a_letter()
    letter.brand.name = "星海\r\nBcc: mallory@evil.example"
    letter.brand.save()

    with Sink() as sink:
        settings.MAIL_SERVER = sink.at
        run_letters()

        assert [taken.recipient for taken in sink.taken] == ["lin.xiaomei@mail.example"]
        assert sink.taken[0].message["Bcc"] is None
