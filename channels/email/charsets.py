"""Turns bytes into text when the named charset is right, wrong, unknown or missing."""

from __future__ import annotations

import codecs
import re
from itertools import cycle

from channels.email.guessing import guess

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
_WIDE = ("utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
# How ISO 2022 begins another alphabet: Japanese mail of old programs does not name it.
_ESCAPE_SEQUENCE = re.compile(rb"\x1b(?:\$[@B]|\$\([D-S]|\([IJ])")
_KANJI_RUN = re.compile(rb"\x1b\$[@B]((?:[\x21-\x7e]{2})*)")
_KOREAN_ESCAPE = b"\x1b$)C"
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HIGH = re.compile(rb"[\x80-\xff]")
_NAME_INSIDE = re.compile(r"(?:x-)?(utf-?8|utf-?16(?:[lb]e)?|iso[-_]8859-\d+|(?:windows|cp)[-_]?\d+|koi8-[ru])")
_SAMPLE = 20_000
_LONGEST_MIXED = 200_000
_PAIRED = frozenset({"gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "cp874"})
_CHANCE = 3
_LETTERS_FOR_DAMAGE = 10
_CHANCE_IN_PAIRS = 8


def decode(raw: bytes, charset: str = "", hint: str = "") -> str:
    """Return the text of `raw`; never fails. `hint` is a charset that is likely when none is named.

    A charset that cannot be right (unknown, or bytes it does not have) is replaced by UTF-8 or by a guess, and bytes
    that are valid UTF-8 are UTF-8 even where another set was named, in which they would be nonsense.
    """
    if raw[:3] == codecs.BOM_UTF8:
        raw, charset = raw[3:], "utf-8"
    elif raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) and len(raw) % 2 == 0:
        return raw.decode("utf-16", "replace")
    name = codec_name(charset)
    is_high = bool(_HIGH.search(raw))
    if not is_high and b"\x1b$" in raw and not name.startswith("iso2022"):
        name = "iso2022_kr" if _KOREAN_ESCAPE in raw else "iso2022_jp_ext" if _ESCAPE_SEQUENCE.search(raw) else name
    if name in _WIDE and not _CONTROL.search(raw) and _strict(raw, "utf-8") is not None:
        # Wide text has control characters or NULs among its bytes: only the label is wide.
        name = ""
    if name in _WIDE or (is_shifted(name) and not is_high):
        text = _strict(raw, name)
        return _forgiving_shifted(raw, name) if text is None else text
    if not is_high:
        return raw.decode("ascii")
    name = "" if is_shifted(name) else name
    text = _strict(raw, "utf-8")
    if text is not None and (name in ("", "utf-8") or _is_utf8(text, name)):
        return text
    if text is None and name in _WESTERN and _is_cut_utf8(raw):
        return raw.decode("utf-8", "replace")
    text = _strict(raw, name) if name and name != "utf-8" else None
    if text is None and not name and hint:
        text = _strict(raw, codec_name(hint) or "utf-8")
    return _forgiving(raw, name) if text is None else text


def codec_name(charset: str) -> str:
    """Return Python's name of a charset as mail headers write it; "" when there is none or nobody knows it."""
    wanted = charset.strip(" \t\"'<>;,=").lower().replace(" ", "-").removeprefix("charset=")
    if wanted in _NO_CHARSET or not wanted.isascii() or len(wanted) > 100:
        return ""
    inside = _NAME_INSIDE.match(wanted)
    return _known(wanted) or (_known(inside[1]) if inside else "")


def is_shifted(name: str) -> bool:
    """Tell whether a codec has 7-bit bytes only, of which some mean something else than in ASCII."""
    return name in ("utf-7", "hz") or name.startswith("iso2022")


def holds_ascii(charset: str) -> bool:
    """Tell whether ASCII means itself in a charset, so that a header may be written in it."""
    name = codec_name(charset)
    return name not in _WIDE and not is_shifted(name)


def _is_utf8(text: str, name: str) -> bool:
    """Tell whether bytes that are valid UTF-8 are meant so, whatever charset was named.

    In a western set one such letter is nonsense already; elsewhere a few letters may be so by chance.
    """
    if name in _WESTERN:
        return True
    needed = _CHANCE_IN_PAIRS if name in _PAIRED else _CHANCE
    return sum(ord(character) > 0x7F for character in text[:_SAMPLE]) >= needed


def _is_cut_utf8(raw: bytes) -> bool:
    """Tell whether only a letter here and there is broken, as when a long name was cut by counting bytes."""
    sample = raw[:_SAMPLE].decode("utf-8", "replace")
    damage = sample.count("\ufffd")
    return sum(ord(character) > 0x7F for character in sample) - damage > _LETTERS_FOR_DAMAGE * damage


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
    lines = raw.split(b"\n") if len(raw) < _LONGEST_MIXED else []
    if len(lines) > 1 and any(_HIGH.search(line) and _strict(line, "utf-8") for line in lines):
        # Programs that add a line or two do not care for the charset of the rest.
        return "\n".join(_strict(line, "utf-8") or line.decode(guess(line), "replace") for line in lines)
    return raw.decode(guess(raw), "replace")


def _forgiving_shifted(raw: bytes, name: str) -> str:
    """Decode what its codec refuses; Japanese programs use letters of Windows beyond the standard sets."""
    if not name.startswith("iso2022_jp"):
        return raw.decode(name, "replace")
    return "".join(
        _shift_jis(piece).decode("cp932", "replace") if is_run else piece.decode(name, "replace")
        for piece, is_run in zip(_KANJI_RUN.split(raw), cycle((False, True)), strict=False)
    )


def _shift_jis(run: bytes) -> bytes:
    """Write pairs of JIS X 0208 as Shift JIS, which has the same table in another order."""
    out = bytearray()
    for first, second in zip(run[::2], run[1::2], strict=False):
        row, cell = first - 0x21, second - 0x21
        out.append(row // 2 + (0x81 if row < 62 else 0xC1))
        out.append(cell + 0x9F if row % 2 else cell + (0x40 if cell < 63 else 0x41))
    return bytes(out)
