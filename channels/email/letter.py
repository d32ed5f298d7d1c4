"""A mail as the steps see it that decide what kind it is: read, but not yet judged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from channels.email.headers import Headers
from channels.email.parts import Part
from channels.email.subjects import base_subject
from channels.email.words import plain
from channels.types import Address, FailedDelivery, Kind

_LOOKED_AT = 20_000


@dataclass(frozen=True)
class Letter:
    """`text` is the whole text; `message_id`, `references` as in InboundMessage."""

    headers: Headers
    content_type: str
    parameters: dict[str, str]
    parts: tuple[Part, ...]
    sender: Address | None
    subject: str
    text: str
    message_id: str
    references: tuple[str, ...]

    @cached_property
    def folded_subject(self) -> str:
        """The subject as it is compared with lists of words: without "Re:", in lower case."""
        return plain(base_subject(self.subject)).strip(" *[]()\"'")

    @cached_property
    def folded_text(self) -> str:
        """The beginning of the text, in lower case on one line, as it is compared with lists of words."""
        return " ".join(plain(self.text[:_LOOKED_AT]).split())

    @cached_property
    def has_empty_return_path(self) -> bool:
        """Whether the envelope had no sender: such mail must not be answered (RFC 5321, 4.5.5)."""
        return "Return-Path" in self.headers and self.headers.raw("Return-Path").replace(" ", "") in ("<>", "")

    def part(self, *content_types: str) -> Part | None:
        """Return the first part of one of these types."""
        return next((part for part in self.parts if part.content_type in content_types), None)


@dataclass(frozen=True)
class Verdict:
    """What a step found; `reason` is for agents to read."""

    kind: Kind
    reason: str
    failures: tuple[FailedDelivery, ...] = ()
