"""What shall go to the other profile besides what was theirs."""

from django import forms
from django.http import QueryDict

MOST = 2**63 - 1


class SplitForm(forms.Form):
    """Tickets since the merge, by their ids as the page offered them; the service leaves out what is none of them."""

    def also(self) -> list[int]:
        data: QueryDict = self.data  # type: ignore[assignment]  # this form is always given a request's
        return [int(pk) for pk in data.getlist("also") if pk.isdecimal() and int(pk) <= MOST]
