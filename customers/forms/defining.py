"""A custom field as an admin describes it."""

from typing import Any

from django import forms

from core.text import clean_text
from customers.field_codes import BadCode, check_code
from customers.kinds import FieldKind
from customers.models import CustomField
from customers.services.defining import MOST_OPTIONS, FieldDraft, OptionDraft


class FieldForm(forms.Form):
    """Kind and code are chosen once: values and programs hang on them."""

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
        help_text="For lists: one on each line, in their order. One taken away stays where it was chosen.",
    )
    default = forms.CharField(label="Filled in at first", max_length=255, required=False)
    is_required = forms.BooleanField(label="Must not be emptied", required=False)

    def __init__(self, data: Any = None, *, field: CustomField | None = None) -> None:
        initial: dict[str, Any] = {}
        if field:
            initial = {"name": field.name, "default": field.default, "is_required": field.is_required}
            rows = sorted(field.options.all(), key=lambda one: (one.position, one.pk))
            initial["options"] = "\n".join(one.label for one in rows if one.is_active)
        super().__init__(data, initial=initial)
        if field:
            del self.fields["kind"], self.fields["code"]
            if not FieldKind(field.kind).has_options:
                del self.fields["options"]

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
        if len(labels) > MOST_OPTIONS:
            raise forms.ValidationError(f"At most {MOST_OPTIONS} choices.")
        if any(len(label) > 100 for label in labels):
            raise forms.ValidationError("A choice has at most 100 characters.")
        return [OptionDraft(label) for label in labels]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        kind = given.get("kind")
        if kind and FieldKind(kind).has_options and not given.get("options") and "options" not in self.errors:
            self.add_error("options", "Write at least one choice.")
        return given

    def draft(self) -> FieldDraft:
        given = self.cleaned_data
        return FieldDraft(
            name=given["name"], code=given.get("code", ""), default=given["default"], is_required=given["is_required"]
        )
