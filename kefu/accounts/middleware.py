"""Each request knows who is looking, but asks the database only when a page wants to know."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from django.http import HttpRequest, HttpResponse

from kefu.accounts.people.agents import Agent
from kefu.accounts.second_factor import has_finished
from kefu.accounts.viewers import CustomerViewer, customer_by, customer_of, link_holder_of


class PeopleRequest(HttpRequest):
    """A request whose `viewer`, `link_holder` and `agent` are looked up at first use. Reading them never writes."""

    @cached_property
    def viewer(self) -> CustomerViewer | None:
        """The customer, if their token or cookie belongs to the brand that they are looking at."""
        token: str | None = getattr(self, "bearer", None)
        return self._of_this_brand(customer_of(self.COOKIES) if token is None else customer_by(token))

    @cached_property
    def link_holder(self) -> CustomerViewer | None:
        """Who opened a private link in this visit, if it belongs to that brand; somebody else than `viewer`."""
        return self._of_this_brand(link_holder_of(self.COOKIES))

    @cached_property
    def agent(self) -> Agent | None:
        """The agent, once they have finished signing in; `user` is them before that."""
        user = self.user
        return user if isinstance(user, Agent) and has_finished(self, user) else None

    def _of_this_brand(self, viewer: CustomerViewer | None) -> CustomerViewer | None:
        brand = getattr(self, "brand", None)
        return None if viewer and brand and viewer.brand_id != brand.pk else viewer


def people(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.__class__ = _with_people(type(request))
        return get_response(request)

    return middleware


_kinds: dict[type[HttpRequest], type[HttpRequest]] = {}


def _with_people(kind: type[HttpRequest]) -> type[HttpRequest]:
    # A lazy wrapper would do for Django's user, which is never None; `viewer is None` needs the real value.
    if kind not in _kinds:
        _kinds[kind] = type(kind.__name__, (PeopleRequest, kind), {})
    return _kinds[kind]
