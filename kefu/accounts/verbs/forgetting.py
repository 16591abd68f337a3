"""What this room forgets when its time is over; the table in safety says when."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, ForeignObjectRel, Model, OuterRef, Q, QuerySet
from django.utils.timezone import now

from kefu.accounts.people.agent_tokens import AgentToken
from kefu.accounts.people.codes import OneTimeCode
from kefu.accounts.people.customers import Customer, CustomerSession
from kefu.accounts.people.invitations import Invitation
from kefu.accounts.people.password_resets import PasswordReset
from kefu.accounts.people.sign_in_links import SignInLink
from kefu.accounts.verbs.visitors import end_sessions
from kefu.journal.actor import SYSTEM
from kefu.safety.retention import CHUNK, remove_in_chunks


def forget_sessions(before: datetime) -> int:
    """Customers' sessions that ended before this moment; how many rows, here and below."""
    return remove_in_chunks(CustomerSession.objects.filter(Q(ends_at__lt=before) | Q(revoked_at__lt=before)))


def forget_visitors(before: datetime) -> int:
    """Customers who came before this moment and of whom no other room keeps anything: they asked nothing."""
    forgotten, last = 0, 0
    while chunk := list(_who_left_nothing(before).filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
        forgotten, last = forgotten + _forget_visitors(chunk, before), chunk[-1]
    return forgotten


def forget_sign_in_links(before: datetime) -> int:
    return remove_in_chunks(SignInLink.objects.filter(Q(used_at__lt=before) | Q(ends_at__lt=before)))


def forget_agent_tokens(before: datetime) -> int:
    return remove_in_chunks(AgentToken.objects.filter(Q(revoked_at__lt=before) | Q(ends_at__lt=before)))


def forget_invitations(before: datetime) -> int:
    """Addresses of people who were invited: those who came are agents now, the others strangers."""
    over = Q(accepted_at__lt=before) | Q(withdrawn_at__lt=before) | Q(ends_at__lt=before)
    return remove_in_chunks(Invitation.objects.filter(over))


def forget_one_time_codes(before: datetime) -> int:
    return remove_in_chunks(OneTimeCode.objects.filter(ends_at__lt=before))


def forget_password_resets(before: datetime) -> int:
    return remove_in_chunks(PasswordReset.objects.filter(Q(used_at__lt=before) | Q(ends_at__lt=before)))


def forget_staff_sessions(before: datetime) -> int:
    """Where agents signed in before this moment, when that session opens nothing any more."""
    living = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now())
    return remove_in_chunks(UserSession.objects.filter(~Exists(living), created_at__lt=before))


def forget_browser_state(before: datetime) -> int:
    """What Django kept of a browser's session that expired before this moment."""
    return remove_in_chunks(Session.objects.filter(expire_date__lt=before))


@transaction.atomic
def _forget_visitors(ids: list[int], before: datetime) -> int:
    # Under their locks nobody can open a conversation for them, so whoever still has none never will.
    list(Customer.objects.locked().filter(pk__in=ids))
    visitors = list(_who_left_nothing(before).filter(pk__in=ids))
    for visitor in visitors:
        end_sessions(customer=visitor, by=SYSTEM)
    Customer.objects.filter(pk__in=[visitor.pk for visitor in visitors]).delete()
    return len(visitors)


def _who_left_nothing(before: datetime) -> QuerySet[Customer]:
    visitors = Customer.objects.filter(created_at__lt=before).order_by("pk")
    for relation in Customer._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and _is_of_another_room(relation.related_model):
            rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            visitors = visitors.filter(~Exists(rows))
    return visitors


def _is_of_another_room(model: type[Model]) -> bool:
    return model._meta.app_label != Customer._meta.app_label
