"""Each request belongs to the brand whose host it asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kefu.brands.models import Brand


def brand_of_host(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        host = (
            request.get_host().rsplit(":", 1)[0]
            if not request.get_host().endswith("]")
            else request.get_host()
        )
        request.brand = Brand.objects.of_host(host)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
