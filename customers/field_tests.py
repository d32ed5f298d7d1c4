"""What a list asks of custom fields, as it stands in a query string: read and written, nothing of the database.

`f.size=m&f.size=l` any of these (texts: how they begin), `f.weight.from=2&f.weight.to=5` both included,
`f.size=.none` nothing said, `f.size=.some` anything said. No code begins with a point.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.text import clean_text
from customers.field_codes import CODE

PREFIX = "f."
FROM, TO = ".from", ".to"
NOTHING, SOMETHING = ".none", ".some"
LONGEST = 200  # characters of one value
MOST_VALUES = 20  # of one field
MOST_TESTS = 20  # fields of one list

_BOUND = re.compile(r"[0-9T:.,+\- ]{1,40}")


@dataclass(frozen=True)
class FieldTest:
    """What is asked of the field with this code: any of `values`, or a range, both ends included. All as typed."""

    code: str
    values: tuple[str, ...] = ()
    start: str = ""
    end: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.values or self.start or self.end)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Names and values in a query string."""
        name = f"{PREFIX}{self.code}"
        yield from ((name, value) for value in self.values)
        if self.start:
            yield f"{name}{FROM}", self.start
        if self.end:
            yield f"{name}{TO}", self.end


def parse_tests(query: Mapping[str, Sequence[str]]) -> tuple[FieldTest, ...]:
    """By code, each field once; what no field could be asked counts as absent. `pairs` writes it in one way only.

    `query` has every value of each name: `dict(request.GET.lists())`.
    """
    found: dict[str, FieldTest] = {}
    for name, typed in query.items():
        code, part = _split(name)
        if not code:
            continue
        test = found.get(code, FieldTest(code))
        if part:
            bound = _bound(typed)
            found[code] = replace(test, start=bound) if part == FROM else replace(test, end=bound)
        else:
            found[code] = replace(test, values=_values(typed))
    settled = (_settled(found[code]) for code in sorted(found))
    return tuple(test for test in settled if not test.is_empty)[:MOST_TESTS]


def pairs_of(tests: Iterable[FieldTest]) -> list[tuple[str, str]]:
    """Names and values in a query string, which `parse_tests` reads as the same tests."""
    return [pair for test in tests for pair in test.pairs()]


def is_field_name(name: str) -> bool:
    """Whether a name in a query string may ask something of a custom field."""
    return bool(_split(name)[0])


def without(tests: Iterable[FieldTest], code: str) -> tuple[FieldTest, ...]:
    """The others."""
    return tuple(test for test in tests if test.code != code)


def _split(name: str) -> tuple[str, str]:
    """The code, and FROM, TO or "" for a value; ("", "") for the name of something else."""
    if not name.startswith(PREFIX):
        return "", ""
    rest = name.removeprefix(PREFIX)
    part = next((part for part in (FROM, TO) if rest.endswith(part)), "")
    code = rest.removesuffix(part) if part else rest
    return (code, part) if CODE.fullmatch(code) else ("", "")


def _values(typed: Iterable[str]) -> tuple[str, ...]:
    cleaned = {" ".join(clean_text(value[: LONGEST * 4]).split())[:LONGEST].strip() for value in typed}
    return tuple(sorted(cleaned - {""})[:MOST_VALUES])


def _bound(typed: Iterable[str]) -> str:
    last = next(reversed(list(typed)), "").strip()
    return last if _BOUND.fullmatch(last) else ""


def _settled(test: FieldTest) -> FieldTest:
    """Nothing said, or anything, makes the rest meaningless; a value makes a range so."""
    for word in (NOTHING, SOMETHING):
        if word in test.values:
            return FieldTest(test.code, (word,))
    return FieldTest(test.code, test.values) if test.values else test
