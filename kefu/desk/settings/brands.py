"""Which brand a settings page is about."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest

from kefu.accounts.models import Agent
from kefu.accounts.policy import May, Scope, allows
from kefu.brands.models import Brand


def brands_to_change(agent: Agent) -> list[Brand]:
    """Brands whose settings, for the whole brand, this agent may change."""
    return [
        brand for brand in Brand.objects.order_by("pk") if allows(agent, May.CHANGE_SETTINGS, Scope(brand.pk))
    ]


def chosen_brand(request: HttpRequest, brands: Sequence[Brand]) -> Brand:
    """The one that the address names, else that of the host, else the first. Raises Http404 for any other."""
    named = request.POST.get("brand") or request.GET.get("brand")
    here = getattr(request, "brand", None)
    if named:
        found = next((brand for brand in brands if str(brand.pk) == named), None)
    else:
        found = next(
            (brand for brand in brands if here and brand.pk == here.pk), brands[0] if brands else None
        )
    if found is None:
        raise Http404
    return found
