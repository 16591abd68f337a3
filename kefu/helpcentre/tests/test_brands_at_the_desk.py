"""Two brands have an article of the same name: each link of the desk leads to the one that it speaks of."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kefu.accounts.models import Agent
from kefu.accounts.tests.factories import make_agent, make_team
from kefu.accounts.tests.settings_pages import browser_of
from kefu.brands.models import Brand
from kefu.helpcentre.models import Article, Audience, Category
from kefu.helpcentre.searchable import ARTICLES
from kefu.helpcentre.tests.factories import make_admin, make_published, make_text
from kefu.search.actions import reindex

READING = "/desk/reading/"


@pytest.fixture
def other(category: Category) -> Brand:
    return Brand.objects.create(
        key="north", name="North Bank", prefix="NB", hosts=["help.north.example"], languages=["en"]
    )


@pytest.fixture
def admin(brand: Brand) -> Agent:
    return make_admin(brand)


@pytest.fixture
def client(admin: Agent) -> Client:
    return browser_of(admin)


def written(brand: Brand, by: Agent) -> Article:
    links = "[ours](article:manual) [open](article:open)"
    make_published(brand, "open", by=by, text=make_text(f"Open at {brand.key}"))
    make_published(brand, "manual", by=by, audience=Audience.STAFF)
    return make_published(
        brand, "inside", by=by, audience=Audience.STAFF, text=make_text(f"Of {brand.key}", links)
    )


@pytest.fixture
def theirs(brand: Brand, other: Brand, admin: Agent) -> Article:
    written(brand, admin)
    theirs = written(other, admin)
    reindex(source=ARTICLES)
    return theirs


def page(client: Client, address: str, host: str = "testserver") -> str:
    answer = client.get(address, headers={"host": host})
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_article_of_the_same_name_is_read_of_the_brand_that_the_address_names(
    brand: Brand, other: Brand, theirs: Article, client: Client
) -> None:
    of_theirs = page(client, f"{READING}inside/?brand={other.pk}")

    assert "Of north" in of_theirs
    assert "North Bank ·" in of_theirs
    assert f'href="{READING}?brand={other.pk}"' in of_theirs
    assert "Of xinghai" in page(client, f"{READING}inside/?brand={brand.pk}")


def test_without_a_brand_in_the_address_that_of_the_host_goes_first(theirs: Article, client: Client) -> None:
    assert "Of xinghai" in page(client, f"{READING}inside/")
    theirs.brand.hosts = ["testserver"]
    theirs.brand.save(update_fields=["hosts"])
    Brand.objects.exclude(pk=theirs.brand_id).update(hosts=["help.xinghai.example"])

    assert "Of north" in page(client, f"{READING}inside/")


def test_a_brand_that_is_not_the_agents_is_not_found(brand: Brand, other: Brand, theirs: Article) -> None:
    colleague = browser_of(make_agent("陈柏宇 Brian", teams=[make_team(brand)]))

    assert colleague.get(f"{READING}inside/?brand={other.pk}").status_code == 404
    assert colleague.get(f"{READING}inside/?brand=x").status_code == 404
    assert "星海 Exchange ·" not in page(colleague, f"{READING}inside/?brand={brand.pk}")


def test_what_is_listed_and_found_leads_to_the_brand_that_was_chosen(
    brand: Brand, other: Brand, theirs: Article, client: Client
) -> None:
    assert f'href="{READING}inside/?brand={other.pk}"' in page(client, f"{READING}?brand={other.pk}")
    found = page(client, f"{READING}?brand={other.pk}&q=north")
    assert f'href="{READING}inside/?brand={other.pk}"' in found
    assert 'href="https://help.north.example/en/articles/open/"' in found
    assert 'href="/en/articles/open/"' in page(client, f"{READING}?brand={brand.pk}&q=xinghai")


def test_links_in_a_text_lead_to_its_own_brand(
    brand: Brand, other: Brand, theirs: Article, client: Client
) -> None:
    of_theirs = page(client, f"{READING}inside/?brand={other.pk}")
    of_ours = page(client, f"{READING}inside/?brand={brand.pk}")

    assert f'href="{READING}manual/?brand={other.pk}"' in of_theirs
    assert 'href="https://help.north.example/en/articles/open/"' in of_theirs
    assert f'href="{READING}manual/?brand={brand.pk}"' in of_ours
    assert 'href="/en/articles/open/"' in of_ours


def test_an_editor_goes_to_the_page_as_readers_of_that_brand_see_it(
    other: Brand, theirs: Article, client: Client
) -> None:
    public = Article.objects.get(brand=other, slug="open")

    assert f'href="{READING}inside/?brand={other.pk}"' in page(client, f"/desk/articles/{theirs.pk}/en/")
    address = "https://help.north.example/en/articles/open/"
    assert f'href="{address}"' in page(client, f"/desk/articles/{public.pk}/en/")


def test_links_in_a_preview_lead_to_the_articles_own_brand(
    brand: Brand, theirs: Article, client: Client
) -> None:
    ours = Article.objects.get(brand=brand, slug="inside")

    def previewed(article: Article) -> list[str]:
        address = f"/desk/articles/{article.pk}/en/"
        text = {"title": "T", "source": "[open](article:open) [chat](chat:)"}
        answer = client.post(f"{address}preview/", text).content.decode()
        assert 'class="article"' in answer
        # For who has no script it stands on the page itself, with the text that is kept.
        whole = page(client, address).partition("<div data-preview ")[2].partition("</section>")[0]
        return re.findall(r'<a href="([^"]+)"', answer + whole)

    of_theirs = [f"{READING}manual/?brand={theirs.brand_id}", "https://help.north.example/en/articles/open/"]
    assert previewed(theirs) == [of_theirs[1], "https://help.north.example/en/chat/", *of_theirs]
    of_ours = [f"{READING}manual/?brand={brand.pk}", "/en/articles/open/"]
    assert previewed(ours) == [of_ours[1], "/en/chat/", *of_ours]


def test_a_brand_without_a_host_is_where_the_installation_is(
    other: Brand, theirs: Article, client: Client
) -> None:
    other.hosts = []
    other.save(update_fields=["hosts"])

    assert f'href="{other.origin}/en/articles/open/"' in page(client, f"{READING}inside/?brand={other.pk}")
