"""Whether a request was made by one of our own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest


def is_same_origin(request: HttpRequest) -> bool:
    """What the browser says of where the request comes from; one that says nothing is refused."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site == "same-origin"
    try:
        origin = urlsplit(request.headers.get("Origin", ""))
    except ValueError:
        return False
    # A plain page of the same host could have been put there by anybody on the way.
    is_safe_scheme = origin.scheme == "https" or (origin.scheme == "http" and not request.is_secure())
    return is_safe_scheme and origin.netloc == request.get_host()
