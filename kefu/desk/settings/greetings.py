"""What the chat and the contact page say while the chat is open, closed, or open with nobody free."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.accounts.policy import May, Scope, require
from kefu.accounts.settings.doors import agent_of_page, proven_again, settings_page
from kefu.accounts.settings.history import Change, compared, last_change, seen_in, show_history
from kefu.brands.models import Brand
from kefu.desk.settings.brands import brands_to_change, chosen_brand
from kefu.desk.settings.typed_greetings import TypedGreetings, field_name
from kefu.journal.revisions import ChangedMeanwhile
from kefu.ui.languages import html_lang, language_name
from kefu.waiting.greeting_actions import put_back_greetings, set_greetings
from kefu.waiting.greetings import LONGEST_SENTENCE, GreetingText
from kefu.waiting.models import Greeting, GreetingRevision
from kefu.waiting.state import ChatState, Openness, states_to_come

STATES: dict[str, Openness] = {
    "open_text": "open",
    "closed_text": "closed",
    "unstaffed_text": "unstaffed",
}


@dataclass(frozen=True)
class Sentence:
    """One field of the form, and the chat's hello as it looks with it."""

    part: str
    name: str
    label: str
    typed: str
    problem: str
    state: ChatState


@dataclass(frozen=True)
class InLanguage:
    code: str
    lang: str
    name: str
    sentences: list[Sentence]
    greeting: GreetingText


@require_http_methods(["GET", "HEAD", "POST"])
@settings_page("greetings")
@proven_again
def greetings(request: HttpRequest) -> HttpResponse:
    """The form; asking for the preview changes nothing."""
    agent = agent_of_page(request)
    one = chosen_brand(request, brands_to_change(agent))
    if request.method != "POST":
        return _form(request, one, TypedGreetings.of(one, Greeting.objects.texts(one)))
    typed = TypedGreetings.read(request.POST, one)
    if typed.problems:
        return _form(request, one, typed, status=422)
    if request.POST.get("do") == "preview":
        return _form(request, one, typed, is_draft=True)
    try:
        set_greetings(brand=one, texts=typed.texts, by=agent, seen=seen_in(request))
    except ChangedMeanwhile as changed:
        return _form(request, one, typed, conflict=changed, status=409)
    messages.success(request, gettext("The greetings are saved."), extra_tags="ok")
    return redirect(_page_of(one))


@require_safe
@settings_page("greetings")
def history(request: HttpRequest) -> HttpResponse:
    return _history(request, chosen_brand(request, brands_to_change(agent_of_page(request))))


@require_POST
@settings_page("greetings")
@proven_again
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of_page(request)
    revision = get_object_or_404(GreetingRevision.objects.select_related("brand"), pk=pk)
    require(agent, May.CHANGE_SETTINGS, Scope(revision.brand_id))
    try:
        put_back_greetings(revision=revision, by=agent, seen=seen_in(request))
    except ChangedMeanwhile as changed:
        return _history(request, revision.brand, conflict=changed)
    messages.success(request, gettext("What was before is back."), extra_tags="ok")
    return redirect(_page_of(revision.brand))


def change_of(revision: GreetingRevision) -> Change:
    def parts(written: dict[str, dict[str, str]]) -> dict[str, str]:
        labels = _labels()
        return {
            gettext("%(state)s, %(language)s")
            % {"state": labels[part], "language": language_name(code)}: said
            for code, text in written.items()
            for part, said in text.items()
        }

    url = reverse("desk_settings:greetings_put_back", args=[revision.pk])
    return Change(gettext("Greetings"), compared(parts(revision.before), parts(revision.after)), url)


def _labels() -> dict[str, str]:
    return {
        "open_text": gettext("While the chat is open"),
        "closed_text": gettext("While it is closed"),
        "unstaffed_text": gettext("When it is open and nobody is free"),
    }


def _history(request: HttpRequest, one: Brand, conflict: ChangedMeanwhile | None = None) -> HttpResponse:
    return show_history(
        request,
        about=one.name,
        back=_page_of(one),
        revisions=GreetingRevision.objects.of_brand(one),
        describe=change_of,
        conflict=conflict,
        more=f"&brand={one.pk}",
    )


def _form(
    request: HttpRequest,
    one: Brand,
    typed: TypedGreetings,
    *,
    conflict: ChangedMeanwhile | None = None,
    is_draft: bool = False,
    status: int = 200,
) -> HttpResponse:
    last = GreetingRevision.objects.of_brand(one).order_by("-pk").first()
    stale = request.method == "POST" and not conflict
    values = {
        "brand": one,
        "brands": brands_to_change(agent_of_page(request)),
        "languages": _by_language(one, typed),
        "longest": LONGEST_SENTENCE,
        "is_draft": is_draft,
        "last": last_change(last),
        "seen": seen_in(request) if stale else (last.pk if last else 0),
        "conflict": last_change(conflict.revision) if conflict else None,
        "history_url": f"{reverse('desk_settings:greetings_history')}?brand={one.pk}",
        "fresh_url": _page_of(one),
    }
    return render(request, "desk/settings/greetings.html", values, status=status)


def _by_language(one: Brand, typed: TypedGreetings) -> list[InLanguage]:
    labels, states = _labels(), states_to_come(one, now())
    return [
        InLanguage(
            code,
            html_lang(code),
            language_name(code),
            [
                Sentence(
                    part,
                    field_name(part, code),
                    labels[part],
                    said,
                    typed.problems.get(field_name(part, code), ""),
                    states[STATES[part]],
                )
                for part, said in text.written().items()
            ],
            typed.sound_text(code),
        )
        for code, text in typed.texts.items()
    ]


def _page_of(one: Brand) -> str:
    return f"{reverse('desk_settings:greetings')}?brand={one.pk}"
