"""Input of the page that says how an inbox sends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator

from channels.base import ProviderFacts, ProviderOption
from channels.types import ProviderLogin, Security, Transport, Wire

# Where mail servers take mail of their users; anything else is no mail server of the internet.
PORTS = (587, 465, 2525, 2587, 2465, 25)
HOST = RegexValidator(r"\A[A-Za-z0-9.:-]+\Z", "Only the name of the server, like smtp.example.com")
KEEP = "Leave empty to keep the one you gave."


def _secret(label: str, *, is_kept: bool) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    help_text = KEEP if is_kept else ""
    return forms.CharField(
        label=label, max_length=4000, strip=False, required=False, widget=widget, help_text=help_text
    )


class SmtpForm(forms.Form):
    """An SMTP server. The secret stays as it is when left empty, for the same server and user only."""

    host = forms.CharField(label="Server", max_length=255, validators=[HOST], help_text="For example smtp.example.com")
    port = forms.IntegerField(label="Port", min_value=1, max_value=65535, initial=587)
    security = forms.ChoiceField(
        label="Security", choices=[(one.value, one.label) for one in Security], initial=Security.STARTTLS.value
    )
    user = forms.CharField(label="User", max_length=320, required=False)
    by_token = forms.BooleanField(label="It is an OAuth 2 access token", required=False)
    field_order = ("host", "port", "security", "user", "secret", "by_token")

    def __init__(self, saved: Transport | None, data: Any = None) -> None:
        self._saved = saved if isinstance(saved, Wire) else None
        super().__init__(data, initial=_initial(self._saved))
        self.fields["secret"] = _secret("Password or access token", is_kept=bool(self._saved and self._saved.password))
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.errors or settings.MAIL_ALLOW_PRIVATE:
            return self._with_secret(given)
        if given["port"] not in PORTS:
            self.add_error("port", f"Mail is taken at the ports {', '.join(map(str, PORTS))}.")
        if given["user"] and given["security"] == Security.NONE.value:
            self.add_error("security", "A password goes over TLS only.")
        return self._with_secret(given)

    def transport(self) -> Transport:
        """What was asked for, with the secret that was given or kept."""
        return _wire(self.cleaned_data)

    def _with_secret(self, given: dict[str, Any]) -> dict[str, Any]:
        if self.errors or not given["user"] or given["secret"]:
            return given
        saved = self._saved
        if saved is not None and _wire({**given, "secret": saved.password}) == saved:
            return {**given, "secret": saved.password}
        self.add_error("secret", "Give the password or token for this server and user.")
        return given


class ProviderForm(forms.Form):
    """A provider's API. The secret stays as it is when left empty and nothing else changed."""

    def __init__(self, facts: ProviderFacts, saved: Transport | None, data: Any = None) -> None:
        self._facts = facts
        self._saved = saved if isinstance(saved, ProviderLogin) and saved.provider == facts.name else None
        super().__init__(data, initial=dict(self._saved.options) if self._saved else None)
        for option in facts.options:
            self.fields[option.name] = _option_field(option)
        self.fields["secret"] = _secret(facts.secret_label, is_kept=self._saved is not None)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.errors or given["secret"]:
            return given
        saved = self._saved
        if saved is not None and dict(saved.options) == self._options(given):
            return {**given, "secret": saved.secret}
        self.add_error("secret", f"Give the {self._facts.secret_label[0].lower()}{self._facts.secret_label[1:]}.")
        return given

    def transport(self) -> Transport:
        """What was asked for, with the secret that was given or kept."""
        given = self.cleaned_data
        public_only = not settings.MAIL_ALLOW_PRIVATE
        return ProviderLogin(self._facts.name, given["secret"].strip(), self._options(given), public_only)

    def _options(self, given: dict[str, Any]) -> dict[str, str]:
        return {option.name: given[option.name] for option in self._facts.options}


def _option_field(option: ProviderOption) -> forms.Field:
    if option.choices:
        return forms.ChoiceField(label=option.label, choices=option.choices, help_text=option.help_text)
    fits = RegexValidator(rf"\A(?:{option.pattern})\Z", "This does not look right.")
    return forms.CharField(label=option.label, max_length=300, help_text=option.help_text, validators=[fits])


def _initial(saved: Wire | None) -> dict[str, Any] | None:
    if saved is None:
        return None
    security = Security.TLS if saved.tls else Security.STARTTLS if saved.starttls else Security.NONE
    plain = {name: getattr(saved, name) for name in ("host", "port", "user", "by_token")}
    return {**plain, "security": security.value}


def _wire(given: dict[str, Any]) -> Wire:
    return Wire(
        host=given["host"].lower(),
        port=given["port"],
        user=given["user"],
        password=given["secret"] if given["user"] else "",
        starttls=given["security"] == Security.STARTTLS.value,
        tls=given["security"] == Security.TLS.value,
        timeout=settings.EMAIL_TIMEOUT,
        by_token=given["by_token"],
        public_only=not settings.MAIL_ALLOW_PRIVATE,
    )
