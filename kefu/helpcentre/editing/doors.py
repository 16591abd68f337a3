"""Who comes in to write, and to which brand's articles."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from kefu.accounts.models import Agent
from kefu.accounts.policy import May, Refused, Scope, allows, allows_somewhere
from kefu.accounts.staff import staff_only
from kefu.brands.models import Brand
from kefu.helpcentre.models import Article, Revision, Translation
from kefu.helpcentre.permission import may_write

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def editors_page(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """For agents who write for some brand; what they may do there, each action asks for itself."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not allows_somewhere(editor_of(request), May.EDIT_ARTICLES):
            raise Refused(May.EDIT_ARTICLES)
        return view(request, *args, **kwargs)

    return staff_only(guarded)


def editor_of(request: HttpRequest) -> Agent:
    agent: Agent = request.agent  # type: ignore[attr-defined]
    return agent


def brands_to_edit(agent: Agent) -> list[Brand]:
    """Of admins, all; of others, those in which they have a team."""
    return [brand for brand in Brand.objects.order_by("pk") if may_write(agent, brand)]


def may_publish(agent: Agent, brand: Brand) -> bool:
    return allows(agent, May.PUBLISH_ARTICLES, Scope(brand.pk))


def chosen_brand(request: HttpRequest) -> Brand:
    """The one that the address names, else that of the host, else the first. Raises Http404 for any other."""
    brands = brands_to_edit(editor_of(request))
    named = request.POST.get("brand") or request.GET.get("brand")
    here = getattr(request, "brand", None)
    wanted = named or (str(here.pk) if here in brands else "")
    found = next((brand for brand in brands if wanted in {"", str(brand.pk)}), None)
    if found is None:
        raise Http404
    return found


def article_to_edit(request: HttpRequest, pk: int) -> Article:
    """Raises Http404 for an article of a brand that this agent doesn't write for."""
    brands = brands_to_edit(editor_of(request))
    found = Article.objects.filter(brand__in=brands).select_related("brand", "category", "owner")
    article: Article = get_object_or_404(found, pk=pk)
    return article


def translation_to_edit(request: HttpRequest, pk: int, language: str) -> Translation:
    """Made when the brand has learnt the language since the article was added. Raises Http404."""
    article = article_to_edit(request, pk)
    found = article.translations.select_related("newest").filter(language=language).first()
    if found is None and language not in article.brand.languages:
        raise Http404
    translation = found or Translation(article=article, language=language)
    translation.article = article
    return translation


def revision_to_edit(request: HttpRequest, pk: int, language: str, number: int) -> Revision:
    """Raises Http404."""
    translation = translation_to_edit(request, pk, language)
    revision: Revision = get_object_or_404(Revision, translation=translation.pk or 0, number=number)
    revision.translation = translation
    return revision
