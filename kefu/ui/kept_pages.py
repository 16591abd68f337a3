"""Pages that are the same for everybody: anybody may keep them, and nobody shows one that is out of date.

The page cache of each web process (`kefu.config.kept`) leaves a `Keeping` with the request; the page says there what it knows
of its own keeping. Browsers and proxies keep it too, and ask each time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page

View = TypeVar("View", bound=Callable[..., HttpResponse])
KEEPING = "kefu.keeping"
# All that any page asks for in its query: what is kept is told apart by these and by nothing else.
asked_names: set[str] = set()


@dataclass
class Keeping:
    """What a page says of itself to who may keep it: for which brand it was drawn, and until when it holds at most."""

    is_for_everybody: bool = False
    brand_id: int | None = None
    until: datetime | None = None


def for_everybody(view: View) -> View:
    """Let the page cache keep this page, and give it an ETag of its bytes. It sees no query and no form."""
    return _kept(view, ())


def for_everybody_who_asks(*names: str) -> Callable[[View], View]:
    """The same for a page with a query: it sees these names of it, and no others."""
    asked_names.update(names)
    return lambda view: _kept(view, names)


def asked_each_time(view: View) -> View:
    """The same for everybody, but drawn anew for each: browsers are told when what they have still holds."""
    return conditional_page(cache_control(public=True, no_cache=True)(view))


def holds_until(request: HttpRequest, moment: datetime | None) -> None:
    """The page shows something that changes then, such as whether it is open now; None says nothing."""
    keeping = request.META.get(KEEPING)
    if moment is not None and isinstance(keeping, Keeping):
        keeping.until = min(moment, keeping.until or moment)


def _kept(view: View, names: Collection[str]) -> View:
    drawn = asked_each_time(view)

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _show_only(request, names)
        keeping = request.META.get(KEEPING)
        if isinstance(keeping, Keeping):
            brand = getattr(request, "brand", None)
            keeping.is_for_everybody, keeping.brand_id = True, brand.pk if brand else None
            # Who keeps the page needs it whole, and tells the client itself what still holds.
            request.META.pop("HTTP_IF_NONE_MATCH", None)
        return drawn(request, *args, **kwargs)

    page.is_for_everybody = True  # type: ignore[attr-defined]  # tests look for it
    return page  # type: ignore[return-value]  # the same shape as the view


def _show_only(request: HttpRequest, names: Collection[str]) -> None:
    """What a page does not see it cannot show: one address with any other query gives the same bytes."""
    shown = QueryDict(mutable=True)
    for name in request.GET:
        if name in names:
            shown.setlist(name, request.GET.getlist(name))
    request.META["QUERY_STRING"] = shown.urlencode()
    request.GET = QueryDict(request.META["QUERY_STRING"])
