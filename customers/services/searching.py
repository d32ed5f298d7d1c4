"""Find customers by a name or a part of one, an e-mail address, a phone, a handle, or their number elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from core.database.bounding import TookTooLong, bounded
from core.text import fold
from core.words import SHORTEST_BEGINNING, Typed, take_apart
from customers.kinds import ContactKind
from customers.models import Customer, CustomerContact
from customers.services.finding import spell
from customers.services.following import replace_merged
from customers.spelling import NotAnAddress

MOST = 1000  # customers a search leads to, the newest
ENOUGH = 51  # after which it looks no wider: a page, and the row that tells of the next
SECONDS = 0.7

# A block is 32,768 ids. MATERIALIZED: else the planner walks the primary key backwards in the hope of an early match,
# which takes seconds for a rare word.
_NEWEST = " AND block = ANY(ARRAY[(SELECT max(id) >> 15 FROM {view}), (SELECT (max(id) >> 15) - 1 FROM {view})])"
_ARM = "{name} AS MATERIALIZED (SELECT id FROM {view} WHERE {condition}{newest})"
_PEOPLE = "(SELECT id FROM {name} ORDER BY id DESC LIMIT {most})"
_HOLDERS = (
    "(SELECT h.customer_id AS id FROM {name} JOIN customers_customercontact h ON h.contact_id = {name}.id "
    "ORDER BY {name}.id DESC LIMIT {most})"
)


@dataclass(frozen=True)
class Found:
    """Ids, newest first. `is_whole` is False when there may be more: they are too many, or it took too long."""

    ids: list[int]
    is_whole: bool = True


def find_customers(words: str) -> list[int]:
    """Ids, the newest thousand. Whose address, number or handle it is as a whole; else whoever has it somewhere.

    Of a word that very many have only the newest are looked at; what takes too long is left out.
    """
    return search(words).ids


def search(words: str) -> Found:
    """The same, and whether that is all."""
    typed = take_apart(words)
    if not typed.text:
        return Found([])
    found, is_whole = set(_of_reference(typed)) | set(_of_contact(typed)), True
    if not (found or typed.is_empty):
        found, is_whole = _matching(typed)
    # By the name or reference of somebody who was merged the survivor is found.
    merged = replace_merged(found)
    found = {merged.get(one, one) for one in found}
    return Found(sorted(found, reverse=True)[:MOST], is_whole and len(found) <= MOST)


def _of_reference(typed: Typed) -> list[int]:
    return list(Customer.objects.filter(reference=typed.text).values_list("pk", flat=True))


def _of_contact(typed: Typed) -> list[int]:
    """Who holds exactly this, however it is written."""
    holders: set[int] = set()
    for kind in ContactKind:
        if kind == ContactKind.PHONE and not _reads_as_number(typed.text):
            continue
        try:
            value = spell(kind=kind, typed=typed.text).value
        except NotAnAddress:
            continue
        lines = CustomerContact.objects.filter(contact__kind=kind, contact__value=value)
        holders.update(lines.order_by("-customer").values_list("customer", flat=True)[:MOST])
    return list(holders)


def _reads_as_number(text: str) -> bool:
    return sum(letter.isdecimal() for letter in text) >= 5 and "@" not in text


def _matching(typed: Typed) -> tuple[set[int], bool]:
    """Whole words first, among the newest rows and then among all; then words that begin so, and parts of names.

    And whether all were looked at: two blocks of the newest may be all there are.
    """
    found: set[int] = set()
    try:
        with bounded(seconds=SECONDS), connection.cursor() as cursor:
            for is_wide in (False,) if typed.is_address else (False, True):
                for is_newest in (True, False):
                    cursor.execute(*_statement(typed, is_newest, is_wide))
                    found.update(key for (key,) in cursor.fetchall())
                    if len(found) >= ENOUGH:
                        return found, not (is_newest and _is_large(cursor))
    except TookTooLong:
        return found, False  # what was found before: better than nothing
    return found, True


def _is_large(cursor: Any) -> bool:
    """Whether there are customers or contacts beyond the newest blocks, in which alone was looked."""
    beyond = "SELECT min(id) >> 15 < (max(id) >> 15) - 1 AS is_large FROM {view}"
    views = (beyond.format(view=view) for view in ("search_customers", "search_contacts"))
    cursor.execute(f"SELECT bool_or(is_large) FROM ({' UNION ALL '.join(views)}) AS beyond")  # noqa: S608  no value
    return bool(cursor.fetchone()[0])


def _statement(typed: Typed, is_newest: bool, is_wide: bool) -> tuple[str, list[Any]]:
    arms, picks, values = [], [], []
    for name, view, condition, given in _arms(typed, is_wide):
        newest = _NEWEST.format(view=view) if is_newest else ""
        arms.append(_ARM.format(name=name, view=view, condition=condition, newest=newest))
        picks.append((_PEOPLE if view == "search_customers" else _HOLDERS).format(name=name, most=MOST))
        values += given
    return f"WITH {', '.join(arms)} {' UNION '.join(picks)}", values


def _arms(typed: Typed, is_wide: bool) -> Iterator[tuple[str, str, str, list[Any]]]:
    """(name, view, condition, its values) of each place to look at."""
    query, words = "plainto_tsquery('simple', search_fold(%s))", [" ".join(typed.words)]
    if is_wide and typed.beginning:
        # The last word of what it is folded to is the one being typed.
        query += " && coalesce((nullif(plainto_tsquery('simple', search_fold(%s))::text, '') || ':*')::tsquery, '')"
        words = [" ".join(typed.words[:-1]), typed.words[-1]]
    if any(words):
        yield "contact", "search_contacts", f"words @@ ({query})", list(words)
    if digits := _digits(typed.text):
        yield "phone", "search_contacts", "words @@ %s::tsquery AND kind = 'phone'", [f"'{digits}'"]
    yield "person", "search_customers", *_name(typed, is_wide)


def _name(typed: Typed, is_wide: bool) -> tuple[str, list[Any]]:
    """Any three letters of a name are indexed; shorter words are looked for where names begin, or among the rest."""
    if not is_wide:
        return "parts @@ search_name(%s, true)", [typed.text.replace('"', " ")]
    words = [*" ".join((*typed.words, *typed.phrases)).split(), *typed.grams]
    short = [word for word in words if len(word) < SHORTEST_BEGINNING and word not in typed.grams]
    if len(short) == len(words):
        return "name ^@ %s", [fold(typed.text)]
    begun = [f"% {fold(''.join(filter(str.isalnum, word)))}%" for word in short]
    return "parts @@ search_name(%s, false)" + " AND ' ' || name LIKE %s" * len(begun), [" ".join(words), *begun]


def _digits(text: str) -> str:
    """The number without its leading zeros, when it is long enough for the end of a phone number."""
    if any(letter.isalpha() for letter in text):
        return ""
    digits = "".join(letter for letter in text if letter in "0123456789").lstrip("0")
    return digits if 4 <= len(digits) <= 40 else ""
