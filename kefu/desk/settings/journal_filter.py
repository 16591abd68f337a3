"""What a reader of the journal asks for, and which entries are theirs to read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from kefu.accounts.models import Agent, Role
from kefu.accounts.policy import May, Scope, allows
from kefu.accounts.settings.history import page_number
from kefu.brands.models import Brand
from kefu.brands.refs import read_ref
from kefu.conversations.models import Conversation
from kefu.desk.settings.journal_words import LEFT_OUT, kinds_called
from kefu.journal.actor import ActorKind
from kefu.journal.models import Entry
from kefu.journal.times import first_id_since, last_id_before
from kefu.waiting.models import HoursRevision

TEAM_KINDS = ("waiting.week_set", "waiting.override_added", "waiting.override_removed")

FIRST_YEAR, LAST_YEAR = 2000, 2200


@dataclass(frozen=True)
class Wanted:
    """As typed; `problems` by the name of the field. Days are those of the reader's zone."""

    since: str = ""
    until: str = ""
    kind: str = ""
    who: str = ""
    ref: str = ""
    brand: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict) -> Wanted:
        names = ("since", "until", "kind", "who", "ref", "brand")
        since, until, kind, who, ref, brand = (data.get(name, "").strip()[:60] for name in names)
        wanted = cls(since, until, kind, who, ref, brand)
        for name in ("since", "until"):
            if getattr(wanted, name) and _day(getattr(wanted, name)) is None:
                wanted.problems[name] = gettext(
                    "Write the date as year, month and day, for instance 2027-01-01."
                )
        if wanted.ref and read_ref(wanted.ref) is None:
            wanted.problems["ref"] = gettext(
                "This is no number of a conversation. Check it letter by letter."
            )
        return wanted

    @property
    def is_empty(self) -> bool:
        return not any((self.since, self.until, self.kind, self.who, self.ref, self.brand))

    def entries(self, agent: Agent) -> QuerySet[Entry]:
        """Newest first, only those that the agent may read. Days cost some look-ups of their own."""
        found = readable_by(agent)
        kinds = kinds_called(self.kind)
        found = found.filter(kind__in=kinds) if kinds else found.exclude(kind__in=LEFT_OUT)
        found = self._of_days(found)
        if self.who in {ActorKind.SYSTEM, ActorKind.CUSTOMER}:
            found = found.filter(actor_kind=self.who)
        elif page_number(self.who):
            found = found.filter(actor_kind=ActorKind.AGENT, actor_id=page_number(self.who))
        if self.ref:
            ref = read_ref(self.ref)
            ids = Conversation.objects.visible_to(agent).filter(ref=ref).values("pk")
            found = found.filter(conversation_id__in=list(ids.values_list("pk", flat=True)))
        if page_number(self.brand):
            found = found.filter(brand_id=page_number(self.brand))
        return found.order_by("-id")

    def _of_days(self, found: QuerySet[Entry]) -> QuerySet[Entry]:
        since, until = _day(self.since), _day(self.until)
        if since:
            begins = _midnight(since)
            found = found.filter(id__gte=first_id_since(begins), recorded_at__gte=begins)
        if until:
            ends = _midnight(until + timedelta(days=1))
            found = found.filter(id__lte=last_id_before(ends), recorded_at__lt=ends)
        return found


def readable_by(agent: Agent) -> QuerySet[Entry]:
    """Everything for who reads the whole house's journal; what happened in their own teams for who reads those."""
    if allows(agent, May.READ_JOURNAL):
        return Entry.objects.all()
    places = [
        place.team_id
        for place in agent.standing.places
        if allows(agent, May.READ_JOURNAL, Scope(place.brand_id, place.team_id))
    ]
    conversations = Conversation.objects.filter(team__in=places).values("pk")
    revisions = HoursRevision.objects.filter(team__in=places).values("pk")
    return Entry.objects.filter(
        Q(conversation_id__in=conversations) | Q(kind__in=TEAM_KINDS, subject_id__in=revisions)
    )


def actors_for(agent: Agent) -> list[Agent]:
    """Whom the filter offers: everybody, or the members of the reader's own teams."""
    agents = Agent.objects.order_by("name", "pk")
    if allows(agent, May.READ_JOURNAL):
        return list(agents)
    return list(agents.filter(teams__in=agent.visible_teams()).exclude(role=Role.AUDITOR).distinct())


def brands_for(agent: Agent) -> list[Brand]:
    """Which the filter offers: all, or those of the reader's own teams."""
    brands = Brand.objects.order_by("pk")
    if allows(agent, May.READ_JOURNAL):
        return list(brands)
    return list(brands.filter(pk__in={place.brand_id for place in agent.standing.places}))


def _day(typed: str) -> date | None:
    """None for what is no date, and for years in which nothing of ours can have happened."""
    try:
        day = datetime.strptime(typed, "%Y-%m-%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), timezone.get_current_timezone())
