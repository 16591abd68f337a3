"""A letter that waited so long that what it says is not so any more."""

from __future__ import annotations

import pytest

from kefu.conversations.actions import resolve
from kefu.journal.models import Entry
from kefu.mailroom.models import Letter
from kefu.mailroom.notices import follow
from kefu.mailroom.tests.factories import make_open_house, run_letters
from kefu.mailroom.tests.sink import Sink
from kefu.mailroom.tests.test_notices import answer, asked, let_minutes_pass
from kefu.waiting.models import WeeklyHours

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("then", ["answered", "resolved"])
def test_a_confirmation_that_an_answer_has_overtaken_is_not_sent(settings, then):
    with Sink() as sink:
        settings.MAIL_SERVER = sink.at
        house = make_open_house()
        WeeklyHours.objects.all().delete()
        conversation = asked(house)
        follow(Entry.objects.get(kind="conversation.opened"))
        let_minutes_pass()
        assert Letter.objects.filter(kind="question_kept").exists()

        if then == "answered":
            answer(house, conversation)
        else:
            resolve(conversation=conversation, by=house.mei)
        run_letters()

    assert "已收到" not in "".join(str(taken.message["Subject"]) for taken in sink.taken)
