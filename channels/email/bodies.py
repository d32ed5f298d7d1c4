"""Finds what a mail says among its parts: the plain text, the HTML, and which parts are files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from channels.email.charsets import decode
from channels.email.flowed import unflow
from channels.email.parts import Part
from channels.email.pgp import without_armor
from channels.email.tnef import TNEF_TYPES, NotTnef, PackedFile, Unpacked, unpack
from channels.email.transfer import take_uuencoded
from core.html import html_to_text
from core.text import clean_text

_BODY_TYPES = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})
CALENDARS = ("text/calendar", "application/ics", "text/x-vcalendar")
# Other forms of the same letter, which only some programs show.
_IGNORED_ALTERNATIVES = frozenset({"text/x-amp-html", "text/watch-html"})
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.I)
_META_WITHIN = 4096
_WORD = re.compile(r"\w+")
_WORDS_COMPARED = 300


@dataclass(frozen=True, slots=True)
class Bodies:
    """`plain` and `html` are "" when the sender wrote none; `embedded` are files found inside plain text or packed."""

    plain: str
    html: str
    files: tuple[Part, ...]
    embedded: tuple[PackedFile, ...] = ()


@dataclass(slots=True)
class _Segment:
    """A stretch of the letter in one or two forms."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)

    @property
    def says_anything(self) -> bool:
        return any(text.strip() for text in (*self.plain, *self.html))


def read_bodies(parts: tuple[Part, ...]) -> Bodies:
    """Sort the leaves of a mail into text and files; nothing with a name or marked as attachment is text."""
    segments: dict[tuple[str, int], _Segment] = {}
    files: list[Part] = []
    embedded: list[PackedFile] = []
    packed: list[Unpacked] = []
    for number, part in enumerate(parts):
        is_alternative = any(kind == "multipart/alternative" for kind, _ in part.path)
        if _is_text(part, is_alone=len(parts) == 1 and not part.path):
            _add(segments.setdefault(_key(part, number), _Segment()), part, embedded, is_alternative=is_alternative)
        elif (unpacked := _unpacked(part)) is not None:
            packed.append(unpacked)
            embedded.extend(unpacked.files)
        elif not (is_alternative and part.content_type in _IGNORED_ALTERNATIVES):
            files.append(part)
    if not _say_anything(segments):
        segments.update(_packed_letters(packed))
    if not _say_anything(segments):
        _promote(files, segments, embedded)
    files = _without_second_invitations(files)
    merged = _without_doubles(list(segments.values()))
    return Bodies(_plain(merged), _html(merged), tuple(files), tuple(embedded))


def _is_text(part: Part, *, is_alone: bool) -> bool:
    if part.disposition.startswith("attachment"):
        return False
    if is_alone and part.content_type.startswith("text/") and part.content_type != "text/calendar":
        return True
    if part.content_type not in _BODY_TYPES:
        return False
    if not part.file_name:
        return True
    # Some programs name the forms of the letter itself.
    return bool(part.path) and part.path[-1][0] == "multipart/alternative" and not part.disposition


def _say_anything(segments: dict[tuple[str, int], _Segment]) -> bool:
    return any(segment.says_anything for segment in segments.values())


def _without_second_invitations(files: list[Part]) -> list[Part]:
    """Calendars send an invitation as a form of the letter and as a file: one is enough."""
    calendars = [part for part in files if part.content_type in CALENDARS]
    if len(calendars) < 2:
        return files
    forms = [part for part in calendars if any(kind == "multipart/alternative" for kind, _ in part.path)]
    said = {b"".join(part.content.split()) for part in calendars if part not in forms}
    doubles = [part for part in forms if b"".join(part.content.split()) in said]
    return [part for part in files if not any(part is double for double in doubles)]


def _unpacked(part: Part) -> Unpacked | None:
    """Take a winmail.dat apart; None for any other file, and for one that holds nothing."""
    if part.content_type not in TNEF_TYPES and part.file_name.lower() != "winmail.dat":
        return None
    try:
        found = unpack(part.content)
    except NotTnef:
        return None
    return found if found.files or found.plain or found.html else None


def _packed_letters(packed: list[Unpacked]) -> dict[tuple[str, int], _Segment]:
    return {
        ("packed", number): _Segment(
            [clean_text(one.plain)] if one.plain else [], [clean_text(one.html)] if one.html else []
        )
        for number, one in enumerate(packed)
    }


def _key(part: Part, number: int) -> tuple[str, int]:
    for kind, container in part.path:
        if kind == "multipart/alternative":
            return "alternative", container
    return "leaf", number


def _promote(files: list[Part], segments: dict[tuple[str, int], _Segment], embedded: list[PackedFile]) -> None:
    """Read the first named text as the letter when there is no other; it stays a file too."""
    for part in files:
        if part.content_type in _BODY_TYPES and not part.disposition.startswith("attachment"):
            _add(segments.setdefault(("leaf", 0), _Segment()), part, embedded)
            return


def _add(segment: _Segment, part: Part, embedded: list[PackedFile], *, is_alternative: bool = False) -> None:
    content = part.letter
    charset = part.parameters.get("charset", "")
    if part.content_type == "text/html":
        if not charset and (match := _META_CHARSET.search(content[:_META_WITHIN])):
            charset = match[1].decode("ascii", "replace")
        segment.html.append(clean_text(decode(content, charset, part.hint)))
        return
    if b"begin " in content:
        files, content = take_uuencoded(content)
        embedded.extend(PackedFile(decode(name), data) for name, data in files)
    text = clean_text(decode(content, charset, part.hint))
    if part.content_type in ("text/enriched", "text/richtext"):
        if is_alternative and segment.plain:
            return
        text = _without_enrichment(text)
    elif part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    text = without_armor(text)
    if text not in segment.plain:
        segment.plain.append(text)


def _without_enrichment(text: str) -> str:
    """text/enriched and text/richtext (RFC 1896, 1341): commands in angle brackets, "<<" for the sign itself."""
    text = re.sub(r"<param>[^<]*</param>", "", text, flags=re.I)
    text = re.sub(r"<nl>", "\n", text, flags=re.I)
    return re.sub(r"<<|</?[A-Za-z-]{1,60}>", lambda match: "<" if match[0] == "<<" else "", text)


def _without_doubles(segments: list[_Segment]) -> list[_Segment]:
    """Some programs send the plain form and the HTML form as two letters: see them as two forms of one."""
    merged: list[_Segment] = []
    for segment in segments:
        last = merged[-1] if merged else None
        if (
            last
            and last.plain
            and not last.html
            and segment.html
            and not segment.plain
            and _says_the_same(last, segment)
        ):
            last.html = segment.html
        else:
            merged.append(segment)
    return merged


def _says_the_same(first: _Segment, second: _Segment) -> bool:
    plain = _WORD.findall("\n".join(first.plain))[:_WORDS_COMPARED]
    html = _WORD.findall(html_to_text("\n".join(second.html)))[: 2 * _WORDS_COMPARED]
    return bool(plain) and len(set(plain) & set(html)) >= 0.8 * len(set(plain))


def _plain(segments: list[_Segment]) -> str:
    if not any("".join(segment.plain).strip() for segment in segments):
        return ""
    pieces = [
        "\n".join(segment.plain) if segment.plain else html_to_text("\n".join(segment.html)) for segment in segments
    ]
    return "\n\n".join(piece.strip("\n") for piece in pieces if piece.strip())


def _html(segments: list[_Segment]) -> str:
    if not any("".join(segment.html).strip() for segment in segments):
        return ""
    pieces = []
    for segment in segments:
        if segment.html:
            pieces.extend(segment.html)
        else:
            lines = escape("\n".join(segment.plain).strip("\n")).replace("\n", "<br>\n")
            pieces.append(f"<div>{lines}</div>")
    return "\n".join(pieces)
