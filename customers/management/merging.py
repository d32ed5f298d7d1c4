"""What commands that merge and split customers have in common."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import CommandError

from accounts.models import Tenant
from customers.models import Customer


def add_workspace(parser: ArgumentParser) -> None:
    parser.add_argument("--workspace", required=True)
    parser.add_argument("--json", action="store_true", help="say what was done as a JSON object on one line")


def find_workspace(slug: str) -> Tenant:
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        raise CommandError(f"There is no workspace called {slug}.")
    return tenant


def find_customer(number: int) -> Customer:
    customer: Customer | None = Customer.objects.filter(number=number).select_related("merged_into").first()
    if customer is None:
        raise CommandError(f"There is no customer {number}.")
    return customer


def why_not(customer: Customer) -> str:
    """Why a profile cannot be merged, "" where it can."""
    if customer.merged_into is not None:
        return f"Customer {customer.number} was merged into customer {customer.merged_into.number}."
    if customer.is_erased:
        return f"Customer {customer.number} was erased."
    return f"Customer {customer.number} is deleted." if customer.is_deleted else ""
