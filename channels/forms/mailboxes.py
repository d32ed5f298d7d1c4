"""Input of the page where a mailbox is connected."""

from typing import Any

from django import forms

from channels.models import MailAccount
from channels.types import MailboxLogin, Security


class MailboxForm(forms.Form):
    """How to open a mailbox. The secret stays as it is when left empty."""

    host = forms.CharField(label="Server", max_length=255, help_text="For example imap.example.com")
    port = forms.IntegerField(label="Port", min_value=1, max_value=65535, initial=993)
    security = forms.ChoiceField(label="Security", choices=[(one.value, one.label) for one in Security])
    user = forms.CharField(label="User", max_length=320)
    secret = forms.CharField(
        label="Password or access token",
        max_length=4000,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    by_token = forms.BooleanField(label="It is an OAuth 2 access token", required=False)
    folder = forms.CharField(label="Folder", max_length=255, initial="INBOX")

    def __init__(self, account: MailAccount | None, data: Any = None) -> None:
        self._account = account
        names = ("host", "port", "security", "user", "by_token", "folder")
        super().__init__(data, initial={name: getattr(account, name) for name in names} if account else None)
        self.fields["secret"].help_text = "Leave empty to keep the one you gave." if account else ""

    def clean_secret(self) -> str:
        secret = str(self.cleaned_data["secret"])
        if not secret and self._account is None:
            raise forms.ValidationError("Give the password or token.")
        return secret

    def login(self) -> MailboxLogin:
        """What to open the mailbox with. A kept secret never goes to another server or user than it was given for."""
        given = self.cleaned_data
        secret = given["secret"] or (self._account.secret if self._account else "")
        return MailboxLogin(
            host=given["host"],
            port=given["port"],
            security=Security(given["security"]),
            user=given["user"],
            secret=secret,
            by_token=given["by_token"],
            folder=given["folder"],
        )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        moved = self._account and (given.get("host"), given.get("user")) != (self._account.host, self._account.user)
        if moved and not given.get("secret") and not self.errors:
            self.add_error("secret", "Give the password or token for this server and user.")
        return given
