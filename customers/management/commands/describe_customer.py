"""Give a customer an address and legal details."""

from argparse import ArgumentParser
from dataclasses import asdict, replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.kinds import SYSTEM
from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.addresses.kinds import NotReal
from customers.kinds import ContactKind
from customers.legal.kinds import ContractorType
from customers.models import Customer, CustomerContact
from customers.services.finding import find_contact
from customers.services.locating import divide_by_rules
from customers.services.saving_addresses import AddressEdit, AddressEdits, SaidAddress, read_held, save_addresses, say
from customers.services.saving_legal import NUMBERS, read_legal, save_legal


class Command(BaseCommand):
    help = "Give the customer who has an e-mail address a postal address and legal details. Said twice it is said once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", required=True)
        parser.add_argument("--address", action="append", default=[], help="on one line, divided by rules")
        parser.add_argument("--contractor", choices=ContractorType.values)
        parser.add_argument("--country", default="", help="two letters: whose rules the legal details follow")
        parser.add_argument("--detail", action="append", default=[], help=f"name=value, of {', '.join(NUMBERS)}")
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["workspace"]).first()
        if tenant is None:
            raise CommandError(f"There is no workspace called {options['workspace']}.")
        with transaction.atomic(), tenant_scope(tenant):
            customer = _find(options["email"])
            for line in options["address"]:
                _add_address(customer, line)
            if options["contractor"]:
                _say_legal(customer, options["contractor"], options["country"], options["detail"])
        self.stdout.write(f"Customer {customer.number} of {tenant.slug}.")


def _find(email: str) -> Customer:
    contact = find_contact(kind=ContactKind.EMAIL, typed=email)
    holder = contact and CustomerContact.objects.of_contact(contact).first()
    if not holder:
        raise CommandError(f"No customer has {email}.")
    customer: Customer = holder.customer
    return customer


def _add_address(customer: Customer, line: str) -> None:
    try:
        found = divide_by_rules(text=line, country="")
    except NotReal as refused:
        raise CommandError(f"{line}: {refused}") from refused
    said = SaidAddress(**asdict(found))
    if said in [replace(say(row), name="") for row in read_held(customer=customer)]:
        return
    edit = AddressEdit("address-new0", None, None, said)
    save_addresses(customer=customer, edits=AddressEdits((edit,)), actor=SYSTEM)


def _say_legal(customer: Customer, contractor: str, country: str, details: list[str]) -> None:
    said = dict(one.partition("=")[::2] for one in details)
    if wrong := set(said) - set(NUMBERS):
        raise CommandError(f"There is no detail called {', '.join(sorted(wrong))}.")
    values: dict[str, Any] = {"contractor_type": contractor, "country": country.upper(), **said}
    save_legal(customer=customer, legal=replace(read_legal(customer=customer), **values), actor=SYSTEM)
