"""Input of the page of an inbox's mail provider."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from channels.base import ProviderFacts
from channels.models import ProviderHook


class HookForm(forms.Form):
    """Which provider calls."""

    provider = forms.ChoiceField(label="Mail provider")

    def __init__(self, providers: Sequence[ProviderFacts], hook: ProviderHook | None, data: Any = None) -> None:
        super().__init__(data, initial={"provider": hook.provider} if hook else None)
        field = self.fields["provider"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  it stands above
        field.choices = [(one.name, one.label) for one in providers]
