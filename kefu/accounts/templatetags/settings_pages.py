"""The list of settings beside each of them."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from kefu.accounts.settings.registry import pages_for

register = template.Library()


@register.inclusion_tag("accounts/settings/nav.html", takes_context=True)
def settings_nav(context: Context) -> dict[str, Any]:
    request = context["request"]
    return {"pages": pages_for(request.agent), "here": getattr(request, "settings_page", None)}
