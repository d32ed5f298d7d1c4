"""A custom field as an admin describes it, and its choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict

from core.text import clean_text
from customers.field_codes import BadCode, check_code
from customers.field_values import BadValue, Value, read_value, write_value
from customers.kinds import FieldKind
from customers.models import CustomField, FieldOption
from customers.services.defining import MOST_OPTIONS, FieldDraft, OptionDraft

LONGEST_LABEL = 100
UTC = ZoneInfo("UTC")


class FieldForm(forms.Form):
    """Kind and code are chosen once: values and programs hang on them. Choices that exist have a form of their own."""

    name = forms.CharField(label="Name", max_length=100)
    kind = forms.ChoiceField(label="Type", choices=FieldKind.choices)
    code = forms.CharField(
        label="Code",
        max_length=60,
        required=False,
        help_text="By which programs call it: small letters, digits, underscores. Empty: made from the name.",
    )
    options = forms.CharField(
        label="Choices",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text="For lists: one on each line, in their order.",
    )
    default = forms.CharField(
        label="Filled in at first",
        max_length=255,
        required=False,
        help_text="Stands on everything new. Of a list: a choice as it is called; several with ; between them.",
    )
    is_required = forms.BooleanField(label="Must be filled in", required=False)
    in_list = forms.BooleanField(label="Show in lists", required=False)
    in_filter = forms.BooleanField(label="Offer in filters", required=False)
    in_bulk = forms.BooleanField(label="Offer when many are changed at once", required=False)

    def __init__(self, data: Any = None, *, field: CustomField | None = None, zone: ZoneInfo) -> None:
        self._field, self._zone = field, zone
        super().__init__(data, initial=_described(field, zone) if field else {})
        if field:
            del self.fields["kind"], self.fields["code"], self.fields["options"]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        try:
            return check_code(code) if code else ""
        except BadCode as error:
            raise forms.ValidationError(
                "Write small letters a to z, digits and underscores, a letter first."
            ) from error

    def clean_options(self) -> list[OptionDraft]:
        lines = [" ".join(clean_text(line).split()) for line in self.cleaned_data["options"].splitlines()]
        labels = list(dict.fromkeys(line for line in lines if line))
        _check_labels(labels)
        return [OptionDraft(label) for label in labels]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        kind = FieldKind(self._field.kind) if self._field else given.get("kind")
        if not kind:
            return given
        kind = FieldKind(kind)
        if kind.has_options and not self._field and not given.get("options") and "options" not in self.errors:
            self.add_error("options", "Write at least one choice.")
        if not self.errors and given["default"]:
            given["default"] = self._default(kind, given)
        return given

    def draft(self) -> FieldDraft:
        given = self.cleaned_data
        return FieldDraft(
            name=given["name"],
            code=given.get("code", ""),
            default=given["default"],
            is_required=given["is_required"],
            in_list=given["in_list"],
            in_filter=given["in_filter"],
            in_bulk=given["in_bulk"],
        )

    def _default(self, kind: FieldKind, given: Mapping[str, Any]) -> str:
        """As it is kept: choices by their codes, those still to be made by their labels; a moment in UTC."""
        typed = given["default"]
        codes = {one.label: one.code for one in _active(self._field)} if self._field else {}
        codes |= {draft.label: draft.label for draft in given.get("options") or ()}
        try:
            value = read_value(
                kind,
                _coded(typed, codes) if kind.has_options else typed,
                zone=self._zone,
                options=list(codes.values()),
            )
        except BadValue as error:
            self.add_error("default", str(error))
            return typed
        return _kept(value, typed)


class OptionsForm:
    """The choices of a field in their order, as they were sent: their codes and labels, one more label, one deed.

    `do` is "save", or "up", "down", "off", "on" with a colon and the code.
    """

    def __init__(self, data: QueryDict, field: CustomField) -> None:
        self._rows = {one.code: one for one in in_order(field.options.all())}
        self._labels = dict(zip(data.getlist("code"), data.getlist("label"), strict=False))
        self._added, self._do = _line(data.get("added", "")), data.get("do", "save")
        self.problem = ""

    def is_valid(self) -> bool:
        labels = [_line(label) for code, label in self._labels.items() if code in self._rows]
        every = [*labels, *([self._added] if self._added else [])]
        if not all(labels):
            self.problem = "A choice needs a name. Switch it off to take it away."
        elif len({label.casefold() for label in every}) < len(every):
            self.problem = "Two choices have the same name."
        else:
            try:
                _check_labels([*self._rows, self._added] if self._added else list(self._rows))
                _check_labels(every)
            except forms.ValidationError as error:
                self.problem = error.messages[0]
        return not self.problem

    def drafts(self) -> list[OptionDraft]:
        """All of them as they are to be. One that a colleague added meanwhile stays as it is."""
        deed, _, code = self._do.partition(":")
        drafts = [self._draft(row, deed if row.code == code else "") for row in self._rows.values()]
        place = next((place for place, draft in enumerate(drafts) if draft.code == code), None)
        if place is not None and deed in ("up", "down"):
            there = min(max(place + (1 if deed == "down" else -1), 0), len(drafts) - 1)
            drafts.insert(there, drafts.pop(place))
        return [*drafts, OptionDraft(self._added)] if self._added else drafts

    def _draft(self, row: FieldOption, deed: str) -> OptionDraft:
        label = _line(self._labels.get(row.code, row.label))
        is_active = {"off": False, "on": True}.get(deed, row.is_active)
        return OptionDraft(label, code=row.code, is_active=is_active)


def in_order(options: Iterable[FieldOption]) -> list[FieldOption]:
    """As the admin put them."""
    return sorted(options, key=lambda one: (one.position, one.pk))


def _described(field: CustomField, zone: ZoneInfo) -> dict[str, Any]:
    flags = ("name", "is_required", "in_list", "in_filter", "in_bulk")
    return {name: getattr(field, name) for name in flags} | {"default": _shown(field, zone)}


def _shown(field: CustomField, zone: ZoneInfo) -> str:
    kind, rows = FieldKind(field.kind), _active(field)
    if kind.has_options:
        labels = {one.code: one.label for one in rows}
        return "; ".join(labels.get(code, code) for code in field.default.split(";") if code)
    try:
        return write_value(read_value(kind, field.default, zone=UTC), zone=zone).replace("T", " ")
    except BadValue:
        return field.default


def _kept(value: Value, typed: str) -> str:
    if value.moment is not None:
        return value.moment.isoformat()
    return ";".join(value.options) if value.options else typed


def _coded(typed: str, codes: Mapping[str, str]) -> str:
    """Choices by their codes, for people write what they are called."""
    folded = {label.casefold(): code for label, code in codes.items()}
    return ";".join(folded.get(_line(part).casefold(), _line(part)) for part in typed.split(";"))


def _active(field: CustomField | None) -> list[FieldOption]:
    return [one for one in in_order(field.options.all()) if one.is_active] if field else []


def _check_labels(labels: Sequence[str]) -> None:
    if len(labels) > MOST_OPTIONS:
        raise forms.ValidationError(f"At most {MOST_OPTIONS} choices.")
    if any(len(label) > LONGEST_LABEL for label in labels):
        raise forms.ValidationError(f"A choice has at most {LONGEST_LABEL} characters.")


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())
