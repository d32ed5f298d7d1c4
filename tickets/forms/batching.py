"""Input of changing many tickets: which ones, what to do, with what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Membership, Team
from accounts.tenancy import active_tenant_id
from customers.field_values import BadValue, read_value, write_value
from customers.forms.setting_fields import CustomFieldsForm
from customers.kinds import FieldKind, FieldTarget
from customers.models import CustomField
from customers.services.following import find_alive
from tickets.filters import TicketFilter
from tickets.kinds import Priority, Topic
from tickets.models import Tag, Ticket
from tickets.services import tagging
from tickets.services.verbs import VERBS

MOST_TICKED = 1000  # boxes at once; more is "everything in this view"
BIGGEST = 2**63 - 1
NONE = "none"  # what takes an assignee, a team, a topic or a customer away


class SelectionForm(forms.Form):
    """Tickets by number, or everything that a list's query string names."""

    query = forms.CharField(required=False, max_length=4000)
    everything = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict, agent: Membership) -> None:
        super().__init__(data)
        self.agent = agent
        self.numbers = [int(one) for one in data.getlist("number")[:MOST_TICKED] if one.isdecimal() and len(one) < 19]

    def tickets(self) -> Any:
        """Those chosen that the agent sees. Call when valid."""
        if self.cleaned_data["everything"]:
            return self.chosen_view().apply(self.agent).unmerged()
        return Ticket.objects.visible_to(self.agent).filter(number__in=self.numbers)

    def chosen_view(self) -> TicketFilter:
        return TicketFilter.parse(self.cleaned_data["query"])

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values of hidden fields that choose the same again."""
        pairs = [("query", self.cleaned_data["query"])]
        if self.cleaned_data["everything"]:
            return [*pairs, ("everything", "1")]
        return [*pairs, *(("number", str(number)) for number in self.numbers)]


class BatchForm(SelectionForm):
    """`act` is a verb, or a verb, a colon and what it needs: "close", "assign:3", "team:none"."""

    act = forms.CharField(max_length=80)
    tag = forms.CharField(required=False, max_length=tagging.LONGEST)
    customer = forms.IntegerField(required=False, min_value=0, max_value=BIGGEST)
    into = forms.IntegerField(required=False, min_value=1, max_value=BIGGEST)

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


Reader = Callable[[str, BatchForm], dict[str, Any]]


def _nothing(argument: str, form: BatchForm) -> dict[str, Any]:
    return {}


def _number(argument: str) -> int:
    if not argument.isdecimal() or len(argument) > 9:
        raise forms.ValidationError("Choose from the list.")
    return int(argument)


def _assignee(argument: str, form: BatchForm) -> dict[str, Any]:
    if argument == NONE:
        return {"assignee": None}
    members = Membership.objects.active().of_tenant(active_tenant_id())
    member = form.agent if argument == "me" else members.filter(number=_number(argument)).first()
    if member is None:
        raise forms.ValidationError("This person is not a member any more.")
    return {"assignee": member.pk}


def _team(argument: str, form: BatchForm) -> dict[str, Any]:
    if argument == NONE:
        return {"team": None}
    team = Team.objects.filter(number=_number(argument)).first()
    if team is None:
        raise forms.ValidationError("This team is not there any more.")
    return {"team": team.pk}


def _until(argument: str, form: BatchForm) -> dict[str, Any]:
    try:
        until = datetime.fromisoformat(argument)
    except ValueError as error:
        raise forms.ValidationError("Choose a time.") from error
    if until.tzinfo is None:
        until = until.replace(tzinfo=timezone.get_current_timezone())
    return {"until": until.isoformat()}


def _priority(argument: str, form: BatchForm) -> dict[str, Any]:
    number = _number(argument)
    if number not in Priority.values:
        raise forms.ValidationError("Choose a priority.")
    return {"priority": number}


def _topic(argument: str, form: BatchForm) -> dict[str, Any]:
    topic = "" if argument == NONE else argument
    if topic and topic not in Topic.values:
        raise forms.ValidationError("Choose a topic.")
    return {"topic": topic}


def _tag(argument: str, form: BatchForm) -> dict[str, Any]:
    """By number, or by the name that was typed, which makes it when there is none."""
    if argument:
        tag: Tag | None = Tag.objects.filter(number=_number(argument)).first()
        if tag is None:
            raise forms.ValidationError("This tag is not there any more.")
        return {"tag": tag.pk}
    try:
        name, actor = form.cleaned_data.get("tag", ""), form.agent.as_actor()
        return {"tag": tagging.find_or_make_tag(name=name, actor=actor).pk}
    except tagging.BadName as error:
        raise forms.ValidationError(f"A tag has a name of at most {tagging.LONGEST} characters.") from error


def _customer(argument: str, form: BatchForm) -> dict[str, Any]:
    number = form.cleaned_data.get("customer")
    if number == 0:
        return {"customer": None}
    customer = find_alive(number) if number else None
    if customer is None:
        raise forms.ValidationError("This customer is not there any more. Choose another.")
    return {"customer": customer.pk}


def _field(argument: str, form: BatchForm) -> dict[str, Any]:
    """By its code. What was typed is kept as it would be written again, so that undoing can compare."""
    field = bulk_fields().filter(code=argument).first()
    if field is None:
        raise forms.ValidationError("This field is not offered any more.")
    zone = ZoneInfo(form.agent.time_zone)
    data: Any = form.data
    inputs = CustomFieldsForm(data, fields=[field], held={}, zone=zone)
    if not inputs.is_valid():
        raise forms.ValidationError("Choose from the list.")
    codes = [one.code for one in sorted(field.options.all(), key=lambda one: (one.position, one.pk)) if one.is_active]
    try:
        value = read_value(FieldKind(field.kind), inputs.typed().get(field.code, ""), zone=zone, options=codes)
    except BadValue as error:
        raise forms.ValidationError(f"{field.name}: {error}") from error
    if field.is_required and value.is_empty:
        raise forms.ValidationError(f"{field.name} must be filled in.")
    return {"field": field.code, "typed": write_value(value, zone=zone), "zone": str(zone)}


def bulk_fields() -> QuerySet[CustomField, CustomField]:
    """The custom fields that may be set on many tickets, with their options."""
    fields: QuerySet[CustomField, CustomField] = CustomField.objects.of(FieldTarget.TICKET).active()
    return fields.filter(in_bulk=True).prefetch_related("options")


def _into(argument: str, form: BatchForm) -> dict[str, Any]:
    number = form.cleaned_data.get("into")
    target = Ticket.objects.visible_to(form.agent).unmerged().filter(number=number).first() if number else None
    if target is None:
        raise forms.ValidationError("Choose the ticket that stays.")
    return {"into": target.pk}


# A verb that can be done to many stands in VERBS; what it needs is read here.
READERS: Mapping[str, Reader] = {
    "close": _nothing,
    "reopen": _nothing,
    "assign": _assignee,
    "team": _team,
    "snooze": _until,
    "priority": _priority,
    "topic": _topic,
    "tag": _tag,
    "untag": _tag,
    "customer": _customer,
    "field": _field,
    "merge": _into,
}
