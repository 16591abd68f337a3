"""Found from outside: site maps, feeds, and what robots may look at. All of it is the same for everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import uuid5

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_safe

from kefu.brands.models import Brand
from kefu.helpcentre.models import Translation
from kefu.helpcentre.shelves import fill_shelves
from kefu.helpcentre.structured import address_of
from kefu.ui.kept_pages import asked_each_time, for_everybody
from kefu.ui.languages import HTML_LANG, html_lang, language_name

XML, TEXT = "application/xml; charset=utf-8", "text/plain; charset=utf-8"
# A site map may hold 50,000 addresses (sitemaps.org); a help centre has some hundreds of articles.
MOST_IN_FEED = 30
# Doors that show nobody anything, and addresses that are somebody's own.
NOT_FOR_ROBOTS = ("/desk/", "/staff/", "/files/", "/demo/", "/*/cases/", "/*/chat/", "/*/search/", "/ui/")

WHAT_IT_IS = (
    "The official help centre: answers, official addresses and live support. Nobody of ours ever asks for a password,"
    " a one-time code, a recovery phrase or a private key."
)


@require_safe
@asked_each_time
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines += ["", f"Sitemap: {_brand(request).origin}{reverse('sitemaps')}", ""]
    return HttpResponse("\n".join(lines), content_type=TEXT)


@require_safe
@asked_each_time
def sitemaps(request: HttpRequest) -> HttpResponse:
    """The list of site maps, one a language."""
    brand = _brand(request)
    maps = []
    for language in _languages(brand):
        with override(language):
            newest = Translation.objects.readable_in(brand, language).aggregate(at=Max("updated_at"))["at"]
            maps.append({"address": brand.origin + reverse("helpcentre:sitemap"), "changed": newest})
    return render(request, "helpcentre/sitemaps.xml", {"maps": maps}, content_type=XML)


@require_safe
@for_everybody
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page of one language, with the same page in the others beside it."""
    brand, language = _brand(request), get_language() or ""
    rows = Translation.objects.public().filter(article__brand=brand).values_list("article_id", "language")
    spoken: defaultdict[int, set[str]] = defaultdict(set)
    for article_id, code in rows:
        spoken[article_id].add(code)
    readable = list(Translation.objects.readable_in(brand, language).listed())
    shelves = fill_shelves(readable)
    pages = [
        _entry(brand, "helpcentre:home", [], _languages(brand), _newest(readable)),
        _entry(brand, "contact:ways", [], _languages(brand), None),
        _entry(brand, "helpcentre:pack", [], _languages(brand), _newest(readable)),
        *(
            _entry(
                brand,
                "helpcentre:category",
                [shelf.category.key],
                _languages(brand),
                _newest(shelf.translations),
            )
            for shelf in shelves
        ),
        *(
            _entry(
                brand,
                "helpcentre:article",
                [one.article.slug],
                [code for code in _languages(brand) if code in spoken[one.article_id]],
                one.updated_at,
            )
            for one in readable
        ),
    ]
    return render(request, "helpcentre/sitemap.xml", {"pages": pages}, content_type=XML)


@require_safe
@for_everybody
def feed(request: HttpRequest) -> HttpResponse:
    """What was written or changed lately, in one language (RFC 4287). Its ids outlive addresses and hosts (4.2.6)."""
    brand, language = _brand(request), get_language() or ""
    readable = Translation.objects.readable_in(brand, language).listed()
    found = Atom1Feed(
        title=gettext("Help centre of %(brand)s") % {"brand": brand.name},
        link=brand.origin + reverse("helpcentre:home"),
        description=None,
        language=html_lang(language),
        feed_url=brand.origin + reverse("helpcentre:feed"),
        feed_guid=_id_of(brand, f"feed {language}"),
        author_name=brand.name,
    )
    latest = sorted(readable, key=lambda one: (one.updated_at, one.pk), reverse=True)
    for one in latest[:MOST_IN_FEED]:
        address = address_of(one, brand)
        found.add_item(
            title=one.title,
            link=address,
            description=one.summary,
            unique_id=_id_of(brand, f"article {one.article_id} {language}"),
            updateddate=one.updated_at,
            categories=[one.article.category.name_in(language)],
        )
    text = found.writeString("utf-8")
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


@require_safe
@asked_each_time
def for_language_models(request: HttpRequest) -> HttpResponse:
    """`/llms.txt` (llmstxt.org): what this place is, and where each article stands, in every language."""
    brand = _brand(request)
    lines = [f"# {brand.name}", "", f"> {WHAT_IT_IS}", ""]
    for language in _languages(brand):
        with override(language):
            lines += [f"## {language_name(language)}", ""]
            lines += [
                f"- [{_bare(one.title)}]({address_of(one, brand)}): {_bare(one.summary)}"
                for one in Translation.objects.readable_in(brand, language).listed()
            ]
            lines.append("")
    return HttpResponse("\n".join(lines), content_type="text/markdown; charset=utf-8")


def _brand(request: HttpRequest) -> Brand:
    brand: Brand | None = getattr(request, "brand", None)
    if brand is None:
        raise Http404("There is no brand yet.")
    return brand


def _id_of(brand: Brand, what: str) -> str:
    return uuid5(brand.uid, what).urn


def _languages(brand: Brand) -> list[str]:
    return [code for code in HTML_LANG if code in (brand.languages or HTML_LANG)]


def _newest(translations: Iterable[Translation]) -> datetime | None:
    return max((one.updated_at for one in translations), default=None)


def _entry(
    brand: Brand, view: str, args: list[str], languages: list[str], changed: datetime | None
) -> dict[str, object]:
    others = []
    for language in languages:
        with override(language):
            others.append({"lang": html_lang(language), "address": brand.origin + reverse(view, args=args)})
    address = brand.origin + reverse(view, args=args)
    return {"address": address, "changed": changed, "others": others if len(others) > 1 else []}


def _bare(text: str) -> str:
    """One line, without what would end a link."""
    return " ".join(text.split()).replace("[", "(").replace("]", ")")
