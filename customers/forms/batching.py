"""Input of changing many customers: which ones, what to do, with what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict

from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from core.database.among import Among
from core.database.bounding import TookTooLong, bounded
from customers.field_values import BadValue, read_value, write_value
from customers.filters import SECONDS, CustomerFilter, narrow
from customers.kinds import FieldKind, FieldTarget
from customers.models import Customer, CustomField
from customers.models.customer import CustomerQuerySet
from customers.services import tagging_customer
from customers.services.verbs import VERBS
from customers.stores import read_stores
from jobs.services.batching import MOST

MOST_TICKED = 1000  # boxes at once; more is "everybody in this list"
NONE = "none"  # what takes a manager or a store away


class SelectionForm(forms.Form):
    """Customers by number, or everybody that a list's query string names."""

    query = forms.CharField(required=False, max_length=8000)
    everything = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict, agent: Membership) -> None:
        super().__init__(data)
        self.sent, self.agent = data, agent
        self.numbers = [int(one) for one in data.getlist("number")[:MOST_TICKED] if one.isdecimal() and len(one) < 19]

    def chosen_list(self) -> CustomerFilter:
        """The filter of the list they were chosen in. Of a valid form."""
        return CustomerFilter.parse(self.cleaned_data["query"])

    def ids(self) -> list[int]:
        """Of those chosen, the newest where there are more than a job takes. Raises TookTooLong."""
        with bounded(seconds=SECONDS):
            chosen = self._chosen().values_list("pk", flat=True)
            # Only of very many is the order asked for: to sort is quick there, and slow where hardly anybody fits.
            found = list(chosen.order_by()[: MOST + 1])
            return found if len(found) <= MOST else list(chosen.order_by("-number")[:MOST])

    def first(self, most: int) -> list[Customer]:
        """The first of those chosen, by number. Raises TookTooLong."""
        with bounded(seconds=SECONDS):
            return list(self._chosen().order_by("number")[:most])

    def count(self) -> int:
        """How many are chosen, as far as a job goes. Raises TookTooLong."""
        return len(self.ids())

    def total(self) -> int | None:
        """How many the list has, one more than a job takes at most; None where counting takes too long."""
        try:
            with bounded(seconds=SECONDS):
                return narrow(self.chosen_list(), self.agent).order_by()[: MOST + 1].count()
        except TookTooLong:
            return None

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values of hidden fields that choose the same again."""
        pairs = [("query", self.cleaned_data["query"])]
        if self.cleaned_data["everything"]:
            return [*pairs, ("everything", "1")]
        return [*pairs, *(("number", str(number)) for number in self.numbers)]

    def _chosen(self) -> CustomerQuerySet:
        if self.cleaned_data["everything"]:
            return narrow(self.chosen_list(), self.agent)
        chosen: CustomerQuerySet = Customer.objects.filter(Among("number", self.numbers))
        return chosen


class BatchForm(SelectionForm):
    """`act` is a verb, or a verb, a colon and what it needs: "manager:3", "vip:yes", "field:size"."""

    act = forms.CharField(max_length=80, error_messages={"required": "Choose what to do."})
    tag = forms.CharField(required=False, max_length=tagging_customer.LONGEST * 4)

    def clean_act(self) -> tuple[str, str]:
        verb, _, argument = self.cleaned_data["act"].partition(":")
        if verb not in VERBS:
            raise forms.ValidationError("Choose what to do.")
        return verb, argument

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if "act" in values:
            verb, argument = values["act"]
            values["verb"], values["values"] = verb, READERS[verb](argument, self)
        return values

    def problem(self) -> str:
        return " ".join(str(error) for errors in self.errors.values() for error in errors)

    def typed(self, field: CustomField) -> str:
        """What was sent for a custom field; several choices are several values of one name."""
        return ";".join(one for one in self.sent.getlist(f"custom_{field.code}") if one)


Reader = Callable[[str, BatchForm], dict[str, Any]]


def offered_fields() -> Sequence[CustomField]:
    """The custom fields that admins let be set for many at once, with their options."""
    fields = CustomField.objects.of(FieldTarget.CUSTOMER).active().filter(in_bulk=True)
    return list(fields.prefetch_related("options"))


def _nothing(argument: str, form: BatchForm) -> dict[str, Any]:
    return {}


def _manager(argument: str, form: BatchForm) -> dict[str, Any]:
    if argument == NONE:
        return {"manager_id": None}
    members = Membership.objects.active().of_tenant(active_tenant_id())
    member = form.agent if argument == "me" else members.filter(number=_number(argument)).first()
    if member is None:
        raise forms.ValidationError("This person is not a member any more.")
    return {"manager_id": member.pk}


def _store(argument: str, form: BatchForm) -> dict[str, Any]:
    if argument == NONE:
        return {"store_number": None}
    store = read_stores().get(_number(argument))
    if store is None or not store.is_active:
        raise forms.ValidationError("This store is not connected any more.")
    return {"store_number": store.number}


def _number(argument: str) -> int:
    if not argument.isdecimal() or len(argument) > 9:
        raise forms.ValidationError("Choose from the list.")
    return int(argument)


def _mark(name: str) -> Reader:
    return lambda argument, form: {name: argument == "yes"}


def _tag(argument: str, form: BatchForm) -> dict[str, Any]:
    """As an argument, or as it was typed."""
    typed = argument or form.cleaned_data.get("tag", "")
    if not typed:
        raise forms.ValidationError("Write a tag.")
    try:
        return {"tag": tagging_customer.clean_tag(typed)}
    except tagging_customer.BadTag as error:
        longest = tagging_customer.LONGEST
        raise forms.ValidationError(f"A tag has at most {longest} characters and no comma.") from error


def _field(argument: str, form: BatchForm) -> dict[str, Any]:
    """The value is judged now and written as everybody's anew."""
    field = next((one for one in offered_fields() if one.code == argument), None)
    if field is None:
        raise forms.ValidationError("This field cannot be set for many any more.")
    zone, typed = ZoneInfo(form.agent.time_zone), form.typed(field)
    options = [one.code for one in field.options.all() if one.is_active]
    try:
        value = read_value(FieldKind(field.kind), typed, zone=zone, options=options)
    except BadValue as error:
        raise forms.ValidationError(f"{field.name}: {error}") from error
    if value.is_empty and field.is_required:
        raise forms.ValidationError(f"{field.name} must be filled in.")
    return {"code": field.code, "typed": typed, "written": write_value(value, zone=zone), "zone": str(zone)}


# A verb that can be done to many stands in VERBS; what it needs is read here.
READERS: Mapping[str, Reader] = {
    "manager": _manager,
    "store": _store,
    "vip": _mark("is_vip"),
    "bad": _mark("is_bad"),
    "tag": _tag,
    "untag": _tag,
    "field": _field,
    "delete": _nothing,
    "restore": _nothing,
}
