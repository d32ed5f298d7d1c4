"""`merge_customers` and `unmerge_customers` on the command line."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.kinds import SYSTEM
from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer
from customers.services import deleting
from tests.customers.actors import NOON
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import Ticket


@pytest.fixture
def two(acme: Tenant) -> tuple[Customer, Customer]:
    with tenant_scope(acme):
        one, other = make_customer(), make_customer("Anna", "")
        make_contact(other, "anna@a.example")
        make_ticket(make_inbox(), customer=other)
        return one, other


def run(command: str, *numbers: int, workspace: str = "acme", as_json: bool = True) -> str:
    out = StringIO()
    more = ["--json"] if as_json else []
    call_command(command, *map(str, numbers), "--workspace", workspace, *more, stdout=out)
    return out.getvalue()


def test_two_customers_are_merged_and_split_again(acme: Tenant, two: tuple[Customer, Customer]) -> None:
    one, other = two

    merged = json.loads(run("merge_customers", one.number, other.number))
    with tenant_scope(acme):
        assert Ticket.objects.get().customer_id == one.pk
    split = json.loads(run("unmerge_customers", other.number))

    counts = {"contacts": 1, "tickets": 1}
    assert merged == {"merged": {"keep": 1, "other": 2}, "merge": 1, **counts}
    assert split == {"split": {"keep": 1, "other": 2}, "merge": 1, **counts}
    with tenant_scope(acme):
        assert Ticket.objects.get().customer_id == other.pk


def test_the_one_who_was_kept_may_be_named_too(two: tuple[Customer, Customer]) -> None:
    said = run("merge_customers", 1, 2, as_json=False)

    assert said == "Customer 2 was merged into customer 1; moved: 1 contacts, 1 tickets.\n"
    assert run("unmerge_customers", 1, 2, as_json=False).startswith("Customer 2 was split from customer 1; given back")


@pytest.mark.parametrize(
    ("command", "numbers", "workspace", "why"),
    [
        ("merge_customers", (1, 1), "acme", "cannot be merged into themselves"),
        ("merge_customers", (1, 9), "acme", "There is no customer 9"),
        ("merge_customers", (1, 2), "nowhere", "no workspace called nowhere"),
        ("merge_customers", (1, 2), "globex", "There is no customer 1"),
        ("unmerge_customers", (2,), "acme", "Customer 2 is not merged into anybody"),
        ("unmerge_customers", (9,), "acme", "There is no customer 9"),
        ("unmerge_customers", (1, 2, 3), "acme", "Name the other customer"),
        ("unmerge_customers", (2,), "globex", "There is no customer 2"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(
    globex: Tenant, two: tuple[Customer, Customer], command: str, numbers: tuple[int, ...], workspace: str, why: str
) -> None:
    with pytest.raises(CommandError, match=why):
        run(command, *numbers, workspace=workspace)


def test_who_is_not_there_any_more_is_named(acme: Tenant, two: tuple[Customer, Customer]) -> None:
    run("merge_customers", 1, 2)

    with pytest.raises(CommandError, match=r"Customer 2 was merged into customer 1\."):
        run("merge_customers", 1, 2)
    with tenant_scope(acme):
        deleting.delete_customer(customer=two[0], actor=SYSTEM, at=NOON)
    with pytest.raises(CommandError, match=r"Customer 1, who has what was customer 2's, is deleted\. Restore them"):
        run("unmerge_customers", 2)


def test_what_blocks_the_page_blocks_the_command(acme: Tenant, two: tuple[Customer, Customer]) -> None:
    with tenant_scope(acme):
        store = make_connection()
        for one, remote_id in zip(two, ("1001", "1002"), strict=True):
            make_link(store, one, remote_id, display_name=f"Of store {remote_id}", orders_count=2)

    with pytest.raises(CommandError, match=r"Of store 1001 \(2 orders\) and Of store 1002 \(2 orders\) are two"):
        run("merge_customers", 1, 2)
