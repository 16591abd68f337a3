from __future__ import annotations

import smtplib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult

from kefu.journal.models import Entry
from kefu.mailroom.actions import post_letter
from kefu.mailroom.models import Letter
from kefu.mailroom.sending import WAITS
from kefu.mailroom.server import MailServer, Security
from kefu.mailroom.tests.factories import a_brand, a_letter, let_time_pass, run_letters
from kefu.mailroom.tests.sink import DROP, DROP_AFTER_TAKING, Manners, Sink, nobody_listens
from kefu.mailroom.transports import smtp
from kefu.safety.models import OfficialWay

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sink(settings):
    with Sink() as sink:
        settings.MAIL_SERVER = sink.at
        yield sink


def fresh(letter: Letter) -> Letter:
    letter.refresh_from_db()
    return letter


def test_a_letter_reaches_the_server_and_comes_out_whole(sink):
    letter = a_letter(text="第一段。\n\n.一行以点开头。\n\nhttps://help.xinghai.example/x?y=1&z=2")

    assert run_letters() == 1

    taken = sink.taken[0]
    assert (taken.sender, taken.recipient) == ("support@xinghai.example", "lin.xiaomei@mail.example")
    assert str(taken.message["From"]) == "星海 Exchange <support@xinghai.example>"
    assert taken.message["Subject"] == "重设密码"
    assert taken.message["Auto-Submitted"] == "auto-generated"
    assert taken.message["Content-Language"] == "zh-Hans"
    for part in (taken.part("plain"), taken.part("html")):
        for said in ("第一段。", ".一行以点开头。", letter.code, "星海 Exchange", "localhost:8000"):
            assert said in part
    assert "y=1&z=2" in taken.part("plain")
    assert (fresh(letter).state, letter.problem, letter.words) == ("sent", "", "")
    assert Entry.objects.filter(kind="letter.sent", subject_id=letter.pk).count() == 1


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_each_language_has_its_own_proof_at_the_end(sink, language):
    a_letter(language=language)
    run_letters()

    end = {"zh-hans": "消息码", "zh-hant": "訊息碼", "en": "Message code"}[language]
    assert end in sink.taken[0].part("plain")
    assert end in sink.taken[0].part("html")


def test_one_reason_makes_one_letter(sink):
    letter = a_letter()
    again = post_letter(
        brand=a_brand(),
        kind=letter.kind,
        key=letter.key.partition(":")[2],
        language="en",
        recipient="else@mail.example",
    )

    run_letters()
    assert again == letter
    assert [taken.recipient for taken in sink.taken] == ["lin.xiaomei@mail.example"]


TEMPORARY = [
    (Manners(greeting=["421 too busy"]), "busy"),
    (Manners(greeting=[DROP]), "no_answer"),
    (Manners(mail=["451 later"]), "busy"),
    (Manners(mail=["550 we do not know you"]), "sender"),
    (Manners(rcpt=["450 greylisted"]), "busy"),
    (Manners(rcpt=[DROP]), "no_answer"),
    (Manners(data=["421 closing"]), "busy"),
    (Manners(end=["452 no space"]), "busy"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("manners", "problem"), TEMPORARY)
def test_what_the_server_has_not_taken_is_sent_once_when_it_will(sink, manners, problem):
    sink.manners = manners
    letter = a_letter()

    run_letters()
    assert (fresh(letter).state, letter.problem, sink.taken) == ("waiting", problem, [])
    assert run_letters() == 0, "It waits its time."
    let_time_pass()
    run_letters()

    assert (fresh(letter).state, letter.problem, len(sink.taken)) == ("sent", "", 1)


@pytest.mark.parametrize(
    ("manners", "problem"),
    [(Manners(rcpt=["550 no such user"]), "recipient"), (Manners(end=["554 spam"]), "content")],
)
def test_what_the_server_will_never_take_is_not_tried_again(sink, manners, problem):
    sink.manners = manners
    letter = a_letter()

    run_letters()
    let_time_pass()
    assert run_letters() == 0

    assert (fresh(letter).state, letter.problem, sink.taken) == ("refused", problem, [])
    entry = Entry.objects.get(kind="letter.refused")
    assert entry.payload == {"letter_kind": "staff_mail", "problem": problem}


@pytest.mark.slow
def test_a_server_that_is_slow_with_its_answer_is_waited_for(sink):
    sink.manners.thinks_for = 1.5
    letter = a_letter()

    run_letters()

    assert (fresh(letter).state, len(sink.taken)) == ("sent", 1)


@pytest.mark.parametrize(
    ("manners", "copies"), [(Manners(end=[DROP]), 1), (Manners(end=[DROP_AFTER_TAKING]), 2)]
)
def test_a_line_that_breaks_after_the_letter_leaves_it_open_and_the_very_same_comes_again(
    sink, manners, copies
):
    """Only a server that takes a letter and never says so gets a second copy, which its mailbox knows by the Message-ID."""
    sink.manners = manners
    letter = a_letter()

    run_letters()
    assert (fresh(letter).state, letter.problem) == ("unsure", "line_broke")
    assert letter.untouched_until > now() + timedelta(minutes=59)
    let_time_pass()
    run_letters()

    assert fresh(letter).state == "sent"
    assert len({taken.message["Message-ID"] for taken in sink.taken}) == 1
    assert len(sink.taken) == copies


def test_nobody_touches_a_letter_that_was_handed_over_until_no_answer_can_come(sink):
    letter = a_letter()
    until = now() + timedelta(minutes=9)
    Letter.objects.update(state="handing_over", tries=1, unanswered=1, untouched_until=until)

    run_letters()
    assert (fresh(letter).tries, sink.taken) == (1, [])
    let_time_pass()
    run_letters()
    assert (fresh(letter).state, sink.taken) == ("unsure", [])
    assert letter.untouched_until > now() + timedelta(minutes=59)
    let_time_pass()
    run_letters()

    assert (fresh(letter).state, len(sink.taken)) == ("sent", 1)


def test_who_comes_later_takes_the_letter_over_and_the_first_stops_before_its_last_line(sink, monkeypatch):
    letter = a_letter()
    introduce = smtp.Smtp._introduce

    def meanwhile_another_takes_it(self, line, message, to):
        Letter.objects.filter(pk=letter.pk).update(tries=99)
        introduce(self, line, message, to)

    monkeypatch.setattr(smtp.Smtp, "_introduce", meanwhile_another_takes_it)
    run_letters()

    assert (fresh(letter).state, sink.taken) == ("sending", [])


@pytest.mark.slow
def test_after_three_days_without_an_answer_it_is_given_up_and_said_so(settings):
    settings.MAIL_SERVER = nobody_listens()
    letter = a_letter()

    for _ in range(len(WAITS) + 1):
        assert run_letters() == 1
        let_time_pass()

    assert run_letters() == 0
    assert (fresh(letter).state, letter.problem, letter.words) == ("given_up", "no_answer", "")
    assert Entry.objects.filter(kind="letter.refused").count() == 1
    assert not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists()


def test_without_a_server_or_a_sender_the_letter_waits(settings):
    settings.MAIL_SERVER = None
    letter = a_letter()
    run_letters()
    assert (fresh(letter).state, letter.problem) == ("waiting", "no_server")

    with Sink() as sink:
        settings.MAIL_SERVER = sink.at
        OfficialWay.objects.all().delete()
        let_time_pass()
        run_letters()
        assert (fresh(letter).problem, sink.taken) == ("no_server", [])


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_letter_and_password_travel_under_tls(settings, tmp_path, monkeypatch, security):
    with Sink(security, folder=tmp_path) as sink:
        settings.MAIL_SERVER = replace(sink.at, user="kefu", password="Xinghai-2026")
        monkeypatch.setattr(
            "kefu.mailroom.transports.Smtp", lambda server: smtp.Smtp(server, trust=sink.trust)
        )
        letter = a_letter()
        run_letters()

        assert (fresh(letter).state, sink.taken[0].secure, len(sink.secrets)) == ("sent", True, 1)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_that_nobody_vouches_for_gets_no_letter_and_no_password(settings, tmp_path, security):
    with Sink(security, folder=tmp_path) as sink:
        settings.MAIL_SERVER = replace(sink.at, user="kefu", password="Xinghai-2026")
        letter = a_letter()
        run_letters()

        assert (fresh(letter).problem, sink.taken, sink.secrets) == ("unsafe_line", [], [])


def test_a_server_without_tls_gets_no_letter_and_no_password(settings):
    with Sink() as sink:
        settings.MAIL_SERVER = MailServer(
            "localhost", sink.at.port, Security.STARTTLS, "kefu", "Xinghai-2026"
        )
        letter = a_letter()
        run_letters()

        assert (fresh(letter).problem, sink.taken, sink.secrets) == ("unsafe_line", [], [])


def test_a_wrong_password_is_our_mistake_and_the_letter_waits(settings):
    with Sink() as sink:
        sink.manners.auth = ["535 no"]
        settings.MAIL_SERVER = replace(sink.at, user="kefu", password="wrong")
        letter = a_letter()
        run_letters()
        assert (fresh(letter).state, letter.problem) == ("waiting", "sign_in")
        let_time_pass()
        run_letters()
        assert fresh(letter).state == "sent"


def test_a_server_that_hangs_up_on_our_goodbye_has_the_letter_all_the_same(sink, monkeypatch):
    monkeypatch.setattr(smtplib.SMTP, "putcmd", hang_up_on("quit", smtplib.SMTP.putcmd))
    letter = a_letter()

    run_letters()

    assert (fresh(letter).state, len(sink.taken)) == ("sent", 1)


def hang_up_on(word, say):
    def putcmd(line, command, args=""):
        if command == word:
            raise ConnectionResetError
        say(line, command, args)

    return putcmd


@pytest.mark.parametrize("recipient", ['"x\x01y"@mail.example', "lin@例子.example\n"])
def test_a_recipient_that_no_header_can_hold_is_refused_once_and_for_all(sink, recipient):
    letter = a_letter(recipient=recipient)

    run_letters()

    assert (fresh(letter).state, letter.problem, sink.taken) == ("refused", "recipient", [])
