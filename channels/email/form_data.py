"""Reads what a form sent (application/x-www-form-urlencoded, and multipart/form-data after RFC 7578) as bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import parse_qsl

MOST_FIELDS = 2000

_NAME = re.compile(rb'[;\s]name="((?:[^"\\\r\n]|\\.){0,500})"', re.I)
_FILE_NAME = re.compile(rb'[;\s]filename="((?:[^"\\\r\n]|\\.){0,1000})"', re.I)
_TYPE = re.compile(rb"^content-type:[ \t]*([^\s;]{1,200})", re.I | re.M)


class NoForm(ValueError):
    """The bytes are not the form that their type says."""


@dataclass(frozen=True)
class Field:
    """One field; `file_name` is "" for what is no file. Text is as the sender encoded it, which is not always UTF-8."""

    name: str
    content: bytes = field(repr=False)
    file_name: str = ""
    content_type: str = "text/plain"


def read_form(content_type: str, body: bytes) -> list[Field]:
    """All fields in their order; none for a body that is no form. Raises NoForm."""
    head = Message()
    head["Content-Type"] = content_type
    kind = head.get_content_type()
    if kind == "application/x-www-form-urlencoded":
        # One letter for each byte, so that no bytes are lost.
        text = body.decode("latin-1")
        pairs = parse_qsl(text, keep_blank_values=True, encoding="latin-1", max_num_fields=MOST_FIELDS)
        return [Field(_decoded(name.encode("latin-1")), value.encode("latin-1")) for name, value in pairs]
    if kind == "multipart/form-data":
        return list(_parts(str(head.get_boundary() or ""), body))
    return []


def _parts(boundary: str, body: bytes) -> Iterator[Field]:
    mark = b"--" + boundary.encode("latin-1", "replace")
    # The line end before a mark belongs to the mark, also where there is nothing before it.
    pieces = (b"\r\n" + body).split(b"\r\n" + mark, MOST_FIELDS + 1)
    if not boundary or len(pieces) < 2:
        raise NoForm("the form has no parts")
    if len(pieces) > MOST_FIELDS + 1:
        raise NoForm("the form has too many parts")
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            return
        head, blank, content = piece.partition(b"\r\n\r\n")
        if not blank:
            raise NoForm("a part of the form has no head")
        yield _field(head, content)
    raise NoForm("the form is cut off")


def _field(head: bytes, content: bytes) -> Field:
    content_type = _TYPE.search(head)
    name, file_name = (found[1] if (found := pattern.search(head)) else b"" for pattern in (_NAME, _FILE_NAME))
    kind = content_type[1].decode("latin-1").lower() if content_type else "text/plain"
    return Field(_decoded(name), content, _decoded(file_name), kind)


def _decoded(name: bytes) -> str:
    """Names are bytes of UTF-8 as they are (RFC 7578, 5.1); browsers write a quotation mark as %22."""
    return name.decode("utf-8", "replace").replace("%22", '"').replace('\\"', '"')
