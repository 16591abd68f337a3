"""The page of results, what is counted of searches, and that nobody's secret or name is among it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from kefu.brands.models import Brand
from kefu.helpcentre import search_views
from kefu.helpcentre.actions import count_opening, count_search, forget_searches
from kefu.helpcentre.models import Article, OpenedFromSearch, SearchDay, Translation
from kefu.helpcentre.searchable import ARTICLES
from kefu.helpcentre.tests.conftest import Shelf, shelf_filled_by
from kefu.helpcentre.verbs.searching import ENOUGH_OPENINGS
from kefu.safety.limits import Limit
from kefu.safety.retention import DataKind, registered
from kefu.search.actions import reindex, renew
from kefu.search.registry import Searchable

pytestmark = pytest.mark.django_db

SEED = "abandon ability able about above absent absorb abstract absurd abuse access accident"


def _fill(shelf: Shelf) -> None:
    for number in range(1, 13):
        shelf.put(f"words-{number}", number=number, title=f"提现说明 withdrawal {number}")
    shelf.put("secret", number=13, audience="staff", title="提现内部说明")
    shelf.bring_in()


folder, brand, filled = shelf_filled_by(_fill)


def _tell(client: Client, address: str = "127.0.0.1", **values: str) -> HttpResponse:
    return client.post(  # type: ignore[return-value]
        "/zh-hans/search/told/",
        json.dumps(values),
        content_type="application/json",
        headers={"sec-fetch-site": "same-origin", "origin": "http://testserver"},
        REMOTE_ADDR=address,
    )


def test_results_come_in_pages(filled: Shelf, client: Client) -> None:
    first = client.get("/zh-hans/search/?q=提现").content.decode()
    second = client.get("/zh-hans/search/?q=提现&page=2").content.decode()

    assert "第 1–10 条，共 12 条" in first
    assert first.count('<p class="kind">') == 10
    assert "第 11–12 条，共 12 条" in second
    assert second.count('<p class="kind">') == 2


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "²", ""])
def test_a_page_number_that_is_none_is_no_error(page: str, filled: Shelf, client: Client) -> None:
    assert client.get("/zh-hans/search/", {"q": "提现", "page": page}).status_code == 200


def test_a_page_behind_the_last_says_how_many_there_are(filled: Shelf, client: Client) -> None:
    page = client.get("/zh-hans/search/?q=提现&page=9").content.decode()

    assert "12 篇文章" in page
    assert "看全部结果" in page


def test_results_are_narrowed_to_a_shelf(filled: Shelf, client: Client) -> None:
    on_it = client.get("/zh-hans/search/?q=提现&shelf=deposits").content.decode()
    beside = client.get("/zh-hans/search/?q=提现&shelf=empty").content.decode()

    assert "充值与提现 12" in on_it
    assert '<p class="kind">' not in beside
    assert "看全部结果" in beside


def hide(slug: str) -> None:
    Article.objects.filter(slug=slug).update(audience="staff")


def put_away(slug: str) -> None:
    Translation.objects.filter(article__slug=slug).update(archived_at=now())


@pytest.mark.parametrize("gone", [hide, put_away])
def test_what_readers_may_not_see_any_more_is_nowhere_though_the_index_still_has_it(
    gone: Callable[[str], None], filled: Shelf, client: Client
) -> None:
    assert "/words-7/" in client.get("/zh-hans/search/instant/?q=withdrawal 7").content.decode()
    gone("words-7")

    told = client.get("/zh-hans/search/instant/?q=withdrawal 7").content.decode()
    page = client.get("/zh-hans/search/?q=提现").content.decode()

    assert "words-7/" not in told
    assert "第 1–10 条，共 11 条" in page
    assert "words-7/" not in page
    answer = client.get("/api/v1/search?q=withdrawal&lang=en&limit=30").json()
    assert len(answer["results"]) == 11
    _tell(client, query="提现")
    assert SearchDay.objects.get().found == 11


def test_who_finds_only_what_is_hidden_is_helped_as_who_finds_nothing(filled: Shelf, client: Client) -> None:
    for number in range(1, 13):
        hide(f"words-{number}")

    page = client.get("/zh-hans/search/?q=提现").content.decode()

    assert "没有找到" in page
    assert "12 篇文章" not in page
    assert client.get("/zh-hans/search/instant/?q=提现").json() == {"hits": []}


def test_the_list_under_the_box_costs_the_same_for_one_and_for_twelve(
    filled: Shelf, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/zh-hans/search/instant/?q=提现")
    with django_assert_num_queries(6) as many:
        assert len(client.get("/zh-hans/search/instant/?q=提现").json()["hits"]) == 6
    Article.objects.filter(number__gt=1).delete()
    reindex(source=ARTICLES)
    with django_assert_num_queries(len(many)):
        assert len(client.get("/zh-hans/search/instant/?q=提现").json()["hits"]) == 1


def test_a_list_of_results_costs_the_same_for_two_and_for_twelve(
    filled: Shelf, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/zh-hans/search/?q=提现")
    # One of them counts for the limit.
    with django_assert_num_queries(8) as many:
        client.get("/zh-hans/search/?q=提现")
    Article.objects.filter(number__gt=2).delete()
    reindex(source=ARTICLES)
    with django_assert_num_queries(len(many)):
        page = client.get("/zh-hans/search/?q=提现").content.decode()
    assert page.count('<p class="kind">') == 2


def test_other_words_that_were_searched_too_are_named(filled: Shelf, client: Client) -> None:
    assert "也搜索了：" in client.get("/zh-hans/search/?q=提现").content.decode()
    assert "提幣" in client.get("/zh-hant/search/?q=提現").content.decode()


def test_who_finds_nothing_is_asked_whether_they_meant_what_is_close(filled: Shelf, client: Client) -> None:
    page = client.get("/en/search/?q=wizdrawll").content.decode()

    assert "Did you mean:" in page
    assert "/en/search/?q=withdrawal" in page
    assert "Did you mean:" not in client.get("/en/search/?q=zzzzzz").content.decode()


def test_a_search_is_counted_by_its_words_and_day(filled: Shelf, client: Client) -> None:
    for query in ("提现", "提現", " 提现 "):
        assert _tell(client, query=query).status_code == 204
    _tell(client, query="没有这样的词语火锅")

    rows = {day.words: (day.times, day.found) for day in SearchDay.objects.all()}
    assert rows == {"提现": (3, 12), "没有这样的词语火锅": (1, 0)}


@pytest.mark.parametrize("query", [SEED, "我的密码是 Qwerty!2026xy"])
def test_words_with_a_secret_are_not_kept_at_all(query: str, filled: Shelf, client: Client) -> None:
    assert _tell(client, query=query).status_code == 204

    assert not SearchDay.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "mei.lin@example.com",
        "提现 ｍｅｉ＠example.com 没到",
        "13800138000",
        "充值 138 0013 8000 没到",
        "+886 912-345-678",
        "A123456789",
        "１３８００１３８０００",
        "uid 88213377",
        "٠١٢٣٤٥٦٧",
    ],
)
def test_words_that_may_say_who_somebody_is_are_not_kept_at_all(
    query: str, filled: Shelf, client: Client
) -> None:
    assert _tell(client, query=query).status_code == 204

    assert not SearchDay.objects.exists()


@pytest.mark.parametrize(
    "query", ["R05", "error 429", "ERR_1021", "trc20 usdt 24 小时", "10000 usdt", "@support"]
)
def test_codes_and_amounts_are_kept(query: str, filled: Shelf, client: Client) -> None:
    _tell(client, query=query)

    assert [day.words for day in SearchDay.objects.all()] == [query]


def test_what_other_sites_tell_is_not_counted(filled: Shelf, client: Client) -> None:
    client.post(
        "/zh-hans/search/told/",
        json.dumps({"query": "提现"}),
        content_type="application/json",
        headers={"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"},
    )
    _tell(client, query="提现", who="me")

    assert not SearchDay.objects.exists()


def test_what_is_for_staff_is_not_counted_as_opened(filled: Shelf, client: Client) -> None:
    _tell(client, query="提现", opened="secret")
    _tell(client, query="提现", opened="words-1")

    assert [one.article.slug for one in OpenedFromSearch.objects.all()] == ["words-1"]


def test_one_person_counts_an_opening_once_a_day(filled: Shelf, client: Client) -> None:
    for _ in range(ENOUGH_OPENINGS):
        _tell(client, query="提现", opened="words-1")
        _tell(client, query="提現", opened="words-1")
    _tell(client, query="提现", opened="words-2")
    _tell(client, query="withdrawal", opened="words-1")

    assert {(one.article.slug, one.times) for one in OpenedFromSearch.objects.all()} == {
        ("words-1", 1),
        ("words-2", 1),
    }
    assert OpenedFromSearch.objects.count() == 3
    page = client.get("/zh-hans/search/?q=提现").content.decode()
    assert "搜过这个的人打开了" not in page

    for host in range(ENOUGH_OPENINGS - 1):
        _tell(client, f"192.0.2.{host}", query="提现", opened="words-1")

    page = client.get("/zh-hans/search/?q=提现").content.decode()
    assert "搜过这个的人打开了" in page


@pytest.mark.slow
def test_what_the_words_do_not_find_is_neither_counted_nor_shown_as_opened(
    filled: Shelf, brand: Brand, client: Client
) -> None:
    filled.put("elsewhere", number=20, title="完全无关 unrelated", text="别的事情。")
    filled.bring_in()
    for host in range(ENOUGH_OPENINGS):
        _tell(client, f"192.0.2.{host}", query="提现", opened="elsewhere")
        _tell(client, f"192.0.2.{host}", query="提现", opened="words-12")
    assert {one.article.slug for one in OpenedFromSearch.objects.all()} == {"words-12"}
    for _ in range(ENOUGH_OPENINGS):
        count_opening(brand=brand, query="提现", article=Article.objects.get(slug="elsewhere"))

    page = client.get("/zh-hans/search/?q=提现").content.decode()

    assert "搜过这个的人打开了" in page
    assert "/articles/words-12/" in page
    assert "/articles/elsewhere/" not in page


def test_what_many_opened_is_shown_to_who_searches_the_same(
    filled: Shelf, brand: Brand, client: Client
) -> None:
    article = Article.objects.get(slug="words-7")
    for _ in range(ENOUGH_OPENINGS - 1):
        count_opening(brand=brand, query="提現", article=article)
    assert "搜过这个的人打开了" not in client.get("/zh-hans/search/?q=提现").content.decode()

    count_opening(brand=brand, query="提现", article=article)

    page = client.get("/zh-hans/search/?q=提现").content.decode()
    assert "搜过这个的人打开了" in page
    assert "搜过这个的人打开了" not in client.get("/zh-hans/search/?q=withdrawal").content.decode()


def test_searches_go_when_their_time_is_over(filled: Shelf, brand: Brand) -> None:
    count_search(brand=brand, language="en", query="withdrawal", found=3)
    count_opening(brand=brand, query="withdrawal", article=Article.objects.get(slug="words-1"))

    assert DataKind.SEARCH in registered()
    assert forget_searches(now()) == 0
    assert forget_searches(now() + timedelta(days=1)) == 2
    assert not SearchDay.objects.exists()


def test_no_row_of_a_search_could_hold_a_person() -> None:
    for model in (SearchDay, OpenedFromSearch):
        assert {field.name for field in model._meta.fields} <= {
            "id", "brand", "language", "on", "key", "words", "times", "found", "article",
        }  # fmt: skip


def test_who_searches_too_often_is_told_when_it_works_again_and_keeps_the_words(
    filled: Shelf, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SEARCHED", "TYPED"):
        monkeypatch.setattr(search_views, name, Limit(f"test.{name}", 2, timedelta(minutes=10)))
    for _ in range(2):
        assert client.get("/zh-hans/search/?q=提现").status_code == 200
        assert client.get("/zh-hans/search/instant/?q=提现").status_code == 200

    page = client.get("/zh-hans/search/?q=提现&shelf=deposits&in=en")
    listed = client.get("/zh-hans/search/instant/?q=提现")

    assert (page.status_code, listed.status_code) == (429, 429)
    assert 0 < int(page.headers["Retry-After"]) <= 600
    assert 0 < int(listed.headers["Retry-After"]) <= 600
    words = page.content.decode()
    assert "太频繁了" in words
    assert 'value="提现"' in words
    assert 'data-searched=""' in words
    assert "太频繁了" in listed.json()["message"]
    assert client.get("/zh-hans/search/").status_code == 200
    assert client.get("/zh-hans/search/?q=提现", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_what_nobody_may_read_is_not_looked_at_each_minute(filled: Shelf, brand: Brand) -> None:
    Translation.objects.filter(article__slug="words-3").update(archived_at=now())
    Translation.objects.filter(article__slug="words-4").update(published=None)
    reindex(source=ARTICLES)
    looked_at: list[int] = []

    def load(ids: Iterable[int]) -> Iterable[Searchable]:
        looked_at.extend(ids)
        return ARTICLES.load(ids)

    assert renew(source=replace(ARTICLES, load=load)) == 0
    assert looked_at == []


TXID = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
OFFERS = {
    "zh-hans": "这看起来像 TxID 或地址。",
    "zh-hant": "這看起來像 TxID 或地址。",
    "en": "This looks like a TxID or an address.",
}


@pytest.mark.parametrize("language", OFFERS)
@pytest.mark.parametrize("query", [TXID, f"提现 {TXID}", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"])
def test_a_txid_or_an_address_gets_the_tracer_offered_first(
    language: str, query: str, filled: Shelf, client: Client
) -> None:
    page = client.get(f"/{language}/search/", {"q": query}).content.decode()
    hits = client.get(f"/{language}/search/instant/", {"q": query}).json()["hits"]

    offer = page[
        page.index('class="card direct"') : page.index("</section>", page.index('class="card direct"'))
    ]
    assert OFFERS[language] in offer
    assert f'href="/{language}/tools/deposit/"' in offer
    assert page.index('class="card direct"') < page.index(
        "<h1 id=" if "<h1 id=" in page else 'class="results"'
    )
    assert (hits[0]["path"], hits[0]["label"]) == (f"/{language}/tools/deposit/", OFFERS[language])


@pytest.mark.parametrize("query", ["提现", "my private key is " + TXID, SEED, "R05", ""])
def test_other_words_and_secrets_get_no_tool_offered(query: str, filled: Shelf, client: Client) -> None:
    assert 'class="card direct"' not in client.get("/zh-hans/search/", {"q": query}).content.decode()
    hits = client.get("/zh-hans/search/instant/", {"q": query}).json()["hits"]
    assert not [hit for hit in hits if "/tools/" in hit["path"]]


@pytest.mark.parametrize("query", [TXID, f"提现 {TXID}", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"])
def test_a_txid_or_an_address_is_not_kept_among_what_was_searched(
    query: str, filled: Shelf, client: Client
) -> None:
    assert _tell(client, query=query).status_code == 204
    assert _tell(client, query=query, opened="words-1").status_code == 204

    assert not SearchDay.objects.exists()
    assert not OpenedFromSearch.objects.exists()
