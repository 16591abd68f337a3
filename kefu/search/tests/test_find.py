from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from kefu.brands.models import Brand
from kefu.search.actions import index_things, reindex
from kefu.search.find import find
from kefu.search.folding import fold
from kefu.search.models import Thing
from kefu.search.parts import MARKS
from kefu.search.query import EXACT, MOST_WANTED, read_query
from kefu.search.ranking import score
from kefu.search.terms import made_of
from kefu.search.tests.conftest import Shelf
from kefu.search.words import MOST_LOOKS, Scope, Standing, Term, word_index
from tests.seeds import examples

WORDS = [
    "提现",
    "充值",
    "审核中",
    "没到账",
    "验证码",
    "客服",
    "真的",
    "网络",
    "TRC20",
    "Memo",
    "withdrawal",
    "deposit",
    "帳戶",
    "提領",
]


def _found(query: str, brand: Brand, language: str = "zh-hans", **more: str) -> list[int]:
    return [hit.object_id for hit in find(query, brand=brand, language=language, **more)]  # type: ignore[arg-type]


def test_title_weighs_more_than_synonyms_more_than_headings_more_than_body(
    brand: Brand, shelf: Shelf
) -> None:
    filling = "完全不同的文字说的是别的事情"
    shelf.put(1, brand, filling, "提现")
    shelf.put(2, brand, filling, filling, headings=("提现",))
    shelf.put(3, brand, filling, filling, synonyms=("提现",))
    shelf.put(4, brand, "提现", filling)
    reindex(source=shelf.source)

    assert _found("提现", brand) == [4, 3, 2, 1]


def test_a_traditional_query_finds_simplified_text_and_the_other_way_round(
    brand: Brand, shelf: Shelf
) -> None:
    shelf.put(1, brand, "账户与网络")
    shelf.put(2, brand, "帳戶與網絡", language="zh-hant")
    reindex(source=shelf.source)

    assert _found("網絡", brand) == [1, 2]
    assert _found("网络", brand, "zh-hant") == [2, 1]


def test_the_readers_language_leads_and_is_shown_although_another_matched(brand: Brand, shelf: Shelf) -> None:
    shelf.put(1, brand, "Withdrawal under review", language="en")
    shelf.put(2, brand, "Withdrawal limits", language="en")
    shelf.put(2, brand, "限额说明", language="zh-hans")
    reindex(source=shelf.source)

    hits = find("withdrawal", brand=brand, language="zh-hans")

    assert [(hit.object_id, hit.language) for hit in hits] == [(2, "zh-hans"), (1, "en")]


def test_a_question_in_two_languages_is_answered_together(brand: Brand, shelf: Shelf) -> None:
    shelf.put(1, brand, "一直审核中")
    shelf.put(1, brand, "Withdrawal under review", language="en")
    shelf.put(2, brand, "Withdrawal limits", language="en")
    reindex(source=shelf.source)

    assert _found("withdrawal 审核中", brand)[0] == 1


@pytest.mark.parametrize(
    ("typed", "marked"), [("429", {"状态码", "429"}), ("状态码", {"状态码", "401", "429"})]
)
def test_of_codes_only_those_are_marked_that_were_asked_for(
    typed: str, marked: set[str], brand: Brand, shelf: Shelf
) -> None:
    shelf.put(1, brand, "状态码 401 和 429", "接口返回 401、429 这样的状态码时怎么办。")
    reindex(source=shelf.source)

    (hit,) = find(typed, brand=brand, language="zh-hans")

    assert {one.text for one in hit.title if one.is_match} == marked
    assert {one.text for one in hit.snippet if one.is_match} == marked


def test_people_find_things_by_their_own_word(brand: Brand, shelf: Shelf) -> None:
    shelf.put(1, brand, "提现说明")
    reindex(source=shelf.source)

    for word in ("提币", "出金", "提領", "withdraw"):
        assert _found(word, brand) == [1], word


@pytest.mark.parametrize(
    "query", ["币", "账", "2026", "ERR-1021", "1021", "ａｂ", "0xAB12", "订单号2026", "网", "络"]
)
def test_single_letters_codes_and_numbers_in_part_are_found(query: str, brand: Brand, shelf: Shelf) -> None:
    shelf.put(1, brand, "充币到账", "错误 ERR_1021，订单号2026112400001，哈希 0xab12。Ab 网络")
    shelf.put(2, brand, "别的", "无关")
    reindex(source=shelf.source)

    assert _found(query, brand) == [1]


@pytest.mark.parametrize(
    "query",
    ["", " ", "，。！", '"', "*", "'", "\\", "()", "NOT", "a:b*c", "NEAR(x y)", "x' OR 1=1 --", "{title}"],
)
def test_no_query_is_an_error(query: str, brand: Brand, shelf: Shelf) -> None:
    shelf.put(1, brand, "提现")
    reindex(source=shelf.source)

    assert _found(query, brand) == []


@pytest.mark.slow
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=40))
def test_whatever_is_typed_is_answered(query: str, brand: Brand, shelf: Shelf) -> None:
    find(query, brand=brand, language="en")


def test_what_has_nothing_to_do_with_the_question_is_not_shown(brand: Brand, shelf: Shelf) -> None:
    shelf.put(1, brand, "提现说明", "今天可以提现")
    reindex(source=shelf.source)

    assert _found("今天晚上吃火锅还是吃烧烤", brand) == []
    assert _found("咖啡", brand) == []


def test_customers_never_find_what_is_for_staff(brand: Brand, shelf: Shelf) -> None:
    shelf.put(1, brand, "提现内部说明", audience="staff")
    shelf.put(2, brand, "提现说明")
    reindex(source=shelf.source)

    assert _found("提现", brand) == [2]
    assert sorted(_found("提现", brand, audience="staff")) == [1, 2]


def test_another_brands_things_are_never_found(brand: Brand, other_brand: Brand, shelf: Shelf) -> None:
    shelf.put(1, brand, "提现说明")
    shelf.put(2, other_brand, "提现说明")
    reindex(source=shelf.source)

    assert _found("提现", brand) == [1]
    assert _found("提现", other_brand) == [2]


def test_a_thing_that_became_staffs_own_is_gone_for_customers_at_once(brand: Brand, shelf: Shelf) -> None:
    shelf.put(1, brand, "提现说明")
    reindex(source=shelf.source)
    shelf.things.clear()
    shelf.put(1, brand, "提现说明", audience="staff")

    index_things(source=shelf.source, object_ids=[1])

    assert _found("提现", brand) == []


def test_only_the_kinds_asked_for_are_found(
    brand: Brand, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Shelf()
    source = replace(other.source, name="notice")
    monkeypatch.setattr("kefu.search.registry._sources", {"thing": shelf.source, "notice": source})
    shelf.put(1, brand, "提现说明")
    other.put(7, brand, "提现公告")
    reindex(source=shelf.source)
    reindex(source=source)

    assert [hit.source for hit in find("提现", brand=brand, language="zh-hans", only=["notice"])] == [
        "notice"
    ]
    assert len(find("提现", brand=brand, language="zh-hans")) == 2


@pytest.mark.parametrize("things", [1, 20])
def test_finding_costs_the_same_queries_for_one_thing_and_for_twenty(
    things: int, brand: Brand, shelf: Shelf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for thing in range(things):
        shelf.put(thing, brand, f"提现说明 {thing}", "提现没到账怎么办")
    reindex(source=shelf.source)

    with django_assert_num_queries(3):
        assert len(find("提现没到账", brand=brand, language="zh-hans", limit=50)) == things


@pytest.mark.slow
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=1, max_size=12),
    query=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
)
def test_both_databases_give_the_order_that_is_worked_out_without_them(
    texts: list[list[str]], query: list[str], brand: Brand, shelf: Shelf
) -> None:
    shelf.things.clear()
    Thing.objects.all().delete()
    for thing, words in enumerate(texts, 1):
        shelf.put(
            thing, brand, words[0], "，".join(words[1:]), language="en" if thing % 3 == 0 else "zh-hans"
        )
    reindex(source=shelf.source)
    typed = " ".join(query)

    hits = find(typed, brand=brand, language="zh-hans", limit=50)

    assert [(hit.object_id, hit.score) for hit in hits] == _without_an_index(typed, shelf)


def _without_an_index(typed: str, shelf: Shelf) -> list[tuple[int, float]]:
    query = read_query(typed)
    things = [one for languages in shelf.things.values() for one in languages]
    ids = dict(Thing.objects.values_list("object_id", "pk"))
    made = [(str(ids[one.object_id]), made_of(one).terms) for one in things]
    parts = {
        term: [
            {number for number, terms in made if term.is_looked_for_in(place) and _has(terms, term, mark)}
            for place, mark in enumerate(MARKS)
        ]
        for term in query.terms
    }
    languages = {ids[one.object_id]: one.language for one in things}
    ordered = sorted(
        score(query, Standing(len(ids), parts)), key=lambda one: languages[one.thing] != "zh-hans"
    )
    objects = {pk: object_id for object_id, pk in ids.items()}
    return [(objects[one.thing], one.score) for one in ordered]


def _has(terms: list[str], term: Term, mark: str) -> bool:
    wanted = [mark + text for text in term.texts]
    return any(one.startswith(text) if term.is_prefix else one == text for one in terms for text in wanted)


@pytest.mark.slow
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.text(alphabet="提现充值到账 a1，。帳戶", max_size=12), min_size=1, max_size=8),
    word=st.text(alphabet="提现充值到账", min_size=2, max_size=2),
)
def test_a_word_of_two_letters_stands_in_the_index_just_where_it_stands_in_the_text(
    texts: list[str], word: str, brand: Brand, shelf: Shelf
) -> None:
    shelf.things.clear()
    for thing, text in enumerate(texts, 1):
        shelf.put(thing, brand, text)
    reindex(source=shelf.source)

    standing = word_index().standing([Term(word)], Scope(brand.pk, ("public",), ("thing",)))

    title, _, _, anywhere = (_objects(ids) for ids in standing.parts[Term(word)])
    assert title == anywhere == {thing for thing, text in enumerate(texts, 1) if word in fold(text)}


def _objects(ids: Iterable[str]) -> set[int]:
    return set(Thing.objects.filter(pk__in=ids).values_list("object_id", flat=True))


LONG = " ".join(f"{first}{second}zxs" for first in "qvjw" for second in "bcdfghkmn")[:197]


@pytest.mark.parametrize(
    "query", [LONG, "提现审核中没到账" * 25, "".join(f"{letter}w " for letter in "abcdefgh") * 25]
)
def test_the_longest_question_is_one_that_every_database_takes(
    query: str, brand: Brand, shelf: Shelf
) -> None:
    shelf.put(1, brand, "qbzxs and 提现")
    reindex(source=shelf.source)

    assert sum(term.looks for term in read_query(query).terms) <= MOST_LOOKS
    assert set(_found(query, brand)) <= {1}


def test_of_too_many_words_the_slips_go_before_the_words(brand: Brand) -> None:
    wanted = read_query(LONG).wanted

    assert len(wanted) == MOST_WANTED
    assert {one.terms[0] for one in wanted} == {(Term(word), EXACT) for word in LONG.split()[:MOST_WANTED]}
    assert not any(term.others for one in wanted for term, _ in one.terms)
