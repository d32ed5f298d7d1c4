"""Finds the encoding of a file of text, and says whether that is known or guessed."""

import codecs
from dataclasses import dataclass
from typing import BinaryIO

from core.tables.guessing import guess_encoding
from core.tables.problems import NotText, UnknownEncoding

# What a person may choose, by Python's name. In all of them separators, quotation marks and line ends are the bytes
# they are in ASCII, or else they are wide (UTF-16, UTF-32) and read as such.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 (little endian)",
    "utf-16-be": "UTF-16 (big endian)",
    "utf-32-le": "UTF-32 (little endian)",
    "utf-32-be": "UTF-32 (big endian)",
    "cp1252": "Western European (Windows-1252)",
    "latin-1": "Western European (ISO 8859-1)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "cp866": "Cyrillic (DOS)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "cp932": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
    "euc-kr": "Korean (EUC-KR)",
}
# UTF-32 before UTF-16, whose mark its own begins with.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 64 * 1024
_BLOCK = 256 * 1024
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods are zip files, .xls is the last
_PAGES = ("<!doctype", "<html", "<table", "<?xml")
# Form feeds and the end-of-file sign of DOS stand in old exports; NUL is counted apart.
_CONTROLS = frozenset(map(chr, [*range(1, 32), 127])) - frozenset("\t\n\r\f\v\x1a\x1b")
_SAVE_AS_CSV = "Open it in a spreadsheet program, save as CSV, and choose that file."


@dataclass(frozen=True, slots=True)
class Encoding:
    """`name` is Python's; `mark` is how many bytes of a byte order mark the file begins with."""

    name: str
    is_guess: bool
    mark: int = 0

    @property
    def label(self) -> str:
        """What people call it."""
        return ENCODINGS[self.name]


def find_encoding(file: BinaryIO, *, chosen: str = "") -> Encoding:
    """Read `file` (seekable) from its beginning as far as needed, at most once to its end, in flat memory.

    A byte order mark is believed. Without one, pairs of bytes that are ASCII's separators and line ends in UTF-16 say
    UTF-16; a file that is UTF-8 to its last byte is UTF-8, and so is one that mostly is (a guess; its broken rows are
    refused one by one); anything else is guessed by `guess_encoding`. `chosen` overrules all this.

    Raises UnknownEncoding, or NotText for what is no text.
    """
    if chosen and chosen not in ENCODINGS:
        raise UnknownEncoding("This encoding is not one that can be read here.")
    file.seek(0)
    sample = file.read(_SAMPLE)
    if sample.startswith(_PACKED):
        raise NotText(f"This file is a workbook or another packed file, not a table of text. {_SAVE_AS_CSV}")
    marked = next((Encoding(name, False, len(mark)) for mark, name in _MARKS if sample.startswith(mark)), None)
    found = _chosen(chosen, marked) or marked or _unmarked_wide(sample) or _narrow(file)
    _refuse_what_is_no_text(sample, found)
    return found


def _chosen(name: str, marked: Encoding | None) -> Encoding | None:
    if not name:
        return None
    return marked if marked and marked.name == name else Encoding(name, is_guess=False)


def _unmarked_wide(sample: bytes) -> Encoding | None:
    """Every table has separators or line ends: most such bytes have a NUL beside them, always on the same side."""
    marks = sum(map(sample.count, (b"\n", b"\r", b",", b";", b"\t", b'"')))
    for name, first, second in (("utf-16-le", 0, 1), ("utf-16-be", 1, 0)):
        pairs = zip(sample[first::2], sample[second::2], strict=False)
        beside = sum(1 for unit, partner in pairs if not partner and unit in b'\n\r,;\t"')
        if marks and beside * 2 > marks and len(sample) >= 4:
            return Encoding(name, is_guess=True)
    return None


def _narrow(file: BinaryIO) -> Encoding:
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    beyond_ascii = 0
    block = last = b""
    while block := file.read(_BLOCK):
        last, held = block, decoder.getstate()[0]
        try:
            beyond_ascii += _beyond_ascii(decoder.decode(block))
        except UnicodeDecodeError:
            return _mostly_utf8_or_guess(held + block, beyond_ascii)
    if decoder.getstate()[0]:  # the file ends inside a character
        return _mostly_utf8_or_guess(last, beyond_ascii)
    return Encoding("utf-8", is_guess=False)


def _mostly_utf8_or_guess(broken_block: bytes, beyond_ascii: int) -> Encoding:
    """In other encodings a letter beyond ASCII hardly ever happens to be followed by what UTF-8 wants."""
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(broken_block)
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    whole = beyond_ascii + _beyond_ascii(text) - broken
    return Encoding("utf-8" if whole > broken * 5 else guess_encoding(broken_block), is_guess=True)


def _beyond_ascii(text: str) -> int:
    return 0 if text.isascii() else len(text) - len(text.encode("ascii", "ignore"))


def _refuse_what_is_no_text(sample: bytes, found: Encoding) -> None:
    if found.mark:  # nothing but a text begins like this
        return
    text = sample[found.mark :].decode(found.name, "replace")
    if text[:1000].lstrip("\0 \t\r\n\ufeff").lower().startswith(_PAGES):
        raise NotText(f"This file is a web page, not a table of text. {_SAVE_AS_CSV}")
    controls = sum(map(text.count, _CONTROLS))
    if controls * 50 > len(text) or text.count("\0") * 5 > len(text):
        raise NotText(f"This file is not text. If it is a table: {_SAVE_AS_CSV[0].lower()}{_SAVE_AS_CSV[1:]}")
