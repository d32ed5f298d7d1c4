"""`describe_customer` on the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer, CustomerAddress, LegalDetails
from tests.factories.customers import make_contact, make_customer

EMAIL = "ana.lopes@shopper.example"


@pytest.fixture
def ana(acme: Tenant) -> Customer:
    with tenant_scope(acme):
        customer = make_customer()
        make_contact(customer, EMAIL)
        return customer


def run(*more: str, email: str = EMAIL, workspace: str = "acme") -> str:
    out = StringIO()
    call_command("describe_customer", email, "--workspace", workspace, *more, stdout=out)
    return out.getvalue()


def test_customer_gets_an_address_and_legal_details_and_said_twice_once(acme: Tenant, ana: Customer) -> None:
    said = (
        *("--address", "Friedrichstr. 12a, 10117 Berlin", "--contractor", "legal_entity", "--country", "de"),
        *("--detail", "legal_name=Acacia GmbH", "--detail", "vat=DE 136 695 976"),
    )

    assert run(*said) == run(*said) == "Customer 1 of acme.\n"

    with tenant_scope(acme):
        address, legal = CustomerAddress.objects.get(), LegalDetails.objects.get()
        assert (address.city, address.postal_code, address.is_main) == ("Berlin", "10117", True)
        assert (legal.contractor_type, legal.legal_name, legal.vat) == ("legal_entity", "Acacia GmbH", "DE136695976")
        assert (CustomerAddress.history.count(), LegalDetails.history.count()) == (1, 1)


@pytest.mark.parametrize(
    ("more", "email", "workspace", "why"),
    [
        ((), "nobody@example.com", "acme", "No customer has nobody@example.com."),
        ((), EMAIL, "nowhere", "There is no workspace called nowhere."),
        ((), EMAIL, "globex", "No customer has ana.lopes"),
        (("--address", "call me"), EMAIL, "acme", "call me: "),
        (("--contractor", "legal_entity", "--detail", "x=1"), EMAIL, "acme", "no detail called x"),
    ],
)
def test_what_cannot_be_said_is_refused(
    acme: Tenant, globex: Tenant, ana: Customer, more: tuple[str, ...], email: str, workspace: str, why: str
) -> None:
    with pytest.raises(CommandError, match=why):
        run(*more, email=email, workspace=workspace)
