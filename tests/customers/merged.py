"""Ana's second profile, merged into her first."""

from typing import Any

from customers.models import Customer, Merge
from customers.services.merging.joining import merge_customers
from customers.services.merging.parting import undo_merge
from tests.customers.actors import ADA, NOON


def merge(survivor: Customer, other: Customer, at: Any = NOON) -> Merge:
    return merge_customers(survivor=survivor, other=other, actor=ADA, at=at)


def split(merged: Merge, at: Any = NOON) -> Customer:
    return undo_merge(merge=merged, actor=ADA, at=at)
