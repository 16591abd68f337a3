"""Reading and searching as staff do: everything that customers read, and what is for staff alone."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kefu.accounts.models import Agent
from kefu.accounts.policy import May, Scope, allows, allows_somewhere, require
from kefu.accounts.staff import staff_only
from kefu.brands.models import Brand
from kefu.helpcentre.at_the_desk import address_here
from kefu.helpcentre.models import Translation
from kefu.helpcentre.results import MOST
from kefu.helpcentre.searchable import NAME
from kefu.search.find import find
from kefu.search.registry import STAFF

LONGEST_QUERY = 200


@require_safe
@staff_only
def search(request: HttpRequest) -> HttpResponse:
    """Without a query, everything that is for staff alone."""
    agent, brand = _agent(request), chosen(request)
    require(agent, May.READ_STAFF_ARTICLES, Scope(brand.pk))
    query = " ".join(request.GET.get("q", "")[:LONGEST_QUERY].split())
    hits = find(query, brand=brand, language=agent.language, audience=STAFF, limit=MOST, only=[NAME])
    values = {
        "brand": brand,
        "may_edit_articles": allows_somewhere(agent, May.EDIT_ARTICLES),
        "brands": brands_to_read(agent),
        "query": query,
        "hits": [(hit, address_here(hit.path, brand=brand, here=_brand_here(request))) for hit in hits],
        "own": _for_staff_alone(brand, agent.language) if not query else (),
    }
    return render(request, "helpcentre/staff/search.html", values)


@require_safe
@staff_only
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Of the brand that the address names, else of the host's if it has one.

    In the agent's own language, else in the first that there is.
    """
    agent, here, named = _agent(request), _brand_here(request), request.GET.get("brand")
    brands = brands_to_read(agent)
    asked = [brand for brand in brands if named in {None, "", str(brand.pk)}]
    rows = (
        Translation.objects.shown()
        .filter(article__slug=slug, article__brand__in=asked)
        .select_related("article__category", "article__brand")
    )
    found = sorted(
        rows,
        key=lambda one: (
            one.article.brand != here,
            one.article.brand_id,
            one.language != agent.language,
            one.pk,
        ),
    )
    translation = get_object_or_404(rows, pk=found[0].pk if found else 0)
    require(agent, May.READ_STAFF_ARTICLES, Scope(translation.article.brand_id))
    values = {
        "translation": translation,
        "article": translation.article,
        "brands": brands,
        "here": here,
        "may_edit_articles": allows_somewhere(agent, May.EDIT_ARTICLES),
        "may_edit": allows(agent, May.EDIT_ARTICLES, Scope(translation.article.brand_id)),
    }
    return render(request, "helpcentre/staff/article.html", values)


def _for_staff_alone(brand: Brand, language: str) -> list[Translation]:
    """Each article once, in this language where it has it."""
    rows = Translation.objects.shown().filter(article__brand=brand, article__audience=STAFF)
    found: dict[int, Translation] = {}
    for one in rows.listed().select_related("article").order_by("article__number", "pk"):
        if one.article_id not in found or one.language == language:
            found[one.article_id] = one
    return list(found.values())[:MOST]


def brands_to_read(agent: Agent) -> list[Brand]:
    return [
        brand
        for brand in Brand.objects.order_by("pk")
        if allows(agent, May.READ_STAFF_ARTICLES, Scope(brand.pk))
    ]


def chosen(request: HttpRequest) -> Brand:
    """The brand that the address names, else that of the host, else the first. Raises Http404 for any other."""
    brands = brands_to_read(_agent(request))
    here = _brand_here(request)
    wanted = request.GET.get("brand") or (str(here.pk) if here and here in brands else "")
    found = next((one for one in brands if wanted in {"", str(one.pk)}), None)
    if found is None:
        raise Http404
    return found


def _brand_here(request: HttpRequest) -> Brand | None:
    """On whose host the page stands."""
    return getattr(request, "brand", None)


def _agent(request: HttpRequest) -> Agent:
    agent: Agent = request.agent  # type: ignore[attr-defined]
    return agent
