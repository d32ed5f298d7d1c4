"""What somebody chose on the merge page, and what the page had shown them."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.http import QueryDict

from customers.services.merging.choosing import BOTH, MINE, THEIRS
from customers.services.merging.concluding import Picks

KEEP, MAIN = "keep-", "main-"  # before the code of a field, before the kind of a contact
MOST = 2**63 - 1


class PairForm(forms.Form):
    """Which profile goes into the one of the page, where to go afterwards, and whether to keep all of one side."""

    other = forms.IntegerField(min_value=1, max_value=MOST)
    next = forms.CharField(required=False, max_length=2000)
    keep = forms.ChoiceField(required=False, choices=[("", ""), (MINE, ""), (THEIRS, "")])


class PicksForm(forms.Form):
    """Which fields and contacts there are is for the service to know: what it does not know it leaves out."""

    seen = forms.JSONField(required=False)
    confirmed = forms.BooleanField(required=False)

    def picks(self) -> Picks:
        """Of an invalid form too: then nothing was seen, and the page comes back."""
        data: QueryDict = self.data  # type: ignore[assignment]  # this form is always given a request's
        self.full_clean()
        sent = [(name, str(data.get(name, ""))) for name in data]
        kept = {name.removeprefix(KEEP): side for name, side in sent if name.startswith(KEEP)}
        mains = [pk for name, pk in sent if name.startswith(MAIN)]
        seen = self.cleaned_data.get("seen")
        return Picks(
            kept={code: side for code, side in kept.items() if side in (MINE, THEIRS, BOTH)},
            mains=[int(pk) for pk in mains if pk.isdecimal() and int(pk) <= MOST],
            seen=seen if isinstance(seen, Mapping) else {},
            accepted=data.getlist("accepted"),
        )
