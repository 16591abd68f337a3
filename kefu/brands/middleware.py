"""Each request belongs to the brand whose host it asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from kefu.brands.models import Brand


def brand_of_host(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        # Browsers may write a host in capitals, with a dot at its end, and with a port; a brand's is none of these.
        host, _ = split_domain_port(request.get_host())
        request.brand = Brand.objects.of_host(host)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
