from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kefu.brands.refs import ALPHABET, new_ref, read_ref

bodies = st.text(alphabet=ALPHABET, min_size=12, max_size=12)


def test_a_ref_is_read_back_however_it_is_typed():
    ref = new_ref("XH")

    assert read_ref(ref) == ref
    assert read_ref(ref.lower().replace("-", " ")) == ref
    assert read_ref(ref.replace("-", "–")) == ref


def test_letters_that_look_like_digits_are_understood():
    ref = "XH-0000-1111-0000-" + read_ref_check("000011110000")

    assert read_ref(ref.replace("0000", "OOOO", 1).replace("1111", "Il1L")) == ref


def read_ref_check(body: str) -> str:
    number = 0
    for letter in body:
        number = number * 32 + ALPHABET.index(letter)
    return ALPHABET[number % 31]


@given(bodies, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(body, place, letter):
    written = f"XH-{body[:4]}-{body[4:8]}-{body[8:]}-{read_ref_check(body)}"
    wrong = body[:place] + letter + body[place + 1 :]
    # The alphabet has 32 letters and the check 31 values: only the first and last letter share one.
    if ALPHABET.index(letter) % 31 == ALPHABET.index(body[place]) % 31:
        return

    assert read_ref(written.replace("-", "").replace(body, wrong)) is None


def test_nonsense_is_no_ref():
    for typed in ("", "XH", "XH-1234", "你好", "XH-7Q2M-9KDV-0T3A-", "7Q2M9KDV0T3AC" * 3):
        assert read_ref(typed) is None


def test_two_refs_differ():
    assert len({new_ref("XH") for _ in range(1000)}) == 1000
