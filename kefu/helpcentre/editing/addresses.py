"""Old addresses: which path of an earlier help centre leads to which article."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from kefu.brands.models import Brand
from kefu.helpcentre.actions import BadPath, PathTaken, add_old_address, remove_old_address
from kefu.helpcentre.editing.doors import brands_to_edit, chosen_brand, editor_of, editors_page, may_publish
from kefu.helpcentre.models import Article, FormerSlug, OldAddress
from kefu.ui.languages import language_name

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@editors_page
def addresses(request: HttpRequest) -> HttpResponse:
    """The list, and a form for one more."""
    brand = chosen_brand(request)
    if request.method != "POST":
        return _page(request, brand, {}, {})
    typed = {name: request.POST.get(name, "").strip()[:500] for name in ("path", "slug", "language")}
    problems: dict[str, str] = {}
    article = Article.objects.of_brand(brand).filter(slug=typed["slug"]).first()
    if article is None:
        problems["slug"] = gettext("There is no article with this address.")
    if typed["language"] not in {"", *brand.languages}:
        problems["language"] = gettext("Choose a language, or the reader's own.")
    if article is not None and not problems:
        try:
            add_old_address(
                article=article, path=typed["path"], language=typed["language"], by=editor_of(request)
            )
        except BadPath:
            problems["path"] = gettext("A path begins with a slash and has no spaces: /hc/articles/360001.")
        except PathTaken:
            problems["path"] = gettext("This path leads to an article already.")
    if problems:
        return _page(request, brand, typed, problems, status=422)
    messages.success(request, gettext("Whoever comes by this path finds the article now."), extra_tags="ok")
    return redirect(f"{reverse('articles:addresses')}?brand={brand.pk}")


@require_POST
@editors_page
def removed(request: HttpRequest, pk: int) -> HttpResponse:
    brands = brands_to_edit(editor_of(request))
    address = get_object_or_404(OldAddress, brand__in=brands, pk=pk)
    remove_old_address(address=address, by=editor_of(request))
    messages.success(request, gettext("Taken away. Nothing is found by this path any more."), extra_tags="ok")
    return redirect(f"{reverse('articles:addresses')}?brand={address.brand_id}")


def _page(
    request: HttpRequest, brand: Brand, typed: dict[str, str], problems: dict[str, str], status: int = 200
) -> HttpResponse:
    after = request.GET.get("after", "")[:300]
    found = OldAddress.objects.filter(brand=brand, path__gt=after).select_related("article")
    rows = list(found[: SHOWN + 1])
    values = {
        "brand": brand,
        "brands": brands_to_edit(editor_of(request)),
        "typed": typed,
        "problems": problems,
        "rows": rows[:SHOWN],
        "after": rows[SHOWN - 1].path if len(rows) > SHOWN else "",
        "former": FormerSlug.objects.filter(brand=brand).select_related("article").order_by("-pk")[:SHOWN],
        "languages": [(code, language_name(code)) for code in brand.languages],
        "slugs": Article.objects.of_brand(brand).values_list("slug", flat=True),
        "may_publish": may_publish(editor_of(request), brand),
    }
    return render(request, "helpcentre/editing/addresses.html", values, status=status)
