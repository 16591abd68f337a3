"""`kefu brand add`: a brand of the operator's own, with what it needs before its first customer can write."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ValidationError

from kefu.brands.hosts import NotAHost, read_host
from kefu.brands.models import Brand
from kefu.config.commands.founding import TEAM, Plan, found
from kefu.config.running.refusal import Refusal
from kefu.safety.addresses import NotAnAddress, mail_address
from kefu.ui.zones import zone_called

SAYS = {
    "key": "{key!r} is no key; use letters, digits and hyphens, for instance acme.",
    "name": "A name has 1 to 80 characters.",
    "prefix": "{prefix!r} is no prefix; use two to four letters, but not I, L, O or U, for instance QX.",
    "domain": "The domain is too long.",
}


def run(arguments: Namespace) -> int:
    """Raises Refusal, and adds nothing, when something is malformed or belongs to another brand."""
    plan = _plan(arguments)
    _refuse_what_is_taken(plan)
    _refuse_what_is_malformed(plan)
    brand = found(plan)
    for line in _report(brand):
        print(line)
    return 0


def _plan(arguments: Namespace) -> Plan:
    zone = zone_called(arguments.zone)
    if zone is None:
        raise Refusal(f"{arguments.zone!r} is no time zone; write it like Asia/Hong_Kong.")
    return Plan(
        key=arguments.key.strip(),
        name=arguments.name.strip(),
        prefix=arguments.prefix.strip().upper(),
        zone=zone.key,
        domain=_host(arguments.domain) if arguments.domain else "",
        hosts=tuple(dict.fromkeys(_host(one) for one in arguments.hosts)),
        mail=_mail(arguments.mail) if arguments.mail else "",
    )


def _host(typed: str) -> str:
    try:
        return read_host(typed.strip())
    except NotAHost:
        raise Refusal(f"{typed!r} is no host; write it like support.example.com.") from None


def _mail(typed: str) -> str:
    try:
        return mail_address(typed)
    except NotAnAddress:
        raise Refusal(f"{typed!r} is not an e-mail address.") from None


def _refuse_what_is_taken(plan: Plan) -> None:
    brands = list(Brand.objects.all())
    for brand in brands:
        if brand.key == plan.key:
            raise Refusal(f"There is a brand {plan.key} already; choose another key.")
        if brand.prefix == plan.prefix:
            raise Refusal(f"The prefix {plan.prefix} belongs to {brand.name}; choose another.")
        if taken := set(plan.hosts) & set(brand.hosts):
            raise Refusal(f"The host {min(taken)} belongs to {brand.name}; choose another.")
    if brands and not plan.hosts:
        # Whatever no brand claims belongs to the first, so nobody would ever see this one.
        raise Refusal(
            f"{brands[0].name} answers wherever no other brand does; say where {plan.name} is with --host HOST."
        )


def _refuse_what_is_malformed(plan: Plan) -> None:
    try:
        plan.brand().clean_fields()
    except ValidationError as problem:
        field = next(iter(problem.error_dict))
        raise Refusal(SAYS[field].format(key=plan.key, prefix=plan.prefix)) from None


def _report(brand: Brand) -> Iterator[str]:
    yield f"Added {brand.name} with one topic and one team, open on weekdays 9:00 to 18:00 in {brand.zone}."
    for host in brand.hosts:
        if host not in settings.ALLOWED_HOSTS:
            yield f"{host} is answered to only where KEFU_HOSTS names it."
    place = f"{brand.key}/{TEAM['key']}"
    yield f"Let somebody answer: bin/kefu agent add EMAIL --name NAME --role admin --team {place}"
