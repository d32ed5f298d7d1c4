"""A note for the timeline: formatted by the editor, or typed into the plain field."""

import re

from django import forms

from core.templatetags.prose import prose
from core.text import clean_text
from customers.services.timeline_noting import LONGEST

_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


class TimelineNoteForm(forms.Form):
    """`html` comes from the editor, `text` from a browser without scripts."""

    html = forms.CharField(required=False, strip=False, max_length=LONGEST)
    text = forms.CharField(required=False, strip=False, max_length=LONGEST)

    def markup(self) -> str:
        return self.cleaned_data["html"] or rich_text_of(self.cleaned_data["text"])


def rich_text_of(text: str) -> str:
    """What was typed into a plain field: a blank line parts paragraphs, web addresses become links."""
    paragraphs = _BLANK_LINES.split(clean_text(text).strip())
    return "".join(f"<p>{_lines(one)}</p>" for one in paragraphs if one)


def _lines(paragraph: str) -> str:
    return str(prose(paragraph)).replace("\n", "<br>")
