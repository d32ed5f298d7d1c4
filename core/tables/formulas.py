"""Keeps a spreadsheet from taking a text for a formula, in a way that can be taken back.

A text that a spreadsheet may run gets an apostrophe before it, and so does what follows a separator or a line break
inside it: where the list separator is another one than ours, the spreadsheet begins a new cell there (OWASP, "CSV
Injection"). A telephone number is guarded too: left alone, a spreadsheet makes a number of `+33612345678`, saves it
without its plus, and the number is lost; `'+33612345678` it shows and saves as it is.
"""

import re

# What begins a formula, with all characters that compatibility forms make equal to them: a spreadsheet set to
# Japanese takes the full-width ones.
_RUNS = "=@＝＠﹦﹫⁼₌"
_SIGNS = r"+\-＋－﹢﹣−⁺⁻₊₋"
# What programs trim from the beginning of a cell, and characters nobody sees. Apostrophes belong to them: a text with
# one more of them in front is guarded like the one without, which is why taking one away always restores.
_SPACES = r" \x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff"
_PASSED = rf"[{_SPACES}'\"]*"
_PASSED_AT_START = rf"[{_SPACES}\t\r\n'\"]*"

_AT_START = rf"(?={_PASSED_AT_START}[{_RUNS}{_SIGNS}]|['\"]*[\t\r\n|%])"
# A list in a note ("- milk") cannot run: a sign alone needs a call, a sheet or another program behind it. No blank of
# this pattern is a separator itself, so that many separators in a row do not cost the square of their number.
_INSIDE = rf"(?={_PASSED}(?:[{_RUNS}]|[{_SIGNS}][^,;\t\r\n]*[(|!]))"

_SEPARATOR = re.compile("[,;\t\r\n]")
_GUARDED_PLACE = re.compile(rf"\A{_AT_START}|(?<=[,;\t\r\n]){_INSIDE}")
_GUARD = re.compile(rf"\A'{_AT_START}|(?<=[,;\t\r\n])'{_INSIDE}")


def guard(text: str) -> str:
    """The text as no spreadsheet runs it, whichever separators it splits the file at."""
    if text[:1].isalnum() and not _SEPARATOR.search(text):  # most cells; looking is four times faster than replacing
        return text
    return _GUARDED_PLACE.sub("'", text)


def unguard(text: str) -> str:
    """What was given to `guard`. A text that was never guarded comes back as it is, unless it looks guarded."""
    return _GUARD.sub("", text) if "'" in text else text
