"""A person gets all that we keep of them, and is forgotten to the last byte; every room takes part."""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult

from kefu.accounts.actions import (
    ask_for_code,
    choose_phrase,
    claim_email,
    erase_customer,
    export_customer,
    mint_code,
    open_session,
    prove_by_code,
)
from kefu.accounts.models import Customer, Identity, Level, OneTimeCode, Role
from kefu.accounts.policy import Refused
from kefu.accounts.privacy import parts
from kefu.accounts.verbs.privacy import everybody_who_was
from kefu.accounts.viewers import CustomerViewer
from kefu.background.running import run_next
from kefu.config.logs import JsonLine
from kefu.config.tests.traces_left import places_of, somebody_reads
from kefu.conversations import filestore
from kefu.conversations.actions import (
    Denied,
    NotOpened,
    Say,
    make_private_link,
    open_conversation,
    rate,
    resolve,
    save_draft,
    say,
)
from kefu.conversations.models import Attachment, Conversation, Message, Rating, Verdict, Visibility
from kefu.conversations.nouns.draft import DraftKind
from kefu.conversations.tests.factories import (
    House,
    make_agent,
    make_client_id,
    make_conversation,
    make_house,
    viewer_of,
)
from kefu.conversations.tests.uploads import send, send_and_check
from kefu.conversations.verbs import checking
from kefu.conversations.verbs.checking import Kept
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry
from kefu.mailroom.models import Letter, LetterKind
from kefu.safety.guard import guard
from kefu.safety.tests.files import picture

pytestmark = pytest.mark.django_db(transaction=True)

on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="only SQLite has a log that it must be told to empty"
)

MARK = "zqxjkvw"
ADDRESS = f"{MARK}@mail.example"


@pytest.fixture
def house() -> House:
    return make_house()


def said(conversation: Conversation, by: Any, text: str, **fields: Any) -> Say:
    return Say(
        conversation_id=conversation.pk, by=by, client_id=make_client_id(), content=f"{text} {MARK}", **fields
    )


@pytest.fixture
def person(house: House) -> Customer:
    """Somebody of whom every room keeps something, with the mark in each of it."""
    conversation = make_conversation(house, text=f"我的订单 {MARK}")
    viewer, customer = viewer_of(conversation), conversation.customer
    Customer.objects.filter(pk=customer.pk).update(name=guard(f"陈晓 {MARK}"), zone="Asia/Taipei")
    customer.refresh_from_db()
    open_session(customer=customer)
    claim_email(customer=customer, email=ADDRESS)
    Identity.objects.update(level=Level.PROVEN)
    Customer.objects.update(level=Level.PROVEN)
    choose_phrase(viewer=viewer, phrase=f"phrase {MARK}")
    attachment = send_and_check(conversation, viewer, picture(), name=f"{MARK}.png")
    say([said(conversation, viewer, "看图", files=(attachment.key,))])
    conversation.refresh_from_db()
    say([said(conversation, house.mei, "收到", spoken_seq=conversation.spoken_seq)])
    say([said(conversation, house.mei, "内部", visibility=Visibility.STAFF)])
    save_draft(conversation=conversation, by=house.mei, kind=DraftKind.REPLY, content=f"草稿 {MARK}")
    make_private_link(conversation=conversation, viewer=viewer)
    send_and_check(conversation, viewer, picture(), name=f"{MARK}-not-said.png")
    Letter.objects.create(
        brand=house.brand,
        kind=LetterKind.ANSWER_NOTICE,
        key=f"notice:{conversation.pk}",
        language="zh-hans",
        recipient=ADDRESS,
        customer=customer,
        conversation_id=conversation.pk,
    )
    resolve(conversation=conversation, by=house.mei)
    rate(conversation=conversation, verdict=Verdict.SOLVED, words=f"谢谢 {MARK}", by=viewer)
    return customer


@pytest.fixture
def admin(house: House) -> Any:
    return make_agent(house.team, role=Role.ADMIN)


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What is logged from here on at any level, as operators read it: our lines, and those of every library."""
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler, root = Kept(), logging.getLogger()
    handler.setFormatter(JsonLine())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(level)
    root.removeHandler(handler)


def exported(customer: Customer, by: Any) -> ZipFile:
    archive = io.BytesIO()
    export_customer(customer=customer, by=by, to=archive)
    return ZipFile(archive)


def test_the_archive_holds_what_we_keep(person: Customer, admin: Any) -> None:
    archive = exported(person, admin)

    data = json.loads(archive.read("data.json"))
    assert data["person"]["name"].endswith(MARK)
    assert data["person"]["phrase_in_our_mails"] == f"phrase {MARK}"
    assert [one["value"] for one in data["identities"]] == [ADDRESS]
    assert data["sessions"]
    assert [one["to"] for one in data["letters"]] == [ADDRESS]
    (conversation,) = data["conversations"]
    assert [one["by"] for one in conversation["messages"]] == ["customer", "customer", "林美"]
    assert all(MARK in one["text"] for one in conversation["messages"])
    assert conversation["messages"][1]["files"] == [f"{MARK}.png"]
    assert conversation["ratings"][0]["words"] == f"谢谢 {MARK}"
    notes = json.loads(archive.read("internal-notes.json"))["notes"]
    assert [one["text"] for one in notes] == [f"内部 {MARK}"]
    assert f"files/001-{MARK}.png" in archive.namelist()
    assert "内部" not in archive.read("data.json").decode()
    assert Entry.objects.filter(kind="customer.exported", subject_id=person.pk, actor_id=admin.pk).exists()


def test_files_of_notes_lie_apart_and_no_name_ends_in_a_program(
    house: House, person: Customer, admin: Any
) -> None:
    conversation = Conversation.objects.get(customer=person)
    mine = viewer_of(conversation)
    program = send_and_check(conversation, mine, b"@echo off\r\necho hello\r\n", name="evidence.bat")
    say([said(conversation, mine, "证据", files=(program.key,))])
    report = send_and_check(conversation, house.mei, picture(), name="risk-report.png")
    say([said(conversation, house.mei, "内部", visibility=Visibility.STAFF, files=(report.key,))])
    send_and_check(conversation, house.mei, picture(), name="not-said-by-us.png")

    names = exported(person, admin).namelist()

    assert [name for name in names if name.startswith("files/")] == [
        f"files/001-{MARK}.png",
        f"files/002-{MARK}-not-said.png",
        "files/003-evidence.bat.txt",
    ]
    assert [name for name in names if name.startswith("internal-files/")] == [
        "internal-files/001-risk-report.png",
        "internal-files/002-not-said-by-us.png",
    ]


def test_no_word_comes_after_everything_was_erased(house: House, person: Customer, admin: Any) -> None:
    conversation = Conversation.objects.get(customer=person)
    waiting = send(conversation, viewer_of(conversation), picture(), name=f"{MARK}-late.png")
    erase_customer(customer=person, by=admin)

    answers = say(
        [
            said(conversation, viewer_of(conversation), "我还在"),
            said(conversation, house.mei, "收到", spoken_seq=99),
            said(conversation, house.mei, "备注", visibility=Visibility.STAFF),
        ]
    )
    assert [type(answer) for answer in answers] == [Denied, Denied, Denied]
    with pytest.raises(Refused):
        save_draft(conversation=conversation, by=house.mei, kind=DraftKind.REPLY, content=MARK)
    with pytest.raises(Refused):
        rate(conversation=conversation, verdict=Verdict.SOLVED, words=MARK, by=viewer_of(conversation))
    with pytest.raises(Refused):
        send(conversation, house.mei, picture(), name=f"{MARK}.png")
    with pytest.raises(NotOpened):
        open_conversation(
            viewer=viewer_of(conversation),
            topic=house.topic,
            language="en",
            channel="chat",
            client_id=make_client_id(),
            content=MARK,
        )
    # A worker that had begun to look at a file finds it gone, and leaves nothing of it.
    filestore.keep(waiting.key, picture())
    checking._decide(waiting, Kept("image/png", 1, "", 1, 1))
    with pytest.raises(FileNotFoundError):
        filestore.open_kept(waiting.key)
    assert places_of(MARK) == []


def test_not_a_byte_of_an_erased_person_is_left(person: Customer, admin: Any) -> None:
    keys = list(Attachment.objects.values_list("key", flat=True))
    assert len(keys) == 2
    assert {
        "conversations_message",
        "conversations_conversation",
        "accounts_customer",
        "accounts_customer.phrase",
        "accounts_identity.value",
        "mailroom_letter.recipient",
    } <= set(places_of(MARK))

    erase_customer(customer=person, by=admin)

    assert places_of(MARK) == []
    for key in keys:
        with pytest.raises(FileNotFoundError):
            filestore.open_kept(key)
    assert not Letter.objects.exists()
    assert not Identity.objects.exists()


def state_of_emptying(*, minutes: int) -> str:
    """What has become of the task that empties the log, after everything that is due so many minutes from now."""
    with time_machine.travel(now() + timedelta(minutes=minutes), tick=False):
        while run_next("a worker"):
            pass
    return DBTaskResult.objects.get(task_path="kefu.safety.tasks.empty_log").status


@on_sqlite
def test_not_a_byte_is_left_once_whoever_reads_meanwhile_has_ended(person: Customer, admin: Any) -> None:
    with somebody_reads():
        erase_customer(customer=person, by=admin)
        assert state_of_emptying(minutes=0) == "READY"
        assert any("sqlite3" in place for place in places_of(MARK))

    assert state_of_emptying(minutes=1) == "SUCCESSFUL"
    assert places_of(MARK) == []


@on_sqlite
def test_whoever_reads_holds_up_no_erasing(person: Customer, admin: Any) -> None:
    usual = connection.settings_dict["OPTIONS"]["timeout"]
    with somebody_reads():
        began = time.monotonic()
        erase_customer(customer=person, by=admin)
        assert time.monotonic() - began < usual / 2

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone()[0] == usual * 1000


def test_no_log_holds_a_word_of_whom_it_is_about(person: Customer, admin: Any, lines: list[str]) -> None:
    erase_customer(customer=person, by=admin)
    while run_next("a worker"):
        pass
    logging.getLogger("kefu.here").debug("all_is_heard")

    assert "all_is_heard" in lines[-1]
    assert [line for line in lines if MARK in line] == []


def test_figures_of_reports_stay(person: Customer, admin: Any) -> None:
    def figures() -> tuple[int, ...]:
        return Conversation.objects.count(), Message.objects.count(), Rating.objects.count()

    before, entries = figures(), list(Entry.objects.order_by("pk").values_list("pk", "kind", "payload"))

    erase_customer(customer=person, by=admin)

    assert figures() == before
    assert Rating.objects.get().verdict == "solved"
    assert list(Entry.objects.order_by("pk").values_list("pk", "kind", "payload"))[: len(entries)] == entries
    erased = Entry.objects.get(kind="customer.erased")
    assert (erased.actor_id, erased.subject_id) == (admin.pk, person.pk)
    assert erased.payload["customer_ids"] == [person.pk]


def test_whoever_they_had_been_goes_with_them(house: House, person: Customer, admin: Any) -> None:
    earlier = Customer.objects.create(brand=house.brand, name=guard(f"以前 {MARK}"), merged_into=person)
    oldest = Customer.objects.create(brand=house.brand, name=guard(f"更早 {MARK}"), merged_into=earlier)
    assert [one.pk for one in everybody_who_was(oldest)] == [person.pk, earlier.pk, oldest.pk]

    erase_customer(customer=oldest, by=admin)

    assert places_of(MARK) == []
    assert Customer.objects.filter(erased_at=None, pk__in=[person.pk, earlier.pk, oldest.pk]).count() == 0


def test_others_keep_all_of_theirs(house: House, person: Customer, admin: Any) -> None:
    other = make_conversation(house, text="另一位客户的问题")

    erase_customer(customer=person, by=admin)

    other.refresh_from_db()
    assert other.last_line == "另一位客户的问题"
    assert other.messages.get().erased_at is None


def test_erasing_twice_is_harmless(person: Customer, admin: Any) -> None:
    for _ in range(2):
        erase_customer(customer=person, by=admin)

    assert places_of(MARK) == []


def test_somebody_with_the_same_address_later_is_somebody_new(
    house: House, person: Customer, admin: Any
) -> None:
    erase_customer(customer=person, by=admin)
    newcomer = make_conversation(house).customer
    claim_email(customer=newcomer, email=ADDRESS)
    viewer = CustomerViewer(newcomer.pk, newcomer.brand_id)
    ask_for_code(viewer=viewer, identity=Identity.objects.get())
    digits = mint_code(code_id=OneTimeCode.objects.get().pk)

    assert prove_by_code(viewer=viewer, typed=str(digits))
    assert Identity.objects.get().customer_id == newcomer.pk


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_nobody_but_an_admin_takes_out_or_erases(house: House, person: Customer, role: Role) -> None:
    mallory = make_agent(house.team, role=role)

    with pytest.raises(Refused):
        export_customer(customer=person, by=mallory, to=io.BytesIO())
    with pytest.raises(Refused):
        erase_customer(customer=person, by=mallory)
    with pytest.raises(Refused):
        erase_customer(customer=person, by=person.actor)
    assert MARK in str(Customer.objects.get(pk=person.pk).name)


def test_the_console_may(person: Customer) -> None:
    assert exported(person, SYSTEM).namelist()

    erase_customer(customer=person, by=SYSTEM)

    assert places_of(MARK) == []


def test_every_table_that_hangs_on_a_customer_is_in_somebodys_part() -> None:
    taken = {model for part in parts().values() for model in part.models}
    hanging, newest = {Customer}, {Customer}
    while newest:
        newest = {
            model
            for model in apps.get_models()
            for field in model._meta.get_fields()
            if field.is_relation
            and (field.many_to_one or field.one_to_one)
            and field.concrete
            and field.related_model in newest
        } - hanging
        hanging |= newest

    assert sorted(model.__name__ for model in hanging - taken) == []


def test_moments_are_written_so_that_programs_read_them(person: Customer, admin: Any) -> None:
    data = json.loads(exported(person, admin).read("data.json"))

    assert abs(now() - datetime.fromisoformat(data["person"]["known_since"])) < timedelta(minutes=5)
