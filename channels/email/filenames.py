"""Names of files that came with a mail: safe to show, to offer and to write into a header, with their meaning kept."""

import mimetypes
import re
import unicodedata

from core.text import clean_text

LONGEST_NAME = 200

_LONGEST_SUFFIX = 20
# Marks that turn the reading direction can make "exe.fdp" read "pdf.exe".
_DIRECTION = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"[ \t\n]+|\s{2,}")
_PATH = re.compile(r"^(?:[A-Za-z]:|[/\\~]|\.{1,2}[/\\])|[/\\]\.\.(?:[/\\]|$)")
# Windows opens a device instead of these, whatever follows the first dot.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.I)
_TYPES = mimetypes.MimeTypes(filenames=())
_SUFFIXES = {
    "application/ms-tnef": "winmail.dat",
    "application/pgp-encrypted": "version.txt",
    "application/pgp-signature": "signature.asc",
    "application/pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-signature": "smime.p7s",
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "disposition-notification.txt",
    "message/feedback-report": "feedback-report.txt",
    "message/global-delivery-status": "delivery-status.txt",
    "text/calendar": "invite.ics",
    "text/rfc822-headers": "headers.txt",
}


def safe_name(name: str, *, fallback: str) -> str:
    """Return `name` without path, control and direction characters, at most `LONGEST_NAME` characters long.

    Of a path the last part is kept; a slash inside a plain name ("Invoice 3/2026.pdf") becomes "_". `fallback` stands
    for a name of which nothing is left.
    """
    name = unicodedata.normalize("NFC", clean_text(_DIRECTION.sub("", name)))
    name = _SPACES.sub(" ", name).strip()
    if _PATH.search(name):
        name = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
        name = re.sub(r"^[A-Za-z]:", "", name)
    name = re.sub(r"[/\\]", "_", name).strip().lstrip(".").rstrip(". ")
    if not name:
        return fallback
    if _DEVICE.match(name):
        name = "_" + name
    return _shortened(name)


def name_for(content_type: str, number: int) -> str:
    """Return a name for the part at place `number` that came without one."""
    if content_type in _SUFFIXES:
        return _SUFFIXES[content_type]
    suffix = _TYPES.guess_extension(content_type, strict=False) or ".bin"
    word = "image" if content_type.startswith("image/") else "file"
    return f"{word}-{number}{suffix}"


def type_of(name: str) -> str:
    """Return the content type that the end of a file name stands for."""
    return _TYPES.guess_type(name.replace("/", "_"))[0] or "application/octet-stream"


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > _LONGEST_SUFFIX:
        return name[:LONGEST_NAME].rstrip()
    return stem[: LONGEST_NAME - len(suffix) - 1].rstrip() + dot + suffix
