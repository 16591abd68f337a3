"""What is not found may stand elsewhere now: a path of an earlier help centre leads to its article."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import override

from kefu.brands.models import Brand
from kefu.helpcentre.models import OldAddress, Translation
from kefu.helpcentre.verbs.addresses import asked_path
from kefu.ui import views as ui
from kefu.ui.languages import wished_language


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page of the article that stood there once, in its language or the reader's own; else that nothing is here."""
    brand: Brand | None = getattr(request, "brand", None)
    found = _article_at(request.path_info, brand, request) if brand is not None else None
    return found or ui.not_found(request, exception)


def _article_at(path: str, brand: Brand, request: HttpRequest) -> HttpResponse | None:
    found = OldAddress.objects.filter(brand=brand, path=asked_path(path)) if "\0" not in path else None
    address = found.select_related("article").first() if found is not None else None
    if address is None:
        return None
    languages = set(
        Translation.objects.public().filter(article=address.article_id).values_list("language", flat=True)
    )
    wished = address.language or wished_language(request)
    order = (wished, *brand.languages)
    language = next((code for code in order if code in languages), None)
    if language is None:
        return None
    with override(language):
        response = HttpResponsePermanentRedirect(reverse("helpcentre:article", args=[address.article.slug]))
    if not address.language:
        patch_vary_headers(response, ["Accept-Language"])
    return response
