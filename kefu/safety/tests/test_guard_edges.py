"""Where each of the guard's limits lies, to the character."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest

from kefu.safety import base58
from kefu.safety.finders import codes, keys, passwords, phrases
from kefu.safety.finders.keys import is_checked_key
from kefu.safety.guard import guard, guard_again
from kefu.safety.tests.vocabulary import CODE, HEX, KEY, PASSWORD, PHRASE

EIGHT = "legal winner thank year wave sausage worth useful"
SEVEN, FOUR, THREE = (
    "legal winner thank year wave sausage worth",
    "legal winner thank year",
    "legal winner thank",
)
ELEVEN = f"{EIGHT} legal winner thank"
HAN = "的 一 是 在 不 了 有 和 人 这 中 大"
KEYSTORE = "⟦secret:keystore⟧"
WIF = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
XPRV = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"私钥{'啊' * 58}{HEX}", f"私钥{'啊' * 58}{KEY}"),
        (f"私钥{'啊' * 59}{HEX}", None),
        (f"{HEX}{'啊' * 22}私钥", f"{KEY}{'啊' * 22}私钥"),
        (f"{HEX}{'啊' * 23}私钥", None),
        (f"私钥{'a' * 148}，{'a' * 148}，{HEX}", f"私钥{'a' * 148}，{'a' * 148}，{KEY}"),
        (f"私钥{'a' * 149}，{'a' * 148}，{HEX}", None),
    ],
)
def test_a_key_is_called_one_by_a_word_near_it(text, kept):
    assert guard(text) == (kept or text)


def test_only_spaces_and_commas_stand_between_the_bytes_of_a_key():
    numbers = [str(number) for number in range(64)]

    assert guard(f"[{' , '.join(numbers)}]") == KEY
    assert guard(f"[{'X,'.join(numbers)}]") == f"[{'X,'.join(numbers)}]"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('"msg":"code":123456', None),
        (f'"msg":{" " * 73}"code":123456', None),
        (f'"msg":{" " * 74}"code":123456', f'"msg":{" " * 74}"code":{CODE}'),
        (f'"code":123456{" " * 74}"msg":', None),
        (f'"code":123456{" " * 75}"msg":', f'"code":{CODE}{" " * 75}"msg":'),
        ('code: 123456 "msg":', f'code: {CODE} "msg":'),
    ],
)
def test_a_programs_answer_is_known_by_its_message_near_its_code(text, kept):
    assert guard(text) == (kept or text)


def test_only_the_object_that_is_a_keystore_is_taken_out():
    stored = '{"crypto":{"ciphertext":"ab"}}'

    assert guard(f'{{"order":1}} {stored} {{"order":2}}') == f'{{"order":1}} {KEYSTORE} {{"order":2}}'
    assert guard(f"{stored}{stored}") == KEYSTORE * 2
    assert guard('{"crypto":1} {"ciphertext":2}') == '{"crypto":1} {"ciphertext":2}'


KEY_32 = bytes(range(32))


@pytest.mark.parametrize(
    "body",
    [
        *(version + KEY_32 + end for version in (b"\x80", b"\xb0", b"\x9e") for end in (b"", b"\1")),
        *(b"\x01\x42" + bytes(37), b"\x01\x43" + bytes(37)),
    ],
)
def test_a_key_is_known_by_its_version_and_its_length(body):
    assert is_checked_key(_in_base_58(body))


@pytest.mark.parametrize(
    "body",
    [
        *(b"\x7f" + KEY_32, b"\xb1" + KEY_32, b"\xef" + KEY_32),
        # Tezos has operations and blocks of these bytes.
        *(b"\x05\x74" + KEY_32, b"\x01\x34" + KEY_32),
        *(
            b"\x80" + KEY_32 + b"\2",
            b"\x80" + KEY_32 + b"\1\1",
            b"\x80" + KEY_32[1:],
            b"\x01\x43" + bytes(36),
        ),
        b"\x01\x41" + bytes(37),
    ],
)
def test_whatever_else_has_a_good_check_is_no_key(body):
    assert not is_checked_key(_in_base_58(body))


def test_a_seed_of_xrp_is_known_by_its_own_alphabet():
    assert is_checked_key("snoPBrXtMeMyMHUVTgbuqAfg1SUTb")
    assert is_checked_key("sEdTM1uX8pu2do5XvTnutH6HsouMaM2")
    assert not is_checked_key("snoPBrXtMeMyMHUVTgbuqAfg1SUTc")


def _in_base_58(body: bytes) -> str:
    check = hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
    number, text = int.from_bytes(body + check, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = base58.BITCOIN[digit] + text
    return text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        # Without its punctuation it is too short for a password.
        ("密码: ab1!", None),
        (f"{'啊' * 45}密码: some@mail.example hunter2x", f"{'啊' * 45}密码: some@mail.example {PASSWORD}"),
        ("密码: Hunter2, 谢谢.", f"密码: {PASSWORD}, 谢谢."),
        ("pwd sharingtogether", None),
        ("My password is something", None),
        ("password is something. Thanks", None),
        ("my password is Something", f"my password is {PASSWORD}"),
    ],
)
def test_a_password_is_known_from_talk(text, kept):
    assert guard(text) == (kept or text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (SEVEN, None),
        (EIGHT, PHRASE),
        (f"助记词是 {THREE} 谢谢", None),
        (f"助记{'啊' * 21} {FOUR}", f"助记{'啊' * 21} {PHRASE}"),
        (f"助记{'啊' * 22} {FOUR}", None),
        (f"{FOUR} 是助记词吗", None),
        ("助记词 1st legal 2nd winner 3rd thank 4th year", f"助记词 1st {PHRASE}"),
        # Three letters are the shortest of the list.
        ("助记词 1st act 2nd add 3rd age 4th aim", f"助记词 1st {PHRASE}"),
        # One of them misspelt.
        ("legal winner thank year wave qqqq legal winner thank year wave", None),
        ("legal winner thank year wave qqqq legal winner thank year wave sausage", PHRASE),
        (f"{ELEVEN} qqqq legal", PHRASE),
        (f"legal qqqq {EIGHT} legal winner", PHRASE),
        (f"{EIGHT} legal winner qqqq legal", PHRASE),
        (f"{ELEVEN} year qqqq legal", f"{PHRASE} qqqq legal"),
        (f"qqqq {ELEVEN}", f"qqqq {PHRASE}"),
        (EIGHT.replace(" ", " " * 12), PHRASE),
        (EIGHT.replace("thank ", "thank" + " " * 13), None),
        (f"{EIGHT} 谢谢 hello", f"{PHRASE} 谢谢 hello"),
        (EIGHT.replace(" ", "\u2028"), PHRASE),
    ],
)
def test_an_english_phrase_is_so_many_words_so_near(text, kept):
    assert guard(text) == (kept or text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"助记词: {HAN}", f"助记词: {PHRASE}"),
        (f"助记词: {HAN[:-2]}", None),
        (f"助记{'啊' * 37} {HAN}", f"助记{'啊' * 37} {PHRASE}"),
        (f"助记{'啊' * 38} {HAN}", None),
        (f"{HAN} {'啊' * 17}助记", f"{PHRASE} {'啊' * 17}助记"),
        (f"{HAN} {'啊' * 18}助记", None),
        (f"{HAN} {'啊' * 40}助记", None),
        (f"助记词: {HAN.replace(' ', ' ' * 6)}", f"助记词: {PHRASE}"),
        (f"助记词: {HAN.replace('有 ', '有' + ' ' * 7)}", None),
        (f"助记词: {HAN.replace('有 ', '有ab')}", None),
        (f"助记词: {HAN} ab 的", f"助记词: {PHRASE} ab 的"),
    ],
)
def test_a_chinese_phrase_is_twelve_characters_near_its_name(text, kept):
    assert guard(text) == (kept or text)


@pytest.mark.parametrize(
    "word", ["助记", "注记词", "种子短语", "my seed", "Mnemonic", "backup phrase", "recovery words"]
)
def test_a_chinese_phrase_may_be_named_by_any_of_its_words(word):
    assert guard(f"{word}: {HAN}") == f"{word}: {PHRASE}"


def test_of_secrets_that_overlap_the_graver_gives_its_kind_and_all_are_taken_out():
    key = "⟦secret:extended_key⟧"
    file = f'{{"crypto":{{"ciphertext":"ab"}},"password: hunter2x","k":"{WIF}"}}'

    assert guard(f"验证码 123456，密码: {XPRV} 谢谢") == f"验证码 {CODE}，密码: {key} 谢谢"
    assert guard(f"验证码 123456，{file} 谢谢") == f"验证码 {CODE}，{KEYSTORE} 谢谢"


@pytest.mark.parametrize(
    ("secret", "kind"),
    [
        ('ab12{"crypto":{"ciphertext":"ab"}}cd', "keystore"),
        ("ab12-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----", "pem"),
    ],
)
def test_a_graver_secret_that_begins_within_another_gives_its_kind_to_both(secret, kind):
    assert guard(f"密码: {secret} 谢谢") == f"密码: ⟦secret:{kind}⟧ 谢谢"


def test_what_was_guarded_comes_back_as_it_is():
    guarded = guard("密码: hunter2hunter2")

    assert guard(guarded) is guarded
    assert guard_again(guarded) is guarded


@pytest.mark.parametrize(
    ("parts", "secret", "kept"),
    [
        (codes.PARTS, "验证码 123456", f"验证码 {CODE}"),
        (passwords.PARTS, "密码: hunter2hunter2", f"密码: {PASSWORD}"),
        (keys.EXTENDED_PARTS, XPRV, "⟦secret:extended_key⟧"),
        (phrases.PHRASE_PARTS, f"助记词: {HAN}", f"助记词: {PHRASE}"),
    ],
)
def test_where_all_words_that_are_looked_for_stand_the_secret_is_found_too(
    parts: Sequence[str], secret: str, kept: str
) -> None:
    words = "。".join(parts)

    assert guard(f"{words}\n\n{secret}") == f"{words}\n\n{kept}"


def test_three_words_of_the_list_are_no_phrase_whatever_stands_elsewhere() -> None:
    text = "abandon ability able about 都是常用词。我的助记词：zoo wrong wolf"

    assert guard(text) == text
    assert guard(f"{text} woman") != f"{text} woman"
