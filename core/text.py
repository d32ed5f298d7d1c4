"""Cleaning, folding and shortening of text that comes from outside."""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_LETTER = re.compile(r"[^\W_]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Return `text` as PostgreSQL can keep it and people can read it.

    Every kind of line end becomes a line feed; NUL, other control characters (tab aside) and byte order marks go;
    lone surrogates become U+FFFD, because they cannot be encoded as UTF-8.
    """
    if text.isascii() and text.isprintable():  # most of what comes
        return text
    text = _LINE_ENDS.sub("\n", text)
    text = _UNWANTED.sub("", text)
    return _SURROGATES.sub("\ufffd", text)


def fold(text: str) -> str:
    """Return the form under which two spellings of one name are equal: compatibility form, no case, single spaces."""
    text = clean_text(text)
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def initials_of(name: str) -> str:
    """Return the capitals of the first two words that begin with a letter or a digit, "" where none does."""
    words = [word for word in name.split() if _LETTER.match(word)]
    return "".join(_first_letter(word) for word in words[:2])


def _first_letter(word: str) -> str:
    """With its accents, where they stand apart."""
    end = 1
    while end < len(word) and unicodedata.category(word[end]).startswith("M"):
        end += 1
    return word[:end].upper()


def excerpt(text: str, length: int) -> str:
    """Return `text` on one line and at most `length` characters long, cut after a whole word where one ends nearby."""
    # A letter of many megabytes must not be split into words for a preview of one line.
    line = " ".join(clean_text(text[: length * 20 + 1000]).split())
    if len(line) <= length:
        return line
    if length < 2:
        return line[:length]
    cut = line[: length - 1]
    space = cut.rfind(" ")
    if space > length // 2 and line[length - 1] != " ":
        cut = cut[:space]
    while cut and (unicodedata.combining(line[len(cut)]) or line[len(cut)] == "\u200d" or cut[-1] == "\u200d"):
        cut = cut[:-1]
    return cut.rstrip() + "…"
