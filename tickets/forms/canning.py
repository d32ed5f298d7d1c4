"""Input of the page of canned replies."""

from typing import Any

from django import forms

from core.html import html_to_text
from tickets.forms.drafting import HTML_LIMIT
from tickets.models import Inbox
from tickets.models.inbox import InboxQuerySet
from tickets.services.drafting import as_html


class CannedReplyForm(forms.Form):
    """`html` comes from the editor, `text` from the plain field without scripts; `html` wins when present.

    `inbox` is a number, empty for all; `for_all` is offered to admins only.
    """

    title = forms.CharField(max_length=100)
    html = forms.CharField(max_length=HTML_LIMIT, required=False, strip=False)
    text = forms.CharField(max_length=HTML_LIMIT, required=False, strip=False)
    inbox = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    for_all = forms.BooleanField(required=False)

    def __init__(self, *args: object, inboxes: InboxQuerySet, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Form's own arguments, passed on
        self._inboxes = inboxes

    def clean_inbox(self) -> Inbox | None:
        number = self.cleaned_data["inbox"]
        if number is None:
            return None
        inbox = self._inboxes.filter(number=number).first()
        if inbox is None:
            raise forms.ValidationError("There is no such inbox.")
        return inbox

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        written = values.get("html") or as_html(values.get("text") or "")
        if not html_to_text(written).strip():
            self.add_error("text", "Write the text of the reply.")
        values["html"] = written
        return values
