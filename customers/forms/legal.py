"""Whom a contract with the customer names, and their bank, as fields of the form (F30)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.formats import date_format

from customers.forms.contesting import contested
from customers.forms.countries import CountryField, read_country
from customers.legal.checking import check
from customers.legal.fields import LegalField, fields_for
from customers.legal.kinds import ContractorType, Kind
from customers.services.saving_legal import LENGTHS, NAMES, Legal

CONTRACTORS = (ContractorType.LEGAL_ENTITY, ContractorType.SOLE_TRADER)


@dataclass(frozen=True)
class LegalInput:
    """One field beside its label. `only` is the one type of contractor that has it, "" where both have."""

    field: BoundField
    label: str
    hint: str
    warning: str
    only: str
    is_required: bool


class LegalForm(forms.Form):
    """All that contractors of the country may have; the page shows what belongs to the chosen type.

    A number that looks wrong is pointed out and saved all the same.
    """

    contractor_type = forms.ChoiceField(required=False, choices=ContractorType.choices, label="Contractor type")

    def __init__(self, data: QueryDict | None = None, *, said: Legal, site: str) -> None:
        """`site` is the country where `said` names none (D18)."""
        super().__init__(data, prefix="legal", initial=asdict(said))
        self._said, self._site = said, site
        self.fields["country"] = CountryField(label="Country of the contractor")
        for kind in Kind:
            self.fields[str(kind)] = _field(kind)
        for field in self.fields.values():
            field.show_hidden_initial = True
        self._is_sent = self.is_bound and self.add_prefix("contractor_type") in self.data

    @property
    def country_code(self) -> str:
        """By whose rules the fields are called and judged."""
        return read_country(str(self["country"].value() or "")) or self._site

    @property
    def detail_inputs(self) -> Sequence[LegalInput]:
        """Those of legal details, in the order of the country's form."""
        return [self._input(of) for of in self._shown() if not next(iter(of.values())).is_bank]

    @property
    def bank_inputs(self) -> Sequence[LegalInput]:
        """Those of the bank."""
        return [self._input(of) for of in self._shown() if next(iter(of.values())).is_bank]

    def legal(self) -> Legal:
        """What was typed. A field that was not on the page says what it said before."""
        if not self._is_sent:
            return self._said
        said = asdict(self._said)
        return Legal(
            **{name: self.cleaned_data[name] if self.add_prefix(name) in self.data else said[name] for name in NAMES}
        )

    def based_on(self) -> Legal:
        """What the page showed when it was opened; what is said now where the form does not tell."""
        return Legal(**{name: self._was(name) for name in NAMES}) if self._is_sent else self._said

    def clean_contractor_type(self) -> str:
        return str(self.cleaned_data["contractor_type"] or ContractorType.INDIVIDUAL)

    def contest(self, names: Iterable[str], theirs: Legal, who: Mapping[str, str]) -> None:
        """Say beside its field what a colleague wrote there meanwhile; saved again, the form writes over that."""
        given: Any = self.data
        data = given.copy()
        for name in names:
            data[self.add_initial_prefix(name)] = self._raw(name, theirs)
        self.data = data
        self.full_clean()
        for name in names:
            self.add_error(name, contested(self._worded(name, theirs), who=who.get(name, "")))

    def _shown(self) -> Sequence[Mapping[ContractorType, LegalField]]:
        """By type, each kind once; bank details and what the country hardly knows come last."""
        found: dict[Kind, dict[ContractorType, LegalField]] = {}
        for contractor in CONTRACTORS:
            for one in fields_for(self.country_code, contractor):
                found.setdefault(one.kind, {})[contractor] = one
        return [of for kind, of in found.items() if self._is_usual(kind, of) or self[str(kind)].value()]

    def _is_usual(self, kind: Kind, of: Mapping[ContractorType, LegalField]) -> bool:
        return any(one.is_usual for one in of.values()) or bool(self[str(kind)].errors)

    def _input(self, of: Mapping[ContractorType, LegalField]) -> LegalInput:
        first = next(iter(of.values()))
        # What belongs to another type than the chosen one is said only while none is chosen.
        said = {contractor: one for contractor, one in of.items() if contractor == self._chosen} or of
        labels = dict.fromkeys(one.label for one in said.values())
        hints = {one.hint: contractor for contractor, one in said.items() if one.hint}
        worded = [hint if len(hints) == 1 else f"{of_type.label}: {hint}" for hint, of_type in hints.items()]
        return LegalInput(
            field=self[str(first.kind)],
            label=" / ".join(labels),
            hint="; ".join(worded),
            warning=self._warn(first.kind),
            only=str(next(iter(of))) if len(of) == 1 else "",
            is_required=first.is_required,
        )

    def _warn(self, kind: Kind) -> str:
        typed = self[str(kind)].value()
        if kind is Kind.CERTIFICATE_DATE or not typed:
            return ""
        bik = str(self["bik"].value() or "")
        return check(kind, str(typed), country=self.country_code, bik=bik, contractor_type=self._chosen).warning

    @property
    def _chosen(self) -> ContractorType | None:
        chosen = self["contractor_type"].value()
        return ContractorType(chosen) if chosen in ContractorType.values else None

    def _was(self, name: str) -> Any:
        raw = self.data.get(self.add_initial_prefix(name))
        if raw is None:
            return getattr(self._said, name)
        try:
            value = self.fields[name].clean(raw)
        except forms.ValidationError:
            return getattr(self._said, name)
        return value or str(ContractorType.INDIVIDUAL) if name == "contractor_type" else value

    def _raw(self, name: str, legal: Legal) -> str:
        return str(self.fields[name].prepare_value(getattr(legal, name)) or "")

    def _worded(self, name: str, legal: Legal) -> str:
        value = getattr(legal, name)
        if name == "contractor_type":
            return str(ContractorType(value).label)
        return date_format(value) if isinstance(value, date) else self._raw(name, legal)


def _field(kind: Kind) -> forms.Field:
    if kind is Kind.CERTIFICATE_DATE:
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(required=False, widget=day)
    field = forms.CharField(required=False, max_length=LENGTHS[str(kind)])
    field.widget.attrs |= {"dir": "auto", "autocomplete": "off"}
    return field
