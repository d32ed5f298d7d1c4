"""Merges and their undoing in any order: nothing is lost, nothing is doubled, and at the end all is as it was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.kinds import Actor, ActorKind
from accounts.models import Tenant
from customers.belongings import all_moved
from customers.models import Customer, CustomerContact, Merge
from customers.services import noting, tagging_customer
from customers.services.merging.fields import read_said
from customers.services.merging.joining import NotThere, merge_customers
from customers.services.merging.parting import undo_merge
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_inbox, make_ticket

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADA = Actor(ActorKind.AGENT, 1, "Ada")
PEOPLE = 4


def people() -> list[Customer]:
    """Everybody says something else, and holds one address of their own, one with the next, and one with all."""
    made = [make_customer(("Ana", "Anna", "", "A")[n], ("Lopes", "", "", "Lopez")[n]) for n in range(PEOPLE)]
    inbox = make_inbox()
    for n, one in enumerate(made):
        make_contact(one, f"own{n}@a.example", is_primary=True, position=0)
        make_contact(one, f"with{n // 2}@a.example", position=1)
        make_contact(one, "all@a.example", position=2)
        tagging_customer.tag_customer(customer=one, add=[f"tag{n}", "everybody"], actor=ADA)
        make_ticket(inbox, customer=one)
        if n % 2:
            noting.save_note(customer=one, text=f"Note {n}", based_on=0, actor=ADA, at=NOON)
    return made


def snapshot() -> dict[str, Any]:
    """Every row that belongs to somebody, and what each profile says."""
    rows = {moved.model._meta.label: sorted(map(repr, moved.model._default_manager.values())) for moved in all_moved()}
    people = {
        one.pk: (one.is_deleted, one.is_merged, one.absorbed_ids, read_said(one)) for one in Customer.objects.all()
    }
    return {**rows, "people": people}


def held() -> set[str]:
    return set(CustomerContact.objects.values_list("contact__value", flat=True))


STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)), max_size=9)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.randoms(use_true_random=False))
def test_all_merges_undone_in_any_order_leave_everything_as_it_was(in_acme: Tenant, steps: Any, chance: Any) -> None:
    with transaction.atomic():
        made = people()
        before, addresses, tickets = snapshot(), held(), len(made)
        for is_merge, one, other in steps:
            try_step(is_merge, made[one], made[other])
            assert held() == addresses
            alive = Customer.objects.alive()
            assert sum(ticket_count(one) for one in alive) == tickets
        while standing := list(Merge.objects.standing().order_by("pk")):
            undo_merge(merge=chance.choice(standing), actor=ADA, at=NOON)

        assert snapshot() == before
        transaction.set_rollback(True)


def try_step(is_merge: bool, one: Customer, other: Customer) -> None:
    if is_merge and one != other:
        try:
            merge_customers(survivor=one, other=other, actor=ADA, at=NOON)
        except NotThere:
            assert Customer.objects.filter(pk__in=[one.pk, other.pk], merged_into__isnull=False).exists()
    elif merge := Merge.objects.standing().filter(other=other).first():
        undo_merge(merge=merge, actor=ADA, at=NOON)


def ticket_count(customer: Customer) -> int:
    from tickets.models import Ticket

    return Ticket.objects.filter(customer=customer).count()
