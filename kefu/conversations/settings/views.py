"""Topics: the list of those that an agent may change, each in a form, retired and used again, and what was changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.accounts.models import Agent, Team
from kefu.accounts.policy import May, allows
from kefu.accounts.settings.doors import agent_of_page, settings_page, teams_to_change
from kefu.accounts.settings.history import last_change, page_number, seen_in, show_history
from kefu.brands.models import Brand
from kefu.conversations.models import Topic
from kefu.conversations.nouns.topic_revision import TopicRevision
from kefu.conversations.settings.topic_changes import change_of
from kefu.conversations.settings.typed_topic import ICONS, TypedTopic
from kefu.conversations.verbs.topics import (
    KeyTaken,
    LastTopic,
    TeamOfOtherBrand,
    add_topic,
    change_topic,
    order_topics,
    put_back_topic,
    retire_topic,
    use_topic_again,
)
from kefu.journal.revisions import ChangedMeanwhile
from kefu.ui.languages import language_name


@require_safe
@settings_page("topics")
def topics(request: HttpRequest) -> HttpResponse:
    agent = agent_of_page(request)
    found = _topics(agent).select_related("team", "brand").order_by("brand", "place", "pk")
    language = agent.language
    may_order = allows(agent, May.CHANGE_SETTINGS)
    rows = [
        {"topic": topic, "name": topic.name_in(language), "note": topic.note_in(language)} for topic in found
    ]
    values = {
        "rows": rows,
        "may_order": may_order,
        "many_brands": len({row["topic"].brand_id for row in rows}) > 1,  # type: ignore[attr-defined]
        "last": last_change(_revisions(agent).order_by("-pk").first()),
        "history_url": reverse("topics:history"),
    }
    return render(request, "conversations/settings/topics.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@settings_page("topics")
def new(request: HttpRequest) -> HttpResponse:
    teams = teams_to_change(agent_of_page(request))
    brand = _brand(request, teams)
    if request.method != "POST":
        return _form(request, brand, None, TypedTopic())
    typed = TypedTopic.read(request.POST, brand, teams, None)
    if not typed.problems:
        try:
            add_topic(brand=brand, key=typed.key, text=typed.text, by=agent_of_page(request))
        except KeyTaken:
            typed.problems["key"] = gettext("Another topic has this name in its address.")
    if typed.problems:
        return _form(request, brand, None, typed, status=422)
    return _saved(request)


@require_http_methods(["GET", "HEAD", "POST"])
@settings_page("topics")
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    one = _topic(request, pk)
    if request.method != "POST":
        return _form(request, one.brand, one, TypedTopic.of(one))
    typed = TypedTopic.read(request.POST, one.brand, teams_to_change(agent_of_page(request)), one)
    if typed.problems:
        return _form(request, one.brand, one, typed, status=422)
    try:
        change_topic(topic=one, text=typed.text, by=agent_of_page(request), seen=seen_in(request))
    except ChangedMeanwhile as changed:
        return _form(request, one.brand, one, typed, conflict=changed, status=409)
    return _saved(request)


@require_POST
@settings_page("topics")
def choosable(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire it, or let customers choose it again."""
    one, by = _topic(request, pk), agent_of_page(request)
    try:
        if request.POST.get("choosable") == "yes":
            use_topic_again(topic=one, by=by)
        else:
            retire_topic(topic=one, by=by)
    except LastTopic:
        messages.error(
            request,
            gettext("This is the last topic that customers can choose. Add another one first."),
            extra_tags="bad",
        )
        return redirect("topics:topics")
    return _saved(request)


@require_POST
@settings_page("topics")
def moved(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down among the brand's."""
    one = _topic(request, pk)
    found = list(Topic.objects.filter(brand=one.brand))
    place = found.index(one)
    other = place - 1 if request.POST.get("to") == "up" else place + 1
    if 0 <= other < len(found):
        found[place], found[other] = found[other], found[place]
        order_topics(topics=found, by=agent_of_page(request))
    return redirect("topics:topics")


@require_safe
@settings_page("topics")
def history(request: HttpRequest) -> HttpResponse:
    return _history(request)


@require_POST
@settings_page("topics")
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of_page(request)
    revision = get_object_or_404(_revisions(agent).select_related("topic"), pk=pk)
    try:
        put_back_topic(revision=revision, by=agent, seen=seen_in(request))
    except ChangedMeanwhile as changed:
        return _history(request, conflict=changed)
    except (LastTopic, TeamOfOtherBrand):
        messages.error(
            request,
            gettext("This can't be put back: its team is gone, or it is the last topic."),
            extra_tags="bad",
        )
        return redirect("topics:history")
    return _saved(request)


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, gettext("Saved. Customers choose from this list now."), extra_tags="ok")
    return redirect("topics:topics")


def _topics(agent: Agent) -> QuerySet[Topic]:
    return Topic.objects.filter(team__in=[team.pk for team in teams_to_change(agent)])


def _revisions(agent: Agent) -> QuerySet[TopicRevision]:
    return TopicRevision.objects.filter(topic__in=_topics(agent).values("pk"))


def _topic(request: HttpRequest, pk: int) -> Topic:
    return get_object_or_404(_topics(agent_of_page(request)).select_related("brand", "team"), pk=pk)


def _brand(request: HttpRequest, teams: list[Team]) -> Brand:
    """The brand of the new topic: the one that is named, else that of the first team."""
    named = page_number(request.POST.get("brand") or request.GET.get("brand"))
    brand = next((team.brand for team in teams if named in {None, team.brand_id}), None)
    if brand is None:
        raise Http404
    return brand


def _history(request: HttpRequest, conflict: ChangedMeanwhile | None = None) -> HttpResponse:
    teams = dict(Team.objects.values_list("pk", "name"))
    return show_history(
        request,
        about=gettext("Topics"),
        back=reverse("topics:topics"),
        revisions=_revisions(agent_of_page(request)),
        describe=lambda revision: change_of(revision, teams),
        conflict=conflict,
    )


def _form(
    request: HttpRequest,
    brand: Brand,
    one: Topic | None,
    typed: TypedTopic,
    *,
    conflict: ChangedMeanwhile | None = None,
    status: int = 200,
) -> HttpResponse:
    revisions = TopicRevision.objects.filter(topic=one) if one else TopicRevision.objects.none()
    last = revisions.order_by("-pk").first()
    teams = teams_to_change(agent_of_page(request))
    brands = {team.brand_id: team.brand for team in teams}
    stale = request.method == "POST" and not conflict
    values: dict[str, Any] = {
        "brand": brand,
        "brands": list(brands.values()),
        "topic": one,
        "heading": one.name_in(agent_of_page(request).language) if one else "",
        "typed": typed,
        "teams": [team for team in teams if team.brand_id == brand.pk],
        "icons": ICONS,
        "words": [
            (code, language_name(code), typed.names.get(code, ""), typed.notes.get(code, ""))
            for code in brand.languages
        ],
        "last": last_change(last),
        "history_url": reverse("topics:history"),
        "seen": seen_in(request) if stale else (last.pk if last else 0),
        "conflict": last_change(conflict.revision) if conflict else None,
        "action": reverse("topics:topic", args=[one.pk]) if one else reverse("topics:new"),
    }
    return render(request, "conversations/settings/topic.html", values, status=status)
