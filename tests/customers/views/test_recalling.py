"""The page of a profile's history (F81)."""

from collections.abc import Callable
from dataclasses import replace

from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.services.describing import describe_customer, read_details
from tests.factories.customers import make_customer

SignIn = Callable[[Membership], Client]
URL = "/acme/customers/1/history/"


def test_history_shows_who_changed_what_and_is_narrowed(
    acme: Tenant, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        customer = make_customer()
        for member, location in ((ada, "Porto <b>"), (bela, "Lisbon")):
            said = replace(read_details(customer), location=location, language=location[:2].lower())
            describe_customer(customer=customer, details=said, actor=member.as_actor())
    client = sign_in(bela)

    everything = client.get(URL).content.decode()
    narrowed = client.get(URL, {"field": "location", "who": bela.name}).content.decode()

    assert "Porto &lt;b&gt;" in everything
    assert everything.count("<td>Location") + everything.count('dir="auto">Location') == 2
    rows = narrowed.partition("<tbody>")[2]
    assert (rows.count("<tr>"), "Lisbon" in rows, "Porto &lt;b&gt;" in rows) == (1, True, True)


def test_long_history_goes_on_over_pages(acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        customer = make_customer()
        for number in range(60):
            said = replace(read_details(customer), location=f"Place {number}")
            describe_customer(customer=customer, details=said, actor=bela.as_actor())
    client = sign_in(bela)

    first = client.get(URL, {"field": "location"})
    older = client.get(URL + "?" + first.context["older"])

    told = [one.after for page in (first, older) for one in page.context["changes"]]
    assert told == [f"Place {number}" for number in reversed(range(60))]


def test_history_is_nothing_to_cleo(acme: Tenant, cleo: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        make_customer()

    assert sign_in(cleo).get(URL).status_code == 404
