"""Shopify's search syntax, as far as `customers(query:)` and its kin need it.

Terms stand side by side (AND), or with OR; `-` and NOT turn a term around; parentheses group; `field:value` asks one
field, with `<`, `<=`, `>`, `>=` before a value that can be ordered; quotes make a value exact, and a backslash escapes.
Without quotes a text is cut into words, and each word must be there, in any order: `email:ana@x.example` finds
ana.lopes@x.example too. An unknown field is no error: the term counts as fulfilled and a warning goes with the answer.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeAlias, TypeVar

from demo.store import clock

Item = TypeVar("Item")
Value: TypeAlias = str | int | Decimal | datetime | list[str] | None

TOKEN = re.compile(
    r"""\s*(?: (?P<paren>[()])
      | (?P<minus>-)?(?: (?P<field>[A-Za-z_][\w.]*):(?P<op><=|>=|<|>)? )?
        (?: "(?P<double>(?:\\.|[^"\\])*)"? | '(?P<single>(?:\\.|[^'\\])*)'? | (?P<bare>(?:\\.|[^\s()\\])+) ) )""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Index(Generic[Item]):
    """What may be asked of one kind of record: fields by name, and the texts a bare word is looked for in."""

    fields: Mapping[str, Callable[[Item], Value]]
    words: Callable[[Item], list[str | None]]


@dataclass(frozen=True)
class Search(Generic[Item]):
    """A parsed query: the test of a record, and the fields nobody knows."""

    matches: Callable[[Item], bool]
    unknown_fields: tuple[str, ...] = ()


def parse_search(query: str | None, index: Index[Item]) -> Search[Item]:
    """Read a query; nothing in it is ever an error, as in Shopify."""
    if not query or not query.strip():
        return Search(lambda item: True)
    parser = _Parser(query, index)
    test = parser.read_any()
    return Search(test, tuple(dict.fromkeys(parser.unknown)))


class _Parser(Generic[Item]):
    def __init__(self, query: str, index: Index[Item]) -> None:
        self._tokens = [match for match in TOKEN.finditer(query) if match.group().strip()]
        self._place = 0
        self._index = index
        self.unknown: list[str] = []

    def read_any(self) -> Callable[[Item], bool]:
        tests = [self._read_all()]
        while self._next_is("OR"):
            self._place += 1
            tests.append(self._read_all())
        return lambda item: any(test(item) for test in tests)

    def _read_all(self) -> Callable[[Item], bool]:
        tests = []
        while self._place < len(self._tokens) and not self._next_is("OR") and not self._next_is(")"):
            if self._next_is("AND"):
                self._place += 1
                continue
            tests.append(self._read_one())
        return lambda item: all(test(item) for test in tests)

    def _read_one(self) -> Callable[[Item], bool]:
        token = self._tokens[self._place]
        self._place += 1
        if token["paren"]:
            test = self.read_any()
            self._place += self._next_is(")")
            return test
        if token["bare"] == "NOT" and not token["field"]:
            turned = self._read_one() if self._place < len(self._tokens) else lambda item: False
            return lambda item: not turned(item)
        test = self._term(token)
        return (lambda item: not test(item)) if token["minus"] else test

    def _next_is(self, text: str) -> bool:
        if self._place >= len(self._tokens):
            return False
        token = self._tokens[self._place]
        return not token["field"] and text in (token["paren"], token["bare"])

    def _term(self, token: re.Match[str]) -> Callable[[Item], bool]:
        quoted = token["double"] if token["double"] is not None else token["single"]
        wanted = re.sub(r"\\(.)", r"\1", quoted if quoted is not None else token["bare"])
        name = token["field"]
        if name is None:
            return lambda item: _has_words(" ".join(filter(None, self._index.words(item))), wanted)
        read = self._index.fields.get(name)
        if read is None:
            self.unknown.append(name)
            return lambda item: True
        return lambda item: _fits(read(item), token["op"], wanted, is_exact=quoted is not None)


def _fits(value: Value, op: str | None, wanted: str, *, is_exact: bool) -> bool:
    if isinstance(value, datetime):
        return _fits_moment(value, op, wanted)
    if isinstance(value, int | Decimal):
        return _fits_number(Decimal(value), op, wanted)
    if isinstance(value, list):
        return wanted.casefold() in [each.casefold() for each in value]
    if wanted == "*":
        return bool(value)
    if is_exact:
        return (value or "").casefold() == wanted.casefold()
    return _has_words(value or "", wanted)


def _fits_number(value: Decimal, op: str | None, wanted: str) -> bool:
    try:
        return _compare(value, op, Decimal(wanted))
    except InvalidOperation:
        return False


def _fits_moment(value: datetime, op: str | None, wanted: str) -> bool:
    """A stamp is compared to the second; a bare date, or a year, stands for its beginning. No sign: the whole day."""
    moment = clock.now() if wanted == "now" else _moment(wanted)
    if moment is None:
        return False
    if op is None:
        day = moment.replace(hour=0, minute=0, second=0)
        return day <= value < day + timedelta(days=1)
    return _compare(value, op, moment)


def _moment(text: str) -> datetime | None:
    padded = text + "-01-01"[(len(text) - 4) :] if len(text) in (4, 7) else text
    try:
        moment = datetime.fromisoformat(padded)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _compare(value: datetime | Decimal, op: str | None, wanted: datetime | Decimal) -> bool:
    signs = {">": value > wanted, ">=": value >= wanted, "<": value < wanted, "<=": value <= wanted}  # type: ignore[operator]  # both are of one kind
    return signs.get(op or "", value == wanted)


def _has_words(text: str, wanted: str) -> bool:
    """Each wanted word is a word of the text; a word that ends in * may go on."""
    words = set(re.findall(r"\w+", text.casefold()))
    for word, star in re.findall(r"(\w+)(\*?)", wanted.casefold()):
        if word not in words and not (star and any(each.startswith(word) for each in words)):
            return False
    return True
