"""Define a custom field of a workspace."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.kinds import SYSTEM
from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.field_codes import BadCode, make_code
from customers.kinds import FieldKind, FieldTarget
from customers.services.defining import CodeTaken, FieldDraft, OptionDraft, TooMany, define_field

PLACES = ("list", "filter", "bulk")


class Command(BaseCommand):
    help = "Define a custom field of customers, orders or tickets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", required=True)
        parser.add_argument("--of", required=True, choices=FieldTarget.values)
        parser.add_argument("--kind", required=True, choices=FieldKind.values)
        parser.add_argument("--code", default="", help="made from the name when it is left out")
        parser.add_argument("--option", action="append", default=[], help="a choice of a list, as often as there are")
        parser.add_argument("--show-in", action="append", default=[], choices=PLACES)
        parser.add_argument("name", help="e.g. 'Shoe size'")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["workspace"]).first()
        if tenant is None:
            raise CommandError(f"There is no workspace called {options['workspace']}.")
        if FieldKind(options["kind"]).has_options != bool(options["option"]):
            raise CommandError("A list has choices, and nothing else has.")
        # Typed twice it is the same field, not a second one: so the code is not left to be made free.
        code, places = options["code"] or make_code(options["name"]), options["show_in"]
        draft = FieldDraft(
            options["name"],
            code=code,
            in_list="list" in places,
            in_filter="filter" in places,
            in_bulk="bulk" in places,
        )
        try:
            with tenant_scope(tenant):
                field = define_field(
                    target=FieldTarget(options["of"]),
                    kind=FieldKind(options["kind"]),
                    draft=draft,
                    options=[OptionDraft(label) for label in options["option"]],
                    actor=SYSTEM,
                )
        except (CodeTaken, BadCode) as error:
            raise CommandError(f"{draft.code} is no code, or another field has it.") from error
        except TooMany as error:
            raise CommandError("There are too many fields, or too many choices.") from error
        self.stdout.write(f"Field {field.number} of {tenant.slug}: {field.code}.")
