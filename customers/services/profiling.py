"""Save what edit mode says of a customer, details and custom fields as one."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.kinds import Actor
from customers.field_values import Value
from customers.models import Customer
from customers.services.describing import Contested, Details, describe_customer
from customers.services.setting_fields import FieldsContested, NotFitting, set_fields


@dataclass(frozen=True)
class Edited:
    """What was typed, and what stood there before: `typed` and `was` are custom fields by their codes."""

    details: Details
    based_on: Details
    typed: Mapping[str, str]
    was: Mapping[str, Value]


class NotSaved(Exception):
    """Nothing was saved: every part says what is wrong, None where nothing is."""

    def __init__(
        self, contested: Contested | None, fields: FieldsContested | None, not_fitting: NotFitting | None
    ) -> None:
        super().__init__("not saved")
        self.contested, self.fields, self.not_fitting = contested, fields, not_fitting


def save_profile(*, customer: Customer, edited: Edited, zone: ZoneInfo, actor: Actor) -> frozenset[str]:
    """All of it or nothing; returns the names and codes that changed. Raises NotSaved."""
    contested: Contested | None = None
    fields: FieldsContested | None = None
    not_fitting: NotFitting | None = None
    changed: frozenset[str] = frozenset()
    with transaction.atomic():
        try:
            changed = describe_customer(
                customer=customer, details=edited.details, actor=actor, based_on=edited.based_on
            )
        except Contested as error:
            contested = error
        try:
            changed |= set_fields(customer=customer, typed=edited.typed, zone=zone, actor=actor, based_on=edited.was)
        except FieldsContested as error:
            fields = error
        except NotFitting as error:
            not_fitting = error
        if contested or fields or not_fitting:
            transaction.set_rollback(True)
    if contested or fields or not_fitting:
        raise NotSaved(contested, fields, not_fitting)
    return changed
