"""The filter's fields as a form: a plain GET to the list, which reads the query string itself."""

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.models import Membership, Team
from accounts.services.listing import list_members
from customers.field_tests import FieldTest
from customers.forms.filtering_fields import inputs_of
from customers.kinds import FieldTarget
from customers.models import CustomField
from tickets.filters import TicketFilter
from tickets.kinds import Priority, Topic
from tickets.models import Inbox, Tag

ANY = ("", "Any")
MOST_TAGS = 300  # in the picker; a workspace with more finds the rest on the page of tags

STATUSES = [("open", "Open"), ("closed", "Closed"), ("snoozed", "Snoozed"), ("all", "All")]
SORTS = [
    ("newest", "Newest message first"),
    ("waiting", "Waiting for a reply, longest first"),
    ("priority", "Priority, then newest"),
    ("topic", "By topic"),
]


def _choice(label: str, choices: Iterable[tuple[Any, str]] = (), **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[ANY, *choices], **options)


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


class FilterForm(forms.Form):
    """Shows one filter. Nobody validates it: TicketFilter.parse reads what the browser sends."""

    use_required_attribute = False

    status = forms.ChoiceField(label="Status", choices=STATUSES)
    sort = forms.ChoiceField(label="Order", choices=SORTS, help_text="Orders other than by time are for open tickets.")
    assignee = _choice("Assignee")
    team = _choice("Team")
    topic = _choice("Topic", [*Topic.choices, ("none", "No topic")])
    priority = _choice("Priority", [(one.name.lower(), one.label) for one in reversed(Priority)])
    mark = _choice("Customer mark", [("vip", "VIP"), ("bad", "BAD")])
    inbox = _choice("Inbox")
    channel = _choice("Channel")
    customer = forms.IntegerField(label="Customer number", required=False, min_value=1)
    created_from = _day("Created from")
    created_to = _day("Created until")
    active_from = _day("Last message from")
    active_to = _day("Last message until")
    q = forms.CharField(label="Words", required=False, max_length=200)
    draft = forms.ChoiceField(label="My drafts", required=False, choices=[ANY, ("yes", "Has my draft")])
    tag = forms.MultipleChoiceField(label="Tags", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, chosen: TicketFilter, agent: Membership) -> None:
        super().__init__(initial=_initial(chosen), auto_id="filter-%s")
        inboxes = list(Inbox.objects.visible_to(agent).order_by("name", "number"))
        members = list_members()
        nobody = ("nobody", "Nobody")
        self._offer("assignee", [ANY, ("me", "Me"), nobody, *((one.number, one.name) for one in members)])
        self._offer("team", [ANY, ("me", "My teams"), nobody, *_named(Team.objects.order_by("name"))])
        self._offer("inbox", [ANY, *_named(inboxes)])
        kinds = sorted({one.kind for one in inboxes})
        self._offer("channel", [ANY, *((kind, kind.replace("_", " ").capitalize()) for kind in kinds)])
        self._offer("tag", list(_named(Tag.objects.order_by("name_folded")[:MOST_TAGS])))
        self._add_custom(chosen)

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def _add_custom(self, chosen: TicketFilter) -> None:
        """The fields that admins put into filters, and those asked about already."""
        tests = {test.code: test for test in chosen.custom}
        for field in CustomField.objects.of(FieldTarget.TICKET).prefetch_related("options"):
            if (field.in_filter and field.is_active) or field.code in tests:
                for name, input_, initial in inputs_of(field, tests.get(field.code, FieldTest(field.code))):
                    self.fields[name], self.initial[name] = input_, initial


def _initial(chosen: TicketFilter) -> dict[str, Any]:
    values = {name: getattr(chosen, name) for name in FilterForm.base_fields}
    return values | {"draft": "yes" if chosen.draft else "", "tag": [str(number) for number in chosen.tag]}


def _named(rows: Iterable[Any]) -> Iterable[tuple[Any, str]]:
    return ((row.number, row.name) for row in rows)
