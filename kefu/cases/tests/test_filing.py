"""Filing a case: once, with its facts as fields, which the desk, the customer and nobody else can read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from kefu.accounts.models import Customer
from kefu.accounts.policy import Refused
from kefu.accounts.privacy import Extract
from kefu.accounts.viewers import CustomerViewer
from kefu.cases.actions import Filing, NotOpened, NoTopic, file_case
from kefu.cases.drawing import drawn_files
from kefu.cases.models import CaseField, CaseFile, FieldKey, IssueType
from kefu.cases.privacy import erase, export
from kefu.conversations.models import Conversation, Topic
from kefu.conversations.tests.factories import House, make_conversation, make_house, make_viewer
from kefu.desk.settings.journal_words import WORDS
from kefu.desk.tests.test_desk import at_desk
from kefu.journal.models import Entry
from kefu.livechat.tests.factories import sign_in
from kefu.safety.fields import NotGuarded

pytestmark = pytest.mark.django_db(transaction=True)

TXID = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
FIELDS = {
    FieldKey.COIN: "USDT",
    FieldKey.NETWORK: "tron",
    FieldKey.TXID: TXID,
    FieldKey.OCCURRED_AT: "2026-11-22T14:41:00+00:00",
    FieldKey.TRACED: "unknown",
}


@pytest.fixture
def house() -> House:
    return make_house()


def filing(**changes) -> Filing:
    values = {"issue_type": IssueType.DEPOSIT_MISSING, "client_id": "form-00000001", "content": "充币未到账"}
    return Filing(**(values | {"fields": FIELDS} | changes))


def filed(house: House, viewer: CustomerViewer | None = None, **changes) -> Conversation:
    return file_case(
        brand=house.brand, viewer=viewer, filing=filing(**changes), language="zh-hans"
    ).conversation


def test_filing_twice_is_one_case(house):
    viewer = make_viewer(house)

    first, again = filed(house, viewer), filed(house, viewer)

    assert first == again
    assert CaseFile.objects.count() == 1
    assert CaseField.objects.count() == len(FIELDS)
    assert Entry.objects.filter(kind="case.filed").count() == 1


def test_a_visitor_whose_answer_was_lost_on_the_way_is_the_same_visitor(house):
    first, again = filed(house), filed(house)

    assert first == again
    assert Customer.objects.count() == 1


def test_a_double_click_of_somebody_new_is_one_customer_and_one_case(house):
    both = Barrier(2, timeout=20)

    def click(_: int) -> int:
        try:
            both.wait()
            return filed(house).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as clicks:
        first, again = clicks.map(click, range(2))

    assert first == again
    assert (Customer.objects.count(), CaseFile.objects.count()) == (1, 1)


def test_other_words_with_the_same_id_are_refused_and_leave_nothing(house):
    viewer = make_viewer(house)
    filed(house, viewer)

    with pytest.raises(NotOpened):
        filed(house, viewer, content="别的话")
    assert CaseFile.objects.count() == 1


def test_it_goes_to_the_topic_for_deposits_before_any_other(house):
    assert filed(house).topic.key == "account"
    Topic.objects.create(brand=house.brand, team=house.team, key="deposits", names={}, place=9)

    assert filed(house, client_id="form-00000002").topic.key == "deposits"


def test_without_any_topic_there_is_nowhere_to_file_it(house):
    Topic.objects.all().delete()

    with pytest.raises(NoTopic):
        filed(house)
    assert not Customer.objects.exists()


def test_mallory_files_nothing_at_another_brand(house):
    elsewhere = make_house("other", "QT")

    with pytest.raises(Refused):
        filed(elsewhere, make_viewer(house))
    assert not CaseFile.objects.exists()


def test_a_secret_among_the_facts_is_masked_before_it_is_kept(house):
    secret = "private key: " + "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
    conversation = filed(house, fields={FieldKey.MEMO: secret})

    assert str(conversation.case_file.fields.get().value) == "private key: ⟦secret:private_key⟧"
    with pytest.raises(NotGuarded):
        CaseField.objects.create(file=conversation.case_file, key="coin", value="USDT")  # type: ignore[misc]


def test_the_journal_tells_of_it_in_words_and_holds_none_of_its_facts(house):
    conversation = filed(house)
    entry = Entry.objects.get(kind="case.filed")

    assert (entry.conversation_id, entry.payload) == (conversation.pk, {"issue_type": "deposit_missing"})
    assert "case.filed" in WORDS


def test_the_agent_reads_the_facts_beside_the_conversation(house):
    conversation = filed(house)
    answer = at_desk(house.mei).get(f"/desk/conversation/{conversation.ref}/").json()["case"]
    fields = {one["key"]: one for one in answer["fields"]}

    assert fields["txid"]["value"] == TXID
    assert fields["txid"]["href"] == f"https://tronscan.org/#/transaction/{TXID}"
    assert fields["network"]["value"] == "TRON (TRC20)"
    assert fields["occurred_at"]["at"] == "2026-11-22T14:41:00+00:00"


def test_mallory_of_another_team_reads_none_of_them(house):
    conversation = filed(house)

    assert at_desk(house.stranger).get(f"/desk/conversation/{conversation.ref}/").status_code == 404


def test_what_is_not_written_like_a_txid_goes_into_no_address(house):
    conversation = filed(house, fields=FIELDS | {FieldKey.TXID: "javascript:alert(1)//"})
    drawn = drawn_files([conversation])[conversation.pk]

    assert [one.href for one in drawn.fields if one.key == "txid"] == [""]


def test_customers_read_their_own_facts_and_nobody_elses(client, house):
    own, other = make_viewer(house), make_viewer(house)
    filed(house, own)
    filed(house, other, fields=FIELDS | {FieldKey.TXID: "cd" * 32})
    sign_in(client, Customer.objects.get(pk=own.customer_id))

    page = client.get("/zh-hans/cases/").content.decode()

    assert "充币未到账" in page
    assert TXID in page
    assert "cd" * 32 not in page


def test_my_cases_cost_the_same_for_two_files_and_twenty(client, house, django_assert_num_queries):
    viewer = make_viewer(house)
    sign_in(client, Customer.objects.get(pk=viewer.customer_id))
    make_conversation(house, viewer)
    for number in range(20):
        if number in {2, 19}:
            client.get("/zh-hans/cases/")
            with django_assert_num_queries(8):
                client.get("/zh-hans/cases/")
        filed(house, viewer, client_id=f"form-{number:08}")


def test_a_person_is_handed_out_their_facts_and_can_have_them_forgotten(house):
    viewer = make_viewer(house)
    conversation = filed(house, viewer)
    filed(house, make_viewer(house), fields={FieldKey.COIN: "BTC"})
    people = list(Customer.objects.filter(pk=viewer.customer_id))
    extract = Extract()

    export(people, extract)
    erase(people)

    [case] = extract.own["cases"]
    assert (case["conversation"], case["issue_type"]) == (conversation.ref, "deposit_missing")
    assert case["fields"] == {str(key): value for key, value in FIELDS.items()}
    assert [str(one.value) for one in CaseField.objects.all()] == ["BTC"]
    assert CaseFile.objects.count() == 2
