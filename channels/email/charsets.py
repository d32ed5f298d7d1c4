"""Turns bytes into text when the named charset is right, wrong, unknown or missing."""

import codecs
import re

_ALIASES = {
    # What browsers do (WHATWG Encoding): the small sets are subsets that senders name when they mean the large ones.
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "ks_c_5601": "cp949",
    "x-windows-949": "cp949",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "utf8mb4": "utf-8",
    "utf8mb3": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-utf-8": "utf-8",
}
_NO_CHARSET = frozenset(
    {"", "unknown", "unknown-8bit", "x-unknown", "8bit", "binary", "default", "none", "_autodetect"}
)
_WESTERN = frozenset({"cp1252", "cp1254", "iso8859-15", "latin-1", "iso8859-2", "cp1250", "mac-roman"})
_HIGH = re.compile(rb"[\x80-\xff]")
_SAMPLE = 20_000
# A frequent letter counts for, a sign that no text has counts against.
_COMMON_CYRILLIC = frozenset("оеаинтсрвлкмдпуяыьгзбчй")
_LATIN_LETTERS = frozenset("äöüßéèêëàâáãåæçñøóòôõúùûíìîïÄÖÜÉÀÅØ’‘“”–—…«»°©®€")
_SINGLE_BYTE = ("cp1252", "cp1251", "koi8-r")
_MULTI_BYTE = ("gb18030", "cp932", "cp949", "big5")


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
    if name in ("utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-7") or name.startswith("iso2022"):
        return _strict(raw, name) or raw.decode(name, "replace")
    if not _HIGH.search(raw):
        return raw.decode("ascii") if name != "hz" else _strict(raw, name) or raw.decode("ascii")
    if name in ("", "utf-8", *_WESTERN) and (text := _strict(raw, "utf-8")) is not None:
        return text
    if name and name != "utf-8" and (text := _strict(raw, name)) is not None:
        return text
    return _forgiving(raw, name)


def codec_name(charset: str) -> str:
    """Return Python's name of a charset as mail headers write it; "" when there is none or nobody knows it."""
    wanted = charset.strip(" \t\"'<>;,=").lower().replace(" ", "-")
    wanted = wanted.removeprefix("charset=")
    if wanted in _NO_CHARSET or not wanted.isascii():
        return ""
    cut = re.match(r"(?:x-)?(utf-?8|utf-?16(?:[lb]e)?|iso[-_]8859-\d+|(?:windows|cp)[-_]?\d+|koi8-[ru])", wanted)
    for candidate in (wanted, cut[1] if cut else ""):
        found = _known(candidate)
        if found:
            return found
    return ""


def guess(raw: bytes) -> str:
    """Return the charset that makes most sense of 8-bit bytes which are not UTF-8."""
    sample = raw[:_SAMPLE]
    best = max(_SINGLE_BYTE, key=lambda name: _likelihood(sample, name))
    multi = max(_MULTI_BYTE, key=lambda name: _east_asian_likelihood(sample, name))
    return multi if _east_asian_likelihood(sample, multi) > max(_likelihood(sample, best), 0.6) else best


def _known(name: str) -> str:
    name = _ALIASES.get(name, _ALIASES.get(name.replace("_", "-"), name))
    try:
        info = codecs.lookup(name)
        # Codecs such as "base64" or "idna" are no charsets.
        b"a".decode(info.name)
    except (LookupError, ValueError, UnicodeError, AssertionError):
        return ""
    return info.name if info.name in ("utf-16", "utf-32") or _is_text(info) else ""


def _is_text(info: codecs.CodecInfo) -> bool:
    return bool(getattr(info, "_is_text_encoding", True)) and info.name not in (
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
        "undefined",
        "unicode-escape",
        "raw-unicode-escape",
    )


def _strict(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except (UnicodeError, ValueError):
        return None


def _forgiving(raw: bytes, name: str) -> str:
    """Decode what no charset fits: mostly right UTF-8 keeps its letters, everything else is guessed."""
    sample = raw[:_SAMPLE].decode("utf-8", "replace")
    damage = sample.count("\ufffd")
    letters = sum(ord(character) > 0x7F for character in sample) - damage
    if name in ("", "utf-8") and letters > 4 * damage:
        return raw.decode("utf-8", "replace")
    if name and name != "utf-8":
        return raw.decode(name, "replace")
    return raw.decode(guess(raw), "replace")


def _likelihood(sample: bytes, name: str) -> float:
    high = _HIGH.findall(sample)
    text = b"".join(high).decode(name, "replace")
    if name == "cp1252":
        good = sum(character in _LATIN_LETTERS for character in text)
        # Letters with accents stand alone among plain ones; a row of them is another script.
        rows = sum(len(row) for row in re.findall(rb"[\x80-\xff]{3,}", sample))
        return (good - 2 * rows) / len(high)
    return (sum(character in _COMMON_CYRILLIC for character in text) - text.count("\ufffd")) / len(high)


def _east_asian_likelihood(sample: bytes, name: str) -> float:
    text = sample.decode(name, "ignore") if _strict(sample[:-1], name) is None else sample.decode(name, "replace")
    high = [character for character in text if ord(character) > 0x7F]
    lost = len(_HIGH.findall(sample)) - sum(len(character.encode(name, "ignore")) for character in high)
    if not high or lost > len(high) // 4:
        return 0.0
    frequent = sum(_is_frequent(character, name) for character in high)
    return frequent / len(high)


def _is_frequent(character: str, name: str) -> bool:
    code = ord(character)
    if name == "cp949":
        return 0xAC00 <= code <= 0xD7A3
    if name == "cp932":
        return 0x3040 <= code <= 0x30FF or character in "、。「」年月日"
    return character in _COMMON_HAN or code in range(0x3000, 0x3003) or code in range(0xFF00, 0xFF20)


_COMMON_HAN = frozenset(
    "的一是不了人我在有他这这为之大来以个中上们到说时要就出会也你对生能而子那得于着下自年过发后作里用道行所然家种事成方多经么去法学如都同现"
    "這為來個們說時會對過發後裡經現沒國您好请請谢謝订單单订訂货貨物收件邮郵请问問题題号號司公电電话話产產品期日月"
)
