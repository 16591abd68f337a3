from __future__ import annotations

import copy

import pytest
from django.core.exceptions import FieldError
from django.db import connection, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat, Upper

from kefu.accounts.models import Customer, Identity, Level
from kefu.brands.models import Brand
from kefu.conversations.models import Draft
from kefu.safety.fields import NotGuarded, PlainTextField, TooLong
from kefu.safety.guard import Guarded, guard
from kefu.safety.models import OfficialWay
from kefu.safety.tokens import keyed_hash

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand():
    return Brand.objects.create(key="xinghai", name="星海 Exchange", prefix="XH", languages=["zh-hans"])


@pytest.fixture
def customer(brand):
    return Customer.objects.create(brand=brand, name=guard("陈晓"))


def bulk_update_with(customer, name):
    customer.name = name
    Customer.objects.bulk_update([customer], ["name"])


@pytest.mark.parametrize(
    "attempt",
    [
        lambda one: Customer.objects.create(brand=one.brand, name="陈晓"),
        lambda one: Customer.objects.bulk_create(
            [Customer(brand=one.brand, name="x"), Customer(brand=one.brand, name="y")]
        ),
        lambda one: Customer.objects.get_or_create(brand=one.brand, name="somebody new"),
        lambda one: Customer.objects.update_or_create(pk=one.pk, defaults={"name": "x"}),
        lambda one: Customer.objects.filter(pk=one.pk).update(name="陈晓"),
        lambda one: Customer.objects.filter(pk=one.pk).update(name=Value("x")),
        lambda one: Customer.objects.filter(pk=one.pk).update(name=F("language")),
        lambda one: Customer.objects.filter(pk=one.pk).update(name=Upper("name")),
        lambda one: Customer.objects.filter(pk=one.pk).update(name=Concat("name", Value("x"))),
        lambda one: Customer.objects.filter(pk=one.pk).update(name=one.name + " x"),
        lambda one: bulk_update_with(one, "x"),
        lambda one: bulk_update_with(one, Value("x")),
        lambda one: Customer.objects.create(brand=one.brand, name=Value("x")),
    ],
)
def test_text_that_was_not_guarded_is_stored_by_no_way(customer, attempt):
    with pytest.raises(NotGuarded, match=r"Customer\.name takes only"), transaction.atomic():
        attempt(customer)

    assert [str(name) for name in Customer.objects.values_list("name", flat=True)] == ["陈晓"]


@pytest.mark.parametrize(
    "change",
    [
        lambda one: Customer.objects.filter(pk=one.pk).update(name=guard("李娜")),
        lambda one: Customer.objects.filter(pk=one.pk).update(name=Value(guard("李娜"))),
        lambda one: bulk_update_with(one, guard("李娜")),
    ],
)
def test_guarded_text_is_stored_by_every_way(customer, change):
    change(customer)

    assert Customer.objects.get().name == "李娜"
    Customer.objects.update(name=F("name"))
    Customer.objects.update(name="")
    assert Customer.objects.get().name == ""


def test_an_empty_text_that_nobody_guarded_is_taken_only_where_none_is_needed():
    needed, may_lack = Draft._meta.get_field("text"), Customer._meta.get_field("name")

    with pytest.raises(NotGuarded):
        needed.get_db_prep_save("", connection)
    assert may_lack.get_db_prep_save("", connection) == ""


def test_filters_take_any_text(customer):
    assert Customer.objects.get(name="陈晓") == customer
    assert Customer.objects.filter(name__startswith="陈").exists()


def test_what_is_read_is_guarded_and_may_be_saved_again(customer):
    for name in (
        Customer.objects.get().name,
        Customer.objects.values_list("name", flat=True)[0],
        copy.deepcopy(Customer.objects.get()).name,
    ):
        assert isinstance(name, Guarded)
    Customer.objects.get().save()


def test_a_text_longer_than_its_field_is_refused_on_every_database(brand, customer):
    customer.name = guard("好" * 80)
    customer.save()
    customer.name = guard("好" * 81)
    with pytest.raises(TooLong, match="80 characters, not 81"):
        customer.save()

    way = OfficialWay(brand=brand, kind="mail", value="a" * 254)
    with pytest.raises(TooLong):
        way.save()


def test_a_text_that_fits_or_has_no_limit_is_stored_as_it_is(brand):
    OfficialWay.objects.create(brand=brand, kind="mail", value="help@kefu.example")

    assert OfficialWay.objects.get().value == "help@kefu.example"
    assert PlainTextField().get_db_prep_save("好" * 10_000, connection) == "好" * 10_000


def test_a_value_is_encrypted_for_its_own_place():
    # Whoever changes this makes every stored value unreadable.
    assert Identity._meta.get_field("value").context == "accounts.identity.value"


def test_an_encrypted_value_can_not_be_searched_or_computed(customer):
    one = Identity.objects.create(
        customer=customer,
        kind="email",
        value="a@b.example",
        value_hash=keyed_hash("a@b.example"),
        level=Level.CLAIMED,
    )

    for filters in ({"value": "a@b.example"}, {"value__contains": "a"}, {"value__in": ["a"]}):
        with pytest.raises(FieldError):
            Identity.objects.filter(**filters).exists()
    own = Value("x", output_field=Identity._meta.get_field("value"))
    half = Case(When(pk=one.pk, then=own), default=F("reason"))
    for expression in (F("value"), F("reason"), Value("x"), Concat("value", Value("x")), half):
        with pytest.raises(TypeError), transaction.atomic():
            Identity.objects.update(value=expression)
    one.value = "c@d.example"
    Identity.objects.bulk_update([one], ["value"])
    assert Identity.objects.get(value__isnull=False).value == "c@d.example"
