"""Every kind of letter to a customer, in each language, as text and as HTML, with the proof that it is ours."""

from __future__ import annotations

import re
from html import unescape

import pytest

from kefu.accounts.actions import ask_for_code, claim_email
from kefu.accounts.models import Customer, Identity, Level
from kefu.brands.colour import accent_fill
from kefu.brands.models import Brand
from kefu.conversations.actions import ask_for_transcript
from kefu.conversations.models import Conversation, Message, Topic
from kefu.conversations.tests.factories import make_conversation, make_house, make_viewer
from kefu.journal.models import Entry
from kefu.mailroom.models import Letter
from kefu.mailroom.notices import follow
from kefu.mailroom.tests.factories import run_letters
from kefu.mailroom.tests.sink import Sink
from kefu.mailroom.tests.test_notices import answer, let_the_house_work
from kefu.safety.models import OfficialWay
from kefu.ui.languages import Language
from tests.messages import characters_only_of

pytestmark = pytest.mark.django_db(transaction=True)
PHRASE = "蓝色的海豚"
HEADINGS = {
    "question_kept": {"zh-hans": "问题已收到", "zh-hant": "問題已收到", "en": "We have your question"},
    "answer": {"zh-hans": "有回复了", "zh-hant": "有回覆了", "en": "Your question is answered"},
    "one_time_code": {"zh-hans": "验证码", "zh-hant": "驗證碼", "en": "Your one-time code"},
    "transcript": {"zh-hans": "会话", "zh-hant": "對話", "en": "Your conversation about"},
}
CHOSEN = {"zh-hans": "你的防钓鱼短语：", "zh-hant": "你的防釣魚短語：", "en": "Your own phrase: "}
NONE = {"zh-hans": "因为你还没有设置", "zh-hant": "因為你還沒有設定", "en": "because you have chosen none"}

# Mail programs put no room between Latin and Chinese, so the letter has it.
TOUCHING = re.compile(r"[A-Za-z][\u4e00-\u9fff]|[\u4e00-\u9fff][A-Za-z]")
FOREIGN = {
    "zh-hans": characters_only_of("zh_Hant", not_of="zh_Hans"),
    "zh-hant": characters_only_of("zh_Hans", not_of="zh_Hant"),
}


@pytest.mark.slow
@pytest.mark.parametrize("phrase", [PHRASE, ""])
@pytest.mark.parametrize("language", CHOSEN)
@pytest.mark.parametrize("kind", HEADINGS)
def test_both_parts_are_whole_and_prove_that_they_are_ours(client, settings, kind, language, phrase):
    with Sink() as sink:
        settings.MAIL_SERVER = sink.at
        write(kind, language, phrase)

    [taken] = sink.taken
    code = Letter.objects.get().code
    line = CHOSEN[language] + phrase if phrase else NONE[language]
    assert TOUCHING.findall(str(taken.message["Subject"])) == []
    for part in (taken.part("plain"), seen_in(taken.part("html"))):
        assert TOUCHING.findall(without_what_people_wrote(part)) == []
        for said in (HEADINGS[kind][language], code, line):
            assert said in part
        if language != "en":
            assert re.findall(r"[A-Za-z]{2,} [a-z]{2,}", part) == []
            # What one script lacks is said in the other, not in English.
            assert FOREIGN[language] & set(without_what_people_wrote(part)) == set()
    assert "l•••@m•••.example" in client.get(f"/{language}/check/", {"code": code}).content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("hue", [25, 290])
def test_the_button_has_the_brands_colour(settings, hue):
    with Sink() as sink:
        settings.MAIL_SERVER = sink.at
        write("answer", "zh-hans", PHRASE, hue=hue)

    [taken] = sink.taken
    buttons = re.findall(r'<a href="[^"]+" style="[^"]*background:([^;]+);color:#ffffff', taken.part("html"))
    assert buttons == [accent_fill(hue)]


def without_what_people_wrote(part: str) -> str:
    for text in (PHRASE, *Message.objects.values_list("text", flat=True)):
        part = part.replace(text, "")
    return part


def write(kind: str, language: str, phrase: str, *, hue: int = 226) -> None:
    """To the proven mailbox of one customer; nobody is there, so that a question is kept."""
    house = make_house()
    Brand.objects.update(accent_hue=hue)
    OfficialWay.objects.create(brand=house.brand, kind="mail", value="support@xinghai.example")
    viewer = make_viewer(house)
    customer = Customer.objects.get(pk=viewer.customer_id)
    identity = claim_email(customer=customer, email="lin.xiaomei@mail.example")
    Identity.objects.update(level=Level.PROVEN)
    Customer.objects.update(phrase=phrase, language=language)
    Topic.objects.update(names={"zh-hans": "账户与资产", "zh-hant": "帳戶與資產", "en": "Account"})
    conversation = make_conversation(house, viewer)
    Conversation.objects.update(language=language)
    if kind == "one_time_code":
        ask_for_code(viewer=viewer, identity=identity)
        follow(Entry.objects.get(kind="customer.code_asked_for"))
    elif kind == "transcript":
        ask_for_transcript(viewer=viewer, conversation=conversation, language=Language(language))
        follow(Entry.objects.get(kind="conversation.transcript_asked_for"))
    elif kind == "answer":
        answer(house, conversation)
        let_the_house_work()
    else:
        let_the_house_work()
    run_letters()


def seen_in(html: str) -> str:
    """What a reader sees of it."""
    return unescape(re.sub(r"<[^>]+>", "\n", re.sub(r"<(style|title).*?</\1>", "", html, flags=re.DOTALL)))
