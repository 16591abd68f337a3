from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.test import RequestFactory

from kefu.accounts.actions import open_session
from kefu.accounts.customer_cookie import (
    CUSTOMER_COOKIE,
    LINK_COOKIE,
    clear_customer_cookies,
    set_customer_cookie,
)
from kefu.accounts.devices import device_of
from kefu.accounts.middleware import people
from kefu.accounts.tests.factories import (
    PASSWORD,
    as_customer,
    cookies_of,
    half_sign_in,
    make_agent,
    make_customer,
    make_other_brand,
    sign_in,
)
from kefu.accounts.viewers import agent_of

pytestmark = pytest.mark.django_db


def looking(client, brand, ask):
    """What a view would see of this client."""
    request = RequestFactory().get("/")
    request.COOKIES = cookies_of(client)
    request.brand = brand
    request.user = agent_user(request)
    seen = []
    SessionMiddleware(people(lambda r: seen.append(ask(r)) or HttpResponse()))(request)
    return seen[0]


def agent_user(request):
    return agent_of(request.COOKIES) or AnonymousUser()


def test_nobody_is_nobody(client, brand):
    assert looking(client, brand, lambda r: (r.viewer, r.agent)) == (None, None)


def test_a_customer_is_known_by_their_cookie(client, brand):
    customer = make_customer()
    as_customer(client, customer)

    viewer = looking(client, brand, lambda r: r.viewer)

    assert (viewer.customer_id, viewer.only_conversation_id) == (customer.pk, None)


def test_what_a_private_link_opened_is_nobodys_own_session(client, brand):
    token = open_session(customer=make_customer(), only_conversation_id=5)
    client.cookies[CUSTOMER_COOKIE] = client.cookies[LINK_COOKIE] = token

    viewer, holder = looking(client, brand, lambda r: (r.viewer, r.link_holder))

    assert viewer is None
    assert holder.only_conversation_id == 5


def test_a_customer_of_another_brand_is_nobody_here(client, brand):
    as_customer(client, make_customer(brand=make_other_brand()))

    assert looking(client, brand, lambda r: r.viewer) is None


def test_a_customers_cookie_is_no_agents_and_the_other_way_round(client, brand):
    sign_in(client, make_agent())
    session = client.cookies["kefu_staff"].value
    assert looking(client, brand, lambda r: r.viewer) is None

    client.cookies.clear()
    client.cookies[CUSTOMER_COOKIE] = session
    assert looking(client, brand, lambda r: (r.viewer, r.agent)) == (None, None)


def test_who_is_asked_for_is_looked_up_once_and_who_is_not_never(client, brand, django_assert_num_queries):
    as_customer(client, make_customer())

    def ask(request):
        with django_assert_num_queries(1):
            assert request.viewer is request.viewer
        return request.viewer

    assert looking(client, brand, ask)
    with django_assert_num_queries(0):
        looking(client, brand, id)


def test_an_agent_costs_two_queries_and_no_write(client, team, django_assert_num_queries):
    agent = make_agent()
    sign_in(client, agent)

    with django_assert_num_queries(2) as asked:
        assert agent_of(cookies_of(client)) == agent
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)
    with django_assert_num_queries(0):
        agent_of({})


def test_half_a_sign_in_is_nobody(client, team):
    half_sign_in(client, make_agent(password=PASSWORD))

    assert agent_of(cookies_of(client)) is None


def test_a_second_factor_that_somebody_else_proved_here_does_not_count(client, team):
    agent, colleague = make_agent(), make_agent("Colleague")
    sign_in(client, agent)
    session = client.session
    session["account_authentication_methods_user"] = str(colleague.pk)
    session.save()

    assert agent_of(cookies_of(client)) is None


def test_who_left_is_nobody(client, team):
    agent = make_agent()
    sign_in(client, agent)
    agent.is_active = False
    agent.save(update_fields=["is_active"])

    assert agent_of(cookies_of(client)) is None


@pytest.mark.parametrize("secure", [True, False])
def test_the_customers_cookie_is_out_of_scripts_and_other_sites_reach(settings, secure):
    settings.SECURE_COOKIES = secure
    response = HttpResponse()

    set_customer_cookie(response, "token")

    cookie = response.cookies[CUSTOMER_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert bool(cookie["secure"]) == secure
    clear_customer_cookies(response)
    assert response.cookies[CUSTOMER_COOKIE]["max-age"] == 0


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_1) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15",
            "Safari, macOS",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 MicroMessenger/8.0.50", "WeChat, Android"),
        ("<script>", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_as_its_owner_knows_it(user_agent, device):
    assert device_of(user_agent) == device
