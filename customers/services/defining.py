"""Define custom fields (F8): what can be said of customers, orders and tickets beside what every shop says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from accounts.kinds import SYSTEM, Actor
from accounts.services.numbering import next_number
from core.text import clean_text
from customers.field_codes import check_code, make_code
from customers.kinds import CustomFieldEvent, FieldKind, FieldTarget
from customers.models import CustomField, FieldOption
from events.services.recording import record
from events.wording import list_changes

MOST_FIELDS = 100  # of one target
MOST_OPTIONS = 500  # of one field
LABELS = {
    "name": "Name",
    "is_active": "Active",
    "is_required": "Required",
    "default": "Default",
    "in_list": "In lists",
    "in_filter": "In filters",
    "in_bulk": "In bulk edits",
    "options": "Options",
    "place": "Place",
}


class TooMany(Exception):
    """A workspace has at most a hundred fields of one target, a field at most five hundred options."""


class CodeTaken(Exception):
    """Another field of this target, or another option of this field, has the code."""


@dataclass(frozen=True)
class FieldDraft:
    """A field as an admin describes it. Without a `code` one is made from the name.

    `default` is as `field_values.read_value` reads it, moments with their offset; of a new list it may name the labels.
    """

    name: str
    code: str = ""
    is_required: bool = False
    default: str = ""
    in_list: bool = False
    in_filter: bool = False
    in_bulk: bool = False


@dataclass(frozen=True)
class OptionDraft:
    """An option in its place; without a `code` one is made from the label."""

    label: str
    code: str = ""
    is_active: bool = True


def define_field(
    *, target: FieldTarget, kind: FieldKind, draft: FieldDraft, options: Sequence[OptionDraft] = (), actor: Actor
) -> CustomField:
    """Add a field after the others of its target. Raises field_codes.BadCode, CodeTaken, TooMany."""
    with transaction.atomic():
        codes = list(CustomField.objects.of(target).values_list("code", flat=True))
        if len(codes) >= MOST_FIELDS:
            raise TooMany
        field = CustomField(
            number=next_number("custom_field"),
            target=target,
            kind=kind,
            code=check_code(draft.code) if draft.code else make_code(draft.name, taken=frozenset(codes)),
            position=len(codes),
        )
        if field.code in codes:
            raise CodeTaken
        _describe(field, draft)
        _save_new(field)
        if kind.has_options:
            set_options(field=field, options=options)
            _code_default(field)
        data = {"code": field.code, "target": field.target}
        record(CustomFieldEvent.DEFINED, subject=field, actor=actor, data=data)
    return field


def edit_field(*, field: CustomField, draft: FieldDraft, actor: Actor) -> CustomField:
    """Change everything but kind and code: values and programs hang on those."""
    with transaction.atomic():
        field = CustomField.objects.locked(field)
        before = _in_words(field)
        _describe(field, draft)
        field.save()
        _record_edited(field, before, actor)
    return field


def switch_field(*, field: CustomField, is_active: bool, actor: Actor) -> CustomField:
    """Off, it is neither asked for nor filtered by; what was said stays readable (F14)."""
    with transaction.atomic():
        field = CustomField.objects.locked(field)
        if field.is_active != is_active:
            before = _in_words(field)
            field.is_active = is_active
            field.save(update_fields=["is_active"])
            _record_edited(field, before, actor)
    return field


def move_field(*, field: CustomField, by: int, actor: Actor = SYSTEM) -> None:
    """One place up (-1) or down (1) among the fields of its target."""
    with transaction.atomic():
        fields = list(CustomField.objects.of(FieldTarget(field.target)).select_for_update(no_key=True))
        place = next(place for place, one in enumerate(fields) if one.pk == field.pk)
        there = min(max(place + by, 0), len(fields) - 1)
        fields.insert(there, fields.pop(place))
        for position, one in enumerate(fields):
            one.position = position
        CustomField.objects.bulk_update(fields, ["position"])
        if there != place:
            _record_edited(fields[there], {**_in_words(fields[there]), "place": place + 1}, actor)


def set_options(*, field: CustomField, options: Sequence[OptionDraft]) -> None:
    """The options in their order. One left out is switched off, not deleted: it may stand on somebody's profile.

    Raises TooMany, CodeTaken, field_codes.BadCode.
    """
    if len(options) > MOST_OPTIONS:
        raise TooMany
    with transaction.atomic():
        known = {one.code: one for one in FieldOption.objects.filter(field=field).select_for_update(no_key=True)}
        kept: list[str] = []
        for position, draft in enumerate(options):
            code = check_code(draft.code) if draft.code else _code_of(draft.label, known, kept)
            if code in kept:
                raise CodeTaken
            kept.append(code)
            option = known.get(code) or FieldOption(field=field, code=code)
            option.label, option.position = _one_line(draft.label)[:100], position
            option.is_active = draft.is_active
            option.save()
        for code, option in known.items():
            if code not in kept and option.is_active:
                option.is_active = False
                option.save(update_fields=["is_active"])


def edit_options(*, field: CustomField, options: Sequence[OptionDraft], actor: Actor) -> None:
    """The options of a field that is there already, as `set_options`."""
    with transaction.atomic():
        before = _in_words(field)
        set_options(field=field, options=options)
        _record_edited(field, before, actor)


def _code_of(label: str, known: dict[str, FieldOption], kept: Sequence[str]) -> str:
    """A label that was there before keeps its code."""
    wanted = _one_line(label)
    same = [code for code, one in known.items() if one.label == wanted and code not in kept]
    return same[0] if same else make_code(label, taken=frozenset(known) | set(kept), fallback="option")


def _code_default(field: CustomField) -> None:
    """The choices a default names by their labels have codes now."""
    codes = dict(FieldOption.objects.filter(field=field).values_list("label", "code"))
    coded = ";".join(codes.get(part, part) for part in field.default.split(";"))
    if coded != field.default:
        field.default = coded
        field.save(update_fields=["default"])


def _describe(field: CustomField, draft: FieldDraft) -> None:
    field.name = _one_line(draft.name)[:100]
    field.is_required, field.default = draft.is_required, clean_text(draft.default).strip()
    field.in_list, field.in_filter, field.in_bulk = draft.in_list, draft.in_filter, draft.in_bulk


def _save_new(field: CustomField) -> None:
    try:
        with transaction.atomic():
            field.save(force_insert=True)
    except IntegrityError as error:  # a colleague was quicker
        raise CodeTaken from error


def _in_words(field: CustomField) -> dict[str, Any]:
    """What an admin may change of it, as the audit tells it."""
    options = FieldOption.objects.filter(field=field).order_by("position", "pk")
    return {
        "name": field.name,
        "is_active": field.is_active,
        "is_required": field.is_required,
        "default": field.default,
        "in_list": field.in_list,
        "in_filter": field.in_filter,
        "in_bulk": field.in_bulk,
        "options": ", ".join(one.label if one.is_active else f"{one.label} (not active)" for one in options),
        "place": field.position + 1,
    }


def _record_edited(field: CustomField, before: Mapping[str, Any], actor: Actor) -> None:
    """Nothing for a form that was sent as it came."""
    if changes := list_changes(before, _in_words(field), labels=LABELS):
        data = {"code": field.code, "target": field.target, "changes": changes}
        record(CustomFieldEvent.EDITED, subject=field, actor=actor, data=data)


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())
