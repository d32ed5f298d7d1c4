"""Choices in which an option that was switched off stays where it was chosen, gray and "Not active" (F14)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

NOT_ACTIVE = "{} (Not active)"


class OptionSelect(forms.Select):
    """Marks the options in `inactive`, so that the page shows them gray.

    Written by hand: for some hundred time zones Django's templates take longer than the rest of the page.
    """

    inactive: Collection[str] = ()

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        chosen = set(self.format_value(value))
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, self._facts(str(key), chosen), label) for key, label in self.choices),
        )
        own = flatatt({**self.build_attrs(self.attrs, attrs), "name": name})
        return format_html("<select{}>{}</select>", own, options)

    def _facts(self, key: str, chosen: Collection[str]) -> SafeString:
        selected = " selected" if key in chosen else ""
        return SafeString(selected + (" data-inactive" if key in self.inactive else ""))


class OptionBoxes(forms.CheckboxSelectMultiple):
    """The same for several choices."""

    inactive: Collection[str] = ()

    def create_option(
        self,
        name: str,
        value: Any,
        label: int | str,
        selected: bool,
        index: int,
        subindex: int | None = None,
        attrs: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        if str(value) in self.inactive:
            option["attrs"]["data-inactive"] = ""
        return option


def offer(field: forms.Field, choices: Collection[tuple[Any, str]], *, inactive: Collection[Any] = ()) -> None:
    """Give a field its choices; those in `inactive` are shown as such."""
    chooser: Any = field
    chooser.choices = [(value, NOT_ACTIVE.format(label) if value in inactive else label) for value, label in choices]
    if isinstance(field.widget, OptionSelect | OptionBoxes):
        field.widget.inactive = frozenset(str(value) for value in inactive)
