"""Rows whose id is one of many."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Tenant
from core.database.among import Among
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import Ticket


def test_the_rows_of_the_ids_are_found_by_one_parameter(in_acme: Tenant) -> None:
    inbox = make_inbox()
    one, two, three = (make_ticket(inbox).pk for _ in range(3))

    with CaptureQueriesContext(connection) as asked:
        found = set(Ticket.objects.filter(Among("pk", [one, three, 10**15])).values_list("pk", flat=True))

    assert found == {one, three}
    assert "= ANY('{" in asked[0]["sql"] and "::bigint[])" in asked[0]["sql"]
    assert set(Ticket.objects.exclude(Among("pk", {one, three})).values_list("pk", flat=True)) == {two}


def test_no_ids_are_no_rows(in_acme: Tenant) -> None:
    make_ticket(make_inbox())

    assert not Ticket.objects.filter(Among("customer_id", ())).exists()
