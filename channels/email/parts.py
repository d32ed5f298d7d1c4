"""The parts of a mail, and the mail they make up."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from channels.email.charsets import decode
from channels.email.headers import Headers
from channels.email.parameters import read_value
from channels.email.transfer import decode_transfer

_CONTENT_ID = re.compile(r"[\s<>]")


@dataclass(frozen=True, slots=True)
class Part:
    """A part without parts of its own. `path` names the containers around it, outermost first, as (type, number).

    `hint` is the charset that the headers of the mail are written in, for a text that names none.
    """

    headers: Headers
    content_type: str
    parameters: dict[str, str]
    body: bytes = field(repr=False)
    path: tuple[tuple[str, int], ...] = ()
    hint: str = ""

    @property
    def content(self) -> bytes:
        """The bytes the part carries, its transfer encoding undone."""
        return decode_transfer(self.body, self.headers.raw("Content-Transfer-Encoding"))

    @property
    def letter(self) -> bytes:
        """Like `content`, with what mailing lists wrote behind the end of an encoded text."""
        return decode_transfer(self.body, self.headers.raw("Content-Transfer-Encoding"), keeps_tail=True)

    @property
    def text(self) -> str:
        """The content as text, in its named charset or the one that fits."""
        return decode(self.letter, self.parameters.get("charset", ""), self.hint)

    @property
    def disposition(self) -> str:
        return read_value(self.headers.raw("Content-Disposition"))[0]

    @property
    def file_name(self) -> str:
        """The name as the sender wrote it, decoded; "" for none. It is not safe yet."""
        named = read_value(self.headers.raw("Content-Disposition"))[1].get("filename", "")
        return named or self.parameters.get("name", "") or self.parameters.get("filename", "")

    @property
    def content_id(self) -> str:
        return _CONTENT_ID.sub("", self.headers.raw("Content-ID"))[:500]


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail taken apart. `content_type` and `parameters` are those of the whole."""

    headers: Headers
    content_type: str
    parameters: dict[str, str]
    parts: tuple[Part, ...]
    defects: tuple[str, ...]
