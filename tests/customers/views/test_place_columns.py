"""Columns of the list that say where somebody lives and whom a contract names."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Tenant
from accounts.services.preferring import prefer
from accounts.tenancy import tenant_scope
from customers.filters import PREFERENCE
from customers.models import Customer, CustomerAddress, LegalDetails
from tests.factories.customers import make_customer

LIST = "/acme/customers/"
CODES = ["city", "region", "country", "contractor"]


def rows(client: Client) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in client.get(LIST).context["listing"].rows]


def test_columns_show_the_address_for_delivery_and_the_contractor(
    as_ada: Client, ada: Membership, acme: Tenant, ana: Customer
) -> None:
    with tenant_scope(acme):
        prefer(member=ada, key=PREFERENCE, value=CODES)
        CustomerAddress.objects.create(customer=ana, city="Porto", country="PT")
        CustomerAddress.objects.create(customer=ana, city="Los Angeles", region="CA", country="US", is_main=True)
        LegalDetails.objects.create(customer=ana, contractor_type="sole_trader")

    assert rows(as_ada) == [["Los Angeles", "CA", "United States", "Sole trader"]]
    with CaptureQueriesContext(connection) as few:
        rows(as_ada)
    with tenant_scope(acme):
        make_customer("Bruno")
    with CaptureQueriesContext(connection) as more:
        assert rows(as_ada)[0] == ["", "", "", ""]
    assert len(more) == len(few)
