"""Tell the audit below what its customers and custom fields are called."""

from collections.abc import Collection

from django.urls import reverse

from customers.models import Customer, CustomerExport, CustomerImport, CustomField
from customers.services.following import find_survivor
from events.links import Directory, Subject, register_subjects


def find_customers(ids: Collection[int]) -> dict[int, Subject]:
    """Deleted ones too: their page says so."""
    rows = Customer.objects.filter(pk__in=ids)
    return {one.pk: Subject(one.number, one.display_name, one.get_absolute_url()) for one in rows}


def find_customer_ids(number: int) -> list[int]:
    """Of the person: also of who was merged, and of those merged into them."""
    found = find_survivor(number)
    return found.all_ids if found else []


def find_fields(ids: Collection[int]) -> dict[int, Subject]:
    rows = CustomField.objects.filter(pk__in=ids)
    return {one.pk: Subject(one.number, one.name, reverse("customers:field", args=[one.number])) for one in rows}


def find_exports(ids: Collection[int]) -> dict[int, Subject]:
    rows = CustomerExport.objects.filter(pk__in=ids)
    return {one.pk: Subject(one.number, f"Export {one.number}", reverse("customers:exports")) for one in rows}


def find_imports(ids: Collection[int]) -> dict[int, Subject]:
    rows = CustomerImport.objects.filter(pk__in=ids)
    return {
        one.pk: Subject(one.number, f"Import {one.number}", reverse("customers:import", args=[one.number]))
        for one in rows
    }


def register_directories() -> None:
    """Called when the app starts."""
    register_subjects("customer", Directory(find_customers, find_customer_ids))
    register_subjects("customfield", Directory(find_fields))
    register_subjects("customerexport", Directory(find_exports))
    register_subjects("customerimport", Directory(find_imports))
