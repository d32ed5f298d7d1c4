"""Merge two customers who are one person."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.kinds import SYSTEM
from accounts.tenancy import tenant_scope
from core import clock
from customers.management.merging import add_workspace, find_customer, find_workspace, why_not
from customers.models import Customer, Merge
from customers.services.merging import joining
from customers.services.merging.locking import Busy


class Command(BaseCommand):
    help = (
        "Merge two customers: the first keeps their number and what they say, the other's fills what is blank, and all "
        "that belongs to the other goes to the first. Customers are named by their numbers, as suggest_merges prints "
        "them. unmerge_customers takes them apart again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_workspace(parser)
        parser.add_argument("keep", type=int, help="the number of the customer who stays")
        parser.add_argument("other", type=int, help="the number of the customer who goes into the first")

    def handle(self, *args: Any, **options: Any) -> None:
        with tenant_scope(find_workspace(options["workspace"])):
            with transaction.atomic():
                survivor, other = find_customer(options["keep"]), find_customer(options["other"])
            merge = _merge(survivor, other)
        said = {"merged": {"keep": survivor.number, "other": other.number}, "merge": merge.number, **merge.counts}
        moved = ", ".join(f"{count} {name}" for name, count in merge.counts.items()) or "nothing"
        line = f"Customer {other.number} was merged into customer {survivor.number}; moved: {moved}."
        self.stdout.write(json.dumps(said) if options["json"] else line)


def _merge(survivor: Customer, other: Customer) -> Merge:
    try:
        return joining.merge_customers(survivor=survivor, other=other, actor=SYSTEM, at=clock.now())
    except joining.SameCustomer as error:
        raise CommandError("A customer cannot be merged into themselves.") from error
    except joining.NotThere as error:
        with transaction.atomic():
            reasons = [why_not(find_customer(one.number)) for one in (survivor, other)]
        raise CommandError(" ".join(filter(None, reasons))) from error
    except (joining.Blocked, Busy) as error:
        raise CommandError(str(error)) from error
