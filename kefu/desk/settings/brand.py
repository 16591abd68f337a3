"""A brand's settings: name, colour, languages, zone, and whose pages may show its chat."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.accounts.policy import May, Scope, require
from kefu.accounts.settings.doors import agent_of_page, proven_again, settings_page
from kefu.accounts.settings.history import Change, compared, last_change, seen_in, show_history
from kefu.brands.actions import BrandText, change_brand, put_back_brand
from kefu.brands.models import Brand, BrandRevision
from kefu.brands.origins import MOST, NotAnOrigin, read_origin
from kefu.desk.settings.brands import brands_to_change, chosen_brand
from kefu.journal.revisions import ChangedMeanwhile
from kefu.ui.languages import language_name
from kefu.ui.zones import NAMES, offset_name, zone_called, zone_name

LONGEST_NAME = 80
FULL_CIRCLE = 360
DEGREES = re.compile(r"[0-9]{1,3}")
LANGUAGES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class TypedBrand:
    """As typed; `origins` are lines of a text."""

    name: str = ""
    hue: str = ""
    first: str = ""
    languages: tuple[str, ...] = ()
    zone: str = ""
    origins: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict) -> TypedBrand:
        typed = cls(
            name=" ".join(data.get("name", "").split()),
            hue=data.get("hue", "").strip(),
            first=data.get("first", ""),
            languages=tuple(code for code in LANGUAGES if code in data.getlist("languages")),
            zone=data.get("zone", ""),
            origins=data.get("origins", "").strip(),
        )
        typed.problems.update(typed._problems())
        return typed

    @classmethod
    def of(cls, brand: Brand) -> TypedBrand:
        return cls(
            brand.name,
            str(brand.accent_hue),
            brand.first_language,
            tuple(brand.languages),
            brand.zone,
            "\n".join(brand.origins),
        )

    def _problems(self) -> dict[str, str]:
        found = {}
        if not self.name or len(self.name) > LONGEST_NAME:
            found["name"] = gettext("Write a name of at most %(longest)s characters.") % {
                "longest": LONGEST_NAME
            }
        if not (DEGREES.fullmatch(self.hue) and int(self.hue) <= FULL_CIRCLE):
            found["hue"] = gettext("Choose a number from 0 to 360.")
        if self.first not in self.languages:
            found["languages"] = gettext("The first language has to be one of the brand's languages.")
        if zone_called(self.zone) is None:
            found["zone"] = gettext("Choose a zone from the list.")
        try:
            too_many = len(self.read_origins()) > MOST
        except NotAnOrigin:
            found["origins"] = gettext(
                "Write one address in each line, such as https://www.example.com, without a path."
            )
        else:
            if too_many:
                found["origins"] = gettext("%(most)s addresses at most.") % {"most": MOST}
        return found

    def read_origins(self) -> list[str]:
        """Each once, as browsers compare them. Raises NotAnOrigin."""
        return list(dict.fromkeys(read_origin(line) for line in self.origins.split()))

    @property
    def text(self) -> BrandText:
        """What is stored of it; only of a sound one."""
        others = [code for code in self.languages if code != self.first]
        return BrandText(
            name=self.name,
            accent_hue=int(self.hue),
            languages=[self.first, *others],
            zone=self.zone,
            origins=self.read_origins(),
        )


@require_http_methods(["GET", "HEAD", "POST"])
@settings_page("brand")
@proven_again
def brand(request: HttpRequest) -> HttpResponse:
    agent = agent_of_page(request)
    one = chosen_brand(request, brands_to_change(agent))
    if request.method != "POST":
        return _form(request, one, TypedBrand.of(one))
    typed = TypedBrand.read(request.POST)
    if typed.problems:
        return _form(request, one, typed, status=422)
    require(agent, May.CHANGE_SETTINGS, Scope(one.pk))
    try:
        change_brand(brand=one, text=typed.text, actor=agent.actor, seen=seen_in(request))
    except ChangedMeanwhile as changed:
        return _form(request, one, typed, conflict=changed, status=409)
    messages.success(request, gettext("The brand is saved."), extra_tags="ok")
    return redirect(_page_of(one))


@require_safe
@settings_page("brand")
def history(request: HttpRequest) -> HttpResponse:
    return _history(request, chosen_brand(request, brands_to_change(agent_of_page(request))))


@require_POST
@settings_page("brand")
@proven_again
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of_page(request)
    revision = get_object_or_404(BrandRevision.objects.select_related("brand"), pk=pk)
    require(agent, May.CHANGE_SETTINGS, Scope(revision.brand_id))
    try:
        put_back_brand(revision=revision, actor=agent.actor, seen=seen_in(request))
    except ChangedMeanwhile as changed:
        return _history(request, revision.brand, conflict=changed)
    messages.success(request, gettext("What was before is back."), extra_tags="ok")
    return redirect(_page_of(revision.brand))


def change_of(revision: BrandRevision) -> Change:
    def parts(written: dict[str, object]) -> dict[str, str]:
        return {
            gettext("Name"): str(written["name"]),
            gettext("Colour"): str(written["accent_hue"]),
            gettext("Languages"): gettext(", ").join(map(language_name, _list(written["languages"]))),
            gettext("Time zone"): _zone_words(str(written["zone"])),
            gettext("Pages that may show the chat"): " ".join(_list(written["origins"])),
        }

    url = reverse("desk_settings:brand_put_back", args=[revision.pk])
    return Change(gettext("The brand"), compared(parts(revision.before), parts(revision.after)), url)


def _list(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _history(request: HttpRequest, one: Brand, conflict: ChangedMeanwhile | None = None) -> HttpResponse:
    return show_history(
        request,
        about=one.name,
        back=_page_of(one),
        revisions=BrandRevision.objects.filter(brand=one),
        describe=change_of,
        conflict=conflict,
        more=f"&brand={one.pk}",
    )


def _form(
    request: HttpRequest,
    one: Brand,
    typed: TypedBrand,
    *,
    conflict: ChangedMeanwhile | None = None,
    status: int = 200,
) -> HttpResponse:
    last = BrandRevision.objects.filter(brand=one).order_by("-pk").first()
    stale = request.method == "POST" and not conflict
    values = {
        "brand": one,
        "brands": brands_to_change(agent_of_page(request)),
        "typed": typed,
        "languages": LANGUAGES.items(),
        "zones": [(key, _zone_words(key)) for key in NAMES],
        "zone_is_listed": typed.zone in NAMES,
        "last": last_change(last),
        "seen": seen_in(request) if stale else (last.pk if last else 0),
        "conflict": last_change(conflict.revision) if conflict else None,
        "history_url": f"{reverse('desk_settings:brand_history')}?brand={one.pk}",
        "fresh_url": _page_of(one),
    }
    return render(request, "desk/settings/brand.html", values, status=status)


def _zone_words(key: str) -> str:
    zone = zone_called(key)
    return f"{zone_name(zone, now())} · {offset_name(zone, now())}" if zone else key


def _page_of(one: Brand) -> str:
    return f"{reverse('desk_settings:brand')}?brand={one.pk}"
