"""Who may do what. Pages, API and sockets all ask here, once for each verb."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Protocol

from django.core.exceptions import PermissionDenied

from kefu.accounts.people.agent_tokens import TokenHolder, TokenScope
from kefu.accounts.people.agents import Agent, Knowledge, Role
from kefu.accounts.people.standing import Place
from kefu.accounts.viewers import CustomerViewer

Who = Agent | TokenHolder | CustomerViewer | None


class May(StrEnum):
    READ_CONVERSATION = "read_conversation"
    START_CONVERSATION = "start_conversation"
    PROVE_ADDRESS = "prove_address"
    CHOOSE_PHRASE = "choose_phrase"
    BE_VOUCHED_FOR = "be_vouched_for"
    READ_DEPOSIT = "read_deposit"
    SAY = "say"
    REPLY = "reply"
    NOTE = "note"
    ASSIGN = "assign"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    RATE = "rate"
    USE_DESK = "use_desk"
    CHOOSE_AVAILABILITY = "choose_availability"
    CHANGE_SETTINGS = "change_settings"
    READ_JOURNAL = "read_journal"
    MANAGE_AGENTS = "manage_agents"
    EXPORT_CUSTOMER = "export_customer"
    ERASE_CUSTOMER = "erase_customer"
    READ_STAFF_ARTICLES = "read_staff_articles"
    READ_DRAFTS = "read_drafts"
    EDIT_ARTICLES = "edit_articles"
    PUBLISH_ARTICLES = "publish_articles"


class Reach(Enum):
    """How far a permission goes. Without a thing to look at, only EVERYWHERE says yes."""

    NOWHERE = auto()
    OWN = auto()
    """The customer's own conversation; behind a private link only that one."""
    BRAND = auto()
    """Anything of the customer's brand, but not behind a private link."""
    TEAMS = auto()
    """What belongs to one of the agent's own teams."""
    HOUSES = auto()
    """Anything of a brand in which the agent has a team."""
    EVERYWHERE = auto()


class Refused(PermissionDenied):
    """This person may not do this to this thing."""

    def __init__(self, verb: May) -> None:
        super().__init__(f"refused: {verb}")
        self.verb = verb


class Thing(Protocol):
    """What is looked at. It may have a `team_id`, a `customer_id` and an `erased_at` beside; what it lacks gives no right."""

    @property
    def pk(self) -> int | None: ...
    @property
    def brand_id(self) -> int: ...


@dataclass(frozen=True)
class Scope:
    """A thing for verbs that aren't about one row: a brand's settings, a team's journal."""

    brand_id: int
    team_id: int | None = None

    @property
    def pk(self) -> int | None:
        return None


@dataclass(frozen=True)
class Row:
    customer: Reach
    agent: Reach
    lead: Reach
    supervisor: Reach
    admin: Reach
    auditor: Reach
    # What somebody may do who was granted to write, or to publish, beside their role.
    writer: Reach = Reach.NOWHERE
    publisher: Reach = Reach.NOWHERE

    def of_role(self, role: str) -> Reach:
        reach: Reach = getattr(self, role)
        return reach

    def of_grant(self, knowledge: str) -> Reach:
        granted: dict[str, Reach] = {Knowledge.WRITES: self.writer, Knowledge.PUBLISHES: self.publisher}
        return granted.get(knowledge, Reach.NOWHERE)


NO, OWN, BRAND, TEAMS, ALL = Reach.NOWHERE, Reach.OWN, Reach.BRAND, Reach.TEAMS, Reach.EVERYWHERE
HOUSES = Reach.HOUSES

# fmt: off
RULES: dict[May, Row] = {
    #                            customer  agent  lead   supervisor  admin  auditor  writer  publisher
    May.READ_CONVERSATION:   Row(OWN,      TEAMS, TEAMS, TEAMS,      ALL,   ALL),
    May.START_CONVERSATION:  Row(BRAND,    NO,    NO,    NO,         NO,    NO),
    May.PROVE_ADDRESS:       Row(BRAND,    NO,    NO,    NO,         NO,    NO),
    May.CHOOSE_PHRASE:       Row(BRAND,    NO,    NO,    NO,         NO,    NO),
    May.BE_VOUCHED_FOR:      Row(BRAND,    NO,    NO,    NO,         NO,    NO),
    May.READ_DEPOSIT:        Row(OWN,      NO,    NO,    NO,         NO,    NO),
    May.SAY:                 Row(OWN,      NO,    NO,    NO,         NO,    NO),
    May.REPLY:               Row(NO,       TEAMS, TEAMS, TEAMS,      ALL,   NO),
    May.NOTE:                Row(NO,       TEAMS, TEAMS, TEAMS,      ALL,   NO),
    May.ASSIGN:              Row(NO,       TEAMS, TEAMS, TEAMS,      ALL,   NO),
    May.RESOLVE:             Row(NO,       TEAMS, TEAMS, TEAMS,      ALL,   NO),
    May.REOPEN:              Row(OWN,      TEAMS, TEAMS, TEAMS,      ALL,   NO),
    May.RATE:                Row(OWN,      NO,    NO,    NO,         NO,    NO),
    May.USE_DESK:            Row(NO,       ALL,   ALL,   ALL,        ALL,   ALL),
    May.CHOOSE_AVAILABILITY: Row(NO,       ALL,   ALL,   ALL,        ALL,   NO),
    May.CHANGE_SETTINGS:     Row(NO,       NO,    TEAMS, TEAMS,      ALL,   NO),
    May.READ_JOURNAL:        Row(NO,       NO,    NO,    TEAMS,      ALL,   ALL),
    May.MANAGE_AGENTS:       Row(NO,       NO,    NO,    NO,         ALL,   NO),
    May.EXPORT_CUSTOMER:     Row(NO,       NO,    NO,    NO,         ALL,   NO),
    May.ERASE_CUSTOMER:      Row(NO,       NO,    NO,    NO,         ALL,   NO),
    May.READ_STAFF_ARTICLES: Row(NO,       HOUSES, HOUSES, HOUSES,   ALL, ALL),
    May.READ_DRAFTS:         Row(NO,       NO,    NO,    NO,         ALL,   NO,      HOUSES, HOUSES),
    May.EDIT_ARTICLES:       Row(NO,       NO,    NO,    NO,         ALL,   NO,      HOUSES, HOUSES),
    May.PUBLISH_ARTICLES:    Row(NO,       NO,    NO,    NO,         ALL,   NO,      NO,     HOUSES),
}
# fmt: on


# A token is good for these and for nothing else, whatever its agent may.
VERB_OF_SCOPE: dict[TokenScope, May] = {
    TokenScope.READ_ARTICLES: May.READ_DRAFTS,
    TokenScope.WRITE_ARTICLES: May.EDIT_ARTICLES,
    TokenScope.PUBLISH_ARTICLES: May.PUBLISH_ARTICLES,
}

# What would put words where somebody wished to have none left.
OF_WORDS = {May.SAY, May.REPLY, May.NOTE, May.RATE}


def allows(who: Who, verb: May, thing: Thing | None = None) -> bool:
    """May this person do this? Without a thing the question is about the whole installation."""
    if verb in OF_WORDS and getattr(thing, "erased_at", None) is not None:
        return False
    if isinstance(who, CustomerViewer):
        return _customer_reaches(who, RULES[verb].customer, thing)
    if isinstance(who, Agent):
        return _agent_reaches(who, verb, thing)
    if isinstance(who, TokenHolder):
        return has_scope_for(who, verb) and _agent_reaches(who.agent, verb, thing)
    return False


def has_scope_for(holder: TokenHolder, verb: May) -> bool:
    return any(VERB_OF_SCOPE[scope] is verb for scope in holder.scopes)


def allows_somewhere(agent: Agent, verb: May) -> bool:
    """May this agent do this to anything at all? For what is offered; the thing itself is asked about when it is done."""
    return allows(agent, verb) or any(
        allows(agent, verb, Scope(place.brand_id, place.team_id)) for place in agent.standing.places
    )


def require(who: Who, verb: May, thing: Thing | None = None) -> None:
    """Raises Refused unless the policy allows it."""
    if not allows(who, verb, thing):
        raise Refused(verb)


def _customer_reaches(viewer: CustomerViewer, reach: Reach, thing: Thing | None) -> bool:
    if thing is None or thing.brand_id != viewer.brand_id:
        return False
    if reach is Reach.BRAND:
        return viewer.only_conversation_id is None
    if reach is Reach.OWN:
        is_own = getattr(thing, "customer_id", None) == viewer.customer_id
        only = viewer.only_conversation_id
        return is_own and (only is None or only == thing.pk)
    return False


def _agent_reaches(agent: Agent, verb: May, thing: Thing | None) -> bool:
    standing = agent.standing
    if not standing.is_active or standing.role not in Role.values:
        return False
    reaches = {RULES[verb].of_role(standing.role)}
    # An auditor looks on, whatever else they were granted.
    if standing.role != Role.AUDITOR:
        reaches.add(RULES[verb].of_grant(standing.knowledge))
    if Reach.EVERYWHERE in reaches:
        return True
    if thing is None:
        return False
    if Reach.HOUSES in reaches and any(place.brand_id == thing.brand_id for place in standing.places):
        return True
    team_id: int | None = getattr(thing, "team_id", None)
    return (
        Reach.TEAMS in reaches and team_id is not None and Place(thing.brand_id, team_id) in standing.places
    )
