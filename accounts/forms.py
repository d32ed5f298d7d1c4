"""Input of accounts' pages."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import QueryDict

from accounts.kinds import Role
from accounts.models import Membership
from accounts.profile_registry import ProfileForm
from accounts.services import personalizing
from accounts.settings_registry import SettingKey, all_settings


class PersonalForm(ProfileForm):
    """What is the member's own in this workspace."""

    def __init__(self, member: Membership, data: QueryDict | None, prefix: str) -> None:
        super().__init__(member, data, prefix)
        choices = [(name, name.replace("_", " ")) for name in _time_zones()]
        self.fields["time_zone"] = forms.ChoiceField(
            label="Time zone", help_text="All times are shown in it.", choices=choices
        )

    def read(self) -> dict[str, object]:
        return {"time_zone": self.member.time_zone}

    def save(self) -> None:
        personalizing.set_time_zone(member=self.member, time_zone=self.cleaned_data["time_zone"])


class WorkspaceForm(forms.Form):
    """What the workspace is called."""

    name = forms.CharField(label="Name", max_length=100)


class RoleForm(forms.Form):
    """A role for a member; the choices are what the agent may give to them."""

    role = forms.ChoiceField(label="Role", choices=Role.choices)

    def __init__(self, data: QueryDict | None, *, roles: Sequence[Role], initial: str = "") -> None:
        super().__init__(data, initial={"role": initial})
        self.fields["role"] = _role_field(roles)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class InviteForm(RoleForm):
    """Who is invited, and as what."""

    field_order = ("email", "role")
    email = forms.EmailField(label="E-mail", max_length=254)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class NewPersonForm(forms.Form):
    """What somebody sets who comes in by an invitation and is new here."""

    name = forms.CharField(label="Your name", max_length=100)
    password = forms.CharField(max_length=128, strip=False, validators=[validate_password])


class TeamNameForm(forms.Form):
    """A new team."""

    name = forms.CharField(label="Name", max_length=60)


class TeamForm(TeamNameForm):
    """A team's name and its members, by number."""

    members = forms.MultipleChoiceField(label="Members", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, data: QueryDict | None, *, members: Sequence[Membership], initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self._members = {str(member.number): member for member in members}
        field = forms.MultipleChoiceField(
            label="Members",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(number, _labelled(member)) for number, member in self._members.items()],
        )
        self.fields["members"] = field

    def clean_members(self) -> list[Membership]:
        return [self._members[number] for number in self.cleaned_data["members"]]


class SettingsForm(forms.Form):
    """One section of the workspace's settings, as the registry declares it."""

    def __init__(self, settings: Sequence[SettingKey[Any]], values: Mapping[str, Any], data: QueryDict | None) -> None:
        super().__init__(data, initial={one.key: values[one.key] for one in settings if not one.is_secret})
        self._settings = settings
        self.fields = {setting.key: setting.field() for setting in settings}

    def chosen(self) -> dict[str, Any]:
        """Checked values; what was left empty is the default, but for secrets, which then stay as they are."""
        values = {
            setting.key: self.cleaned_data[setting.key]
            for setting in self._settings
            if self.cleaned_data[setting.key] or not setting.is_secret
        }
        defaults = {setting.key: setting.default for setting in self._settings}
        return {key: defaults[key] if value in (None, "") else value for key, value in values.items()}


def settings_forms(values: Mapping[str, Any], data: QueryDict | None) -> list[tuple[str, SettingsForm]]:
    """(title, form) of each section, in order of registration."""
    order = list(dict.fromkeys(setting.section for setting in all_settings()))
    settings = sorted(all_settings(), key=lambda setting: order.index(setting.section))
    sections = groupby(settings, key=lambda setting: setting.section)
    return [(title, SettingsForm(tuple(group), values, data)) for title, group in sections]


class NewMemberForm(forms.Form):
    """Somebody who comes in. The password counts only for a person we do not know yet."""

    email = forms.EmailField(max_length=254)
    name = forms.CharField(max_length=100, required=False)
    role = forms.ChoiceField(choices=Role.choices, required=False)
    password = forms.CharField(max_length=128, required=False, strip=False, validators=[validate_password])

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"] or Role.AGENT)

    def clean_password(self) -> str | None:
        return self.cleaned_data["password"] or None


def _role_field(roles: Sequence[Role]) -> forms.ChoiceField:
    return forms.ChoiceField(label="Role", choices=[(role.value, role.label) for role in roles])


def _labelled(member: Membership) -> str:
    return member.name if member.is_active else f"{member.name} (not active)"


@cache
def _time_zones() -> tuple[str, ...]:
    # "Factory" and "localtime" stand in the list of zones and name none.
    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))
