"""Subjects without what programs put in front of them."""

import re
from functools import cache

from channels.email.words import plain, words

_MOST_PREFIXES = 50


def base_subject(subject: str) -> str:
    """Return `subject` without "Re:", "AW:", "Fwd[2]:", "Отв:", "回复：" and their kind, however many."""
    subject = " ".join(subject.split())
    for _ in range(_MOST_PREFIXES):
        match = _prefix().match(subject)
        if not match or plain(match[1]) not in _prefixes():
            break
        subject = subject[match.end() :]
    return subject


@cache
def _prefixes() -> frozenset[str]:
    lists = words("subjects")
    return frozenset(plain(prefix) for prefix in (*lists["reply"], *lists["forward"]))


@cache
def _prefix() -> re.Pattern[str]:
    word = r"[^\s:：\[\](){}^]{1,15}"
    return re.compile(rf"({word}(?: {word})?)\s?(?:[\[(]\d{{1,3}}[\])]|\^\d{{1,3}})?\s?[:：]\s*")
