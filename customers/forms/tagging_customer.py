"""The words on a customer, typed with commas between them."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from core.text import fold
from customers.services.tagging_customer import LONGEST, MOST, BadTag, clean_tag


class TagsForm(forms.Form):
    """What stood there when the page was opened goes along: only what somebody put on or took off is written."""

    tags = forms.CharField(required=False, help_text="Put commas between them.")

    def __init__(self, data: QueryDict | None = None, *, held: Sequence[str]) -> None:
        super().__init__(data, initial={"tags": ", ".join(held)})
        self.fields["tags"].show_hidden_initial = True
        self.fields["tags"].widget.attrs |= {"dir": "auto", "autocomplete": "off", "list": "tags-in-use"}

    def clean_tags(self) -> tuple[str, ...]:
        try:
            names = {fold(name): clean_tag(name) for name in _pieces(self.cleaned_data["tags"])}
        except BadTag as error:
            raise forms.ValidationError(f"“{error}” is too long: a tag has at most {LONGEST} characters.") from error
        if len(names) > MOST:
            raise forms.ValidationError(f"At most {MOST} tags.")
        return tuple(names.values())

    def added(self) -> tuple[str, ...]:
        before = {fold(name) for name in self._before()}
        return tuple(name for name in self.cleaned_data["tags"] if fold(name) not in before)

    def removed(self) -> tuple[str, ...]:
        kept = {fold(name) for name in self.cleaned_data["tags"]}
        return tuple(name for name in self._before() if fold(name) not in kept)

    def refuse_number(self) -> None:
        """With those a colleague put on meanwhile there are too many."""
        self.add_error("tags", f"With those a colleague added meanwhile there would be more than {MOST}.")

    def _before(self) -> list[str]:
        return _pieces(self.data.get(self.add_initial_prefix("tags"), self.initial["tags"]))


def _pieces(typed: str) -> list[str]:
    return [piece.strip() for piece in typed.split(",") if fold(piece)]
