"""Turns bytes into text when the named charset is right, wrong, unknown or missing."""

from __future__ import annotations

import codecs
import re
from functools import cache

from channels.email.words import words

_ALIASES = {
    "x-gbk": "gbk",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "x-windows-949": "cp949",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "utf8mb4": "utf-8",
    "utf8mb3": "utf-8",
    "x-utf-8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
}
# What browsers do (WHATWG Encoding): senders name the small sets when they mean the large ones around them.
_LARGER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso2022_jp": "iso2022_jp_ext",
}
_NO_CHARSET = frozenset({"", "unknown", "unknown-8bit", "x-unknown", "8bit", "binary", "default", "none"})
# Codecs of Python that are no charsets of mail.
_NO_TEXT = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})
_WESTERN = frozenset({"cp1252", "cp1254", "iso8859-15", "iso8859-1", "iso8859-2", "cp1250", "mac-roman"})
_WIDE = ("utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-7", "hz")
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_ROW = re.compile(rb"[\x80-\xff]{3,}")
_NAME_INSIDE = re.compile(r"(?:x-)?(utf-?8|utf-?16(?:[lb]e)?|iso[-_]8859-\d+|(?:windows|cp)[-_]?\d+|koi8-[ru])")
_SAMPLE = 20_000
_MULTI_BYTE = ("gb18030", "big5", "cp932", "euc_jp", "euc_kr")
_SURE = 0.55
_NEAR = 0.1
_FREQUENT = 15
_CAPITAL = 0.9
_LIKELY = frozenset({"cp1252", "cp1250", "cp1251", "koi8-r"})
_UNLIKELY = 0.9


def decode(raw: bytes, charset: str = "") -> str:
    """Return the text of `raw`; never fails.

    A charset that cannot be right (unknown, or bytes it does not have) is replaced by UTF-8 or by a guess, and bytes
    that are valid UTF-8 are UTF-8 even where a western set was named: in such a set they would be nonsense.
    """
    if raw[:3] == codecs.BOM_UTF8:
        raw, charset = raw[3:], "utf-8"
    elif raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) and len(raw) % 2 == 0:
        return raw.decode("utf-16", "replace")
    name = codec_name(charset)
    if name in _WIDE or name.startswith("iso2022"):
        text = _strict(raw, name)
        return raw.decode(name, "replace") if text is None else text
    if not _HIGH.search(raw):
        return raw.decode("ascii")
    if name in ("", "utf-8") or name in _WESTERN:
        text = _strict(raw, "utf-8")
        if text is not None:
            return text
    text = _strict(raw, name) if name and name != "utf-8" else None
    return _forgiving(raw, name) if text is None else text


def codec_name(charset: str) -> str:
    """Return Python's name of a charset as mail headers write it; "" when there is none or nobody knows it."""
    wanted = charset.strip(" \t\"'<>;,=").lower().replace(" ", "-").removeprefix("charset=")
    if wanted in _NO_CHARSET or not wanted.isascii() or len(wanted) > 100:
        return ""
    inside = _NAME_INSIDE.match(wanted)
    return _known(wanted) or (_known(inside[1]) if inside else "")


def guess(raw: bytes) -> str:
    """Return the charset that makes most sense of 8-bit bytes which are not UTF-8."""
    sample = raw[:_SAMPLE]
    single, single_fit = max(((name, _fit(sample, name)) for name in words("letters")["alphabets"]), key=_second)
    multi, multi_fit = max(((name, _multi_fit(sample, name)) for name in _MULTI_BYTE), key=_second)
    if multi_fit >= _SURE and multi_fit > single_fit - _NEAR:
        return multi
    return single if single_fit > 0 else "cp1252"


def _second(pair: tuple[str, float]) -> float:
    return pair[1]


def _known(name: str) -> str:
    name = _ALIASES.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    is_text = getattr(info, "_is_text_encoding", True)
    if not is_text or info.name.replace("-", "_") in _NO_TEXT:
        return ""
    return _LARGER.get(info.name, info.name)


def _strict(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except ValueError:
        return None


def _forgiving(raw: bytes, name: str) -> str:
    """Decode what no charset fits: mostly right UTF-8 keeps its letters, everything else is guessed."""
    if name and name != "utf-8":
        return raw.decode(name, "replace")
    try:
        # Java and Oracle write emoji as two halves of three bytes each (CESU-8).
        return raw.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    except ValueError:
        pass  # not that either
    sample = raw[:_SAMPLE].decode("utf-8", "replace")
    damage = sample.count("\ufffd")
    letters = sum(ord(character) > 0x7F for character in sample) - damage
    if letters > (damage if name else 4 * damage):
        return raw.decode("utf-8", "replace")
    return raw.decode(guess(raw), "replace")


def _fit(sample: bytes, name: str) -> float:
    high = b"".join(_HIGH.findall(sample))
    weights = _weights(name)
    good = sum(weights.get(character, 0.0) for character in high.decode(name, "replace"))
    if name in ("cp1252", "cp1250"):
        # Letters with accents stand alone among plain ones; a row of them is another script.
        good -= 2 * sum(len(row) for row in _HIGH_ROW.findall(sample))
    return good / max(len(high), 1)


def _multi_fit(sample: bytes, name: str) -> float:
    text = _strict(sample, name)
    if text is None and len(sample) == _SAMPLE:
        text = next(filter(None, (_strict(sample[:-cut], name) for cut in (1, 2, 3))), None)
    if not text:
        return 0.0
    high = [character for character in text if ord(character) > 0x7F]
    return sum(_is_frequent(character, name) for character in high) / max(len(high), 1)


def _is_frequent(character: str, name: str) -> bool:
    if name in ("gb18030", "big5"):
        return character in words("letters")["ideographs"][name]
    if name == "euc_kr":
        return "\uac00" <= character <= "\ud7a3"
    return "\u3040" <= character <= "\u30ff" or character in "、。「」年月日"


@cache
def _weights(name: str) -> dict[str, float]:
    """Return what each letter says for a charset; the lists begin with the most frequent letters."""
    alphabet = words("letters")["alphabets"][name]
    frequent = len(alphabet) if name in ("cp1252", "cp1250") else _FREQUENT
    weights: dict[str, float] = {}
    for place, letter in enumerate(alphabet):
        weight = (1.0 if place < frequent else 0.5) * (1.0 if name in _LIKELY else _UNLIKELY)
        weights.setdefault(letter, weight)
        weights.setdefault(letter.upper(), weight * _CAPITAL)
    return weights
