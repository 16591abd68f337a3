"""A house with one row of everything that a door is about, and everybody who might try one."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils.timezone import now

from kefu.accounts.actions import ask_for_code, claim_email, invite, mint_code, open_session
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE, LINK_COOKIE
from kefu.accounts.models import (
    Agent,
    AgentToken,
    Customer,
    Identity,
    Knowledge,
    Level,
    Role,
    Team,
    TokenScope,
)
from kefu.accounts.people.agent_revisions import AgentRevision
from kefu.accounts.people.team_revisions import TeamRevision
from kefu.accounts.tests.factories import cookies_of, enrol, half_sign_in, sign_in
from kefu.accounts.verbs.members import change_agent
from kefu.accounts.verbs.teams import change_team
from kefu.brands.actions import BrandText, change_brand
from kefu.brands.models import BrandRevision
from kefu.config.tests.mallory.shelf import Shelf
from kefu.conversations.actions import resolve
from kefu.conversations.models import Conversation
from kefu.conversations.nouns.topic_revision import TopicRevision
from kefu.conversations.tests.factories import make_agent, make_conversation, make_house, viewer_of
from kefu.conversations.tests.file_clients import said
from kefu.conversations.tests.uploads import announce
from kefu.conversations.verbs.topics import TopicText, add_topic, change_topic
from kefu.exchange.tests.platforms import signed, with_secret
from kefu.safety.actions import WayText, add_way, change_way
from kefu.safety.guard import guard
from kefu.safety.models import OfficialWayRevision, WayKind
from kefu.safety.tests.files import picture
from kefu.safety.tokens import new_token, token_hash
from kefu.waiting.actions import add_override, set_week
from kefu.waiting.greeting_actions import set_greetings
from kefu.waiting.greetings import GreetingText
from kefu.waiting.hours import Interval, Kind
from kefu.waiting.models import GreetingRevision, HoursRevision

# Stands in whatever is somebody's own: whoever is refused never reads it.
MARK = "暗号一三五"
ADDRESS, UNPROVEN = "an.hao@mail.example", "an.hao.er@mail.example"
WORDS = f"充的币没到账，{MARK}"
ADDED_WAY = {"kind": "mail", "value": "third@xinghai.example"}
SOON = (now() + timedelta(days=30)).date()


def mail(value: str) -> WayText:
    return WayText(kind=WayKind.MAIL, value=value)


class World:
    """Names of its attributes stand in the addresses of doors."""

    view, danger = "unassigned", "close"
    letters_leave = True

    def __init__(self) -> None:
        self.house = make_house()
        self.elsewhere = make_house("other", "QT")
        self.elsewhere.brand.hosts = ["other.example"]
        self.elsewhere.brand.save(update_fields=["hosts"])
        self.admin = make_agent(self.house.team, "苏予安", Role.ADMIN)
        self._ask()
        self._set()
        self.shelf = Shelf(self.house.brand, self.admin, MARK)
        self.browsers = Browsers(self)

    def _ask(self) -> None:
        """A customer who has proven an address, with an open question, another and one that is done."""
        self.case = make_conversation(self.house, text=WORDS)
        self.customer = self.case.customer
        viewer = viewer_of(self.case)
        self.other = make_conversation(self.house, viewer, text=f"另一件事，{MARK}")
        self.done = resolve(conversation=make_conversation(self.house, viewer, text=WORDS), by=self.admin)
        claim_email(customer=self.customer, email=ADDRESS)
        Identity.objects.update(level=Level.PROVEN)
        self.customer.name = guard("陈晓")
        Customer.objects.filter(pk=self.customer.pk).update(level=Level.PROVEN, name=self.customer.name)
        unproven = claim_email(customer=self.customer, email=UNPROVEN)
        code = ask_for_code(viewer=viewer, identity=unproven)
        self.digits = mint_code(code_id=code.pk)
        self.file = said(self.case, picture(), name="a.png")
        self.note_file = said(self.case, picture(), name="b.png", by=self.house.mei, note=True)
        self.upload = announce(self.case, viewer, 5, name="c.txt")
        self.note_upload = announce(self.case, self.house.mei, 5, name="d.txt")
        self.case.refresh_from_db()

    def _set(self) -> None:
        """Each setting was changed once, so that there is something to put back."""
        admin, house = self.admin, self.house
        team = house.team
        set_week(team=team, week={0: [Interval(540, 1080)]}, by=admin)
        self.override = add_override(team=team, on=SOON, kind=Kind.CLOSED, notes={"en": MARK}, by=admin)
        self.hours_revision = HoursRevision.objects.earliest("pk")
        change_team(team=team, name=f"充值 {MARK}", zone="Asia/Shanghai", by=admin)
        self.team_revision = TeamRevision.objects.get()
        self.second_topic = add_topic(
            brand=house.brand,
            key="second",
            text=TopicText(team_id=team.pk, names={"zh-hans": "第二"}),
            by=admin,
        )
        change_topic(topic=house.topic, text=TopicText(team_id=team.pk, names={"zh-hans": "账户"}), by=admin)
        self.topic_revision = TopicRevision.objects.filter(topic=house.topic).latest("pk")
        self.colleague = make_agent(team, f"同事 {MARK}")
        change_agent(agent=self.colleague, role=Role.LEAD, teams=[team], by=admin)
        self.agent_revision = AgentRevision.objects.get()
        self.invitation = invite(
            by=admin,
            email="new@staff.example",
            name="新人",
            role=Role.AGENT,
            teams=[team],
            brands=[house.brand],
            language="en",
        )
        with_secret(house.brand)
        self._set_brand()

    def _set_brand(self) -> None:
        brand, by = self.house.brand, self.admin.actor
        text = BrandText(
            name="星海",
            accent_hue=200,
            languages=["zh-hans", "en"],
            zone="Asia/Shanghai",
            origins=["https://www.xinghai.example"],
        )
        change_brand(brand=brand, text=text, actor=by)
        self.brand_revision = BrandRevision.objects.get()
        brand.refresh_from_db()
        set_greetings(brand=brand, texts={"en": GreetingText(open_text="Hello there.")}, by=self.admin)
        self.greeting_revision = GreetingRevision.objects.get()
        self.second_way = add_way(brand=brand, text=mail("second@xinghai.example"), by=by)
        self.way = add_way(brand=brand, text=mail("support@xinghai.example"), by=by)
        change_way(way=self.way, text=mail("help@xinghai.example"), by=by)
        self.way_revision = OfficialWayRevision.objects.latest("pk")

    def browser(self, who: str, about: str = "case") -> Client:
        return self.browsers.of(who, about)

    def token(self) -> str:
        """What the platform signs for a user of its own."""
        return signed()


class Browsers:
    """By who it is: the cookies that they have."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.staff = {
            "agent": world.house.mei,
            **{role.value: make_agent(world.house.team, role=role) for role in (Role.LEAD, Role.SUPERVISOR)},
            "auditor": make_agent(world.house.team, role=Role.AUDITOR),
            "admin": world.admin,
            "writer": _granted(world.house.team, Knowledge.WRITES),
            "publisher": _granted(world.house.team, Knowledge.PUBLISHES),
            "publisher of another brand": _granted(world.elsewhere.team, Knowledge.PUBLISHES),
            "supervisor of another team": make_agent(_other_team(world), role=Role.SUPERVISOR),
            "supervisor of another brand": make_agent(world.elsewhere.team, role=Role.SUPERVISOR),
            "admin who left": make_agent(world.house.team, role=Role.ADMIN),
        }
        self.tokens = {who: _token(agent) for who, agent in self.staff.items()}
        self.cookies = {who: _staff(agent) for who, agent in self.staff.items()}
        Agent.objects.filter(pk=self.staff["admin who left"].pk).update(is_active=False)
        self.cookies["half admin"] = _half(make_agent(world.house.team, role=Role.ADMIN))
        self.cookies["nobody"] = {}
        stranger = make_conversation(world.house, text="别的").customer
        neighbour = make_conversation(world.elsewhere, text="别家").customer
        for who, customer in (("customer", world.customer), ("stranger", stranger), ("neighbour", neighbour)):
            self.cookies[who] = {CUSTOMER_COOKIE: open_session(customer=customer)}
        self.cookies["neighbour at home"] = self.cookies["neighbour"]
        self.cookies["holder of another"] = _holder(world.other)
        self.holders = {"case": _holder(world.case), "done": _holder(world.done)}

    def cookies_for(self, who: str, about: str) -> dict[str, str]:
        return self.holders[about] if who == "holder" else self.cookies[who]

    def of(self, who: str, about: str) -> Client:
        client = Client(**({"HTTP_HOST": "other.example"} if who == "neighbour at home" else {}))
        for name, value in self.cookies_for(who, about).items():
            client.cookies[name] = value
        return client


def _token(agent: Agent) -> str:
    """For all that a token can be for; whether the agent may is asked when it is used."""
    token = new_token()
    AgentToken.objects.create(
        agent=agent,
        name=MARK,
        token_hash=token_hash(token),
        scopes=list(TokenScope),
        ends_at=now() + timedelta(days=1),
        # Noted a moment ago, so that coming in writes nothing.
        used_at=now(),
    )
    return token


def _granted(team: Team, knowledge: Knowledge) -> Agent:
    agent = make_agent(team)
    agent.knowledge = knowledge
    agent.save(update_fields=["knowledge"])
    return agent


def _other_team(world: World) -> Team:
    return world.house.stranger.teams.get()


def _staff(agent: Agent) -> dict[str, str]:
    enrol(agent)
    client = Client()
    sign_in(client, agent)
    return cookies_of(client)


def _half(agent: Agent) -> dict[str, str]:
    enrol(agent)
    client = Client()
    half_sign_in(client, agent)
    return cookies_of(client)


def _holder(conversation: Conversation) -> dict[str, str]:
    token = open_session(customer=conversation.customer, only_conversation_id=conversation.pk)
    return {LINK_COOKIE: token}
