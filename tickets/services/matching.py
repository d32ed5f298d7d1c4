"""Ask the search views which rows match what was typed: the newest first, and never for long."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from core.text import fold
from core.words import SHORTEST_BEGINNING, Typed

# Of each statement of a search: milliseconds; memory in which a common beginning keeps its exact places (with less the
# database would look at whole pages and compute the words of each row on them again); no helpers, whose start takes
# longer than the search.
GUARD = """
SELECT set_config('statement_timeout', '700', true), set_config('work_mem', '32MB', true),
    set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true)
"""
EVERYWHERE = frozenset({"message", "subject", "file", "contact", "phone", "name"})
OF_PEOPLE = frozenset({"contact", "phone", "name"})
QUICK, DEEP = 400, 10_000  # hits of a kind that are looked at: among the newest rows, then among all

# A block is 32,768 ids. MATERIALIZED: else the planner walks the primary key backwards in the hope of an early match,
# which takes seconds for a rare word.
NEWEST = " AND block = ANY(ARRAY[(SELECT max(id) >> 15 FROM {view}), (SELECT (max(id) >> 15) - 1 FROM {view})])"
ARM = "{name} AS MATERIALIZED (SELECT {columns} FROM {view} WHERE {condition}{newest})"
PICK = "(SELECT '{name}' AS place, id, other FROM {name} ORDER BY id DESC LIMIT {most})"
HOLDERS = (
    "(SELECT {name}.kind AS place, h.id, h.customer_id AS other FROM {name} "
    "JOIN customers_customercontact h ON h.contact_id = {name}.id ORDER BY {name}.id DESC LIMIT {most})"
)
FILES = (
    "(SELECT 'file' AS place, m.id, m.ticket_id AS other FROM file JOIN tickets_attachment a ON a.file_id = file.id "
    "JOIN tickets_message m ON m.id = a.message_id ORDER BY file.id DESC LIMIT {most})"
)


@dataclass(frozen=True)
class Hit:
    """A row that matched: `other` is the ticket of a message or file, the customer of a contact."""

    place: str  # message, subject, file, name, email, phone, handle
    id: int
    other: int


@dataclass(frozen=True)
class _Round:
    is_newest: bool
    is_wide: bool
    most: int


def read_hits(
    typed: Typed, is_enough: Callable[[Sequence[Hit]], bool], *, places: Collection[str] = EVERYWHERE
) -> None:
    """Hand over what matches in these places, round after round, each wider than the one before, until it is enough.

    First whole words, among the newest rows and then among all; then words that begin so and parts of names, likewise.
    What takes too long ends the search with what was handed over before; `is_enough` is guarded as well.
    """
    rounds = [_Round(True, False, QUICK), _Round(False, False, DEEP)]
    if not typed.is_address:
        rounds += [_Round(True, True, QUICK), _Round(False, True, DEEP)]
    # The savepoint is always rolled back: it only read, and the guard ends with it.
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(GUARD)
            for one in rounds:
                cursor.execute(*_statement(typed, one, places))
                if is_enough([Hit(*row) for row in cursor.fetchall()]):
                    break
            transaction.set_rollback(True)
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise


def _statement(typed: Typed, one: _Round, places: Collection[str]) -> tuple[str, list[Any]]:
    arms, picks, values = [], [], []
    wanted = (arm for arm in _arms(typed, one.is_wide) if arm[0] in places)
    for name, view, columns, condition, given, pick in wanted:
        newest = NEWEST.format(view=view) if one.is_newest else ""
        arms.append(ARM.format(name=name, columns=columns, view=view, condition=condition, newest=newest))
        picks.append(pick.format(name=name, most=one.most))
        values += given
    return f"WITH {', '.join(arms)} {' UNION ALL '.join(picks)}", values


def _arms(typed: Typed, is_wide: bool) -> Iterator[tuple[str, str, str, str, list[Any], str]]:
    """(name, view, columns, condition, its values, what to take of it) of each place to look at."""
    query, given = _query(typed, is_wide)
    words = f"words @@ {query}"
    yield "message", "search_messages", "id, ticket_id AS other", words, given, PICK
    yield "subject", "search_tickets", "id, id AS other", words, given, PICK
    yield "file", "search_files", "id", words, given, FILES
    yield "contact", "search_contacts", "id, kind", words, given, HOLDERS
    if digits := _digits(typed.text):
        yield "phone", "search_contacts", "id, kind", "words @@ %s::tsquery AND kind = 'phone'", [digits], HOLDERS
    if not typed.without:
        yield "name", "search_customers", "id, id AS other", *_name(typed, is_wide), PICK


def _query(typed: Typed, is_wide: bool) -> tuple[str, list[Any]]:
    """What to compare words with. Null, which matches nothing, when no word is left after folding."""
    is_begun = is_wide and bool(typed.beginning)
    words = " ".join(typed.words[:-1] if is_begun else typed.words)
    wanted, values = ["plainto_tsquery('simple', search_fold(%s))"], [words]
    if is_begun:
        # The last word of what it is folded to is the one being typed.
        wanted.append("coalesce((nullif(plainto_tsquery('simple', search_fold(%s))::text, '') || ':*')::tsquery, '')")
        values.append(typed.words[-1])
    for phrase in typed.phrases:
        wanted.append("phraseto_tsquery('simple', search_fold(%s))")
        values.append(phrase)
    if typed.grams:
        wanted.append("%s::tsquery")
        values.append(" & ".join(f"'{gram}'" + (":*" if len(gram) == 1 else "") for gram in typed.grams))
    without = "".join(" && !!plainto_tsquery('simple', search_fold(%s))" for _ in typed.without)
    positive = f"({' && '.join(wanted)})"
    if not without:
        return positive, values
    expression = f"(CASE WHEN numnode({positive}) > 0 THEN {positive}{without} END)"
    return expression, [*values, *values, *typed.without]


def _name(typed: Typed, is_wide: bool) -> tuple[str, list[Any]]:
    """Any three letters of a name are indexed; shorter words are looked for where words begin, among the rest."""
    words = [*" ".join((*typed.words, *typed.phrases)).split(), *typed.grams]
    if not is_wide:
        return "parts @@ search_name(%s, true)", [typed.text.replace('"', " ")]
    if all(len(word) < SHORTEST_BEGINNING for word in words) and not typed.grams:
        return "name ^@ %s", [fold(typed.text)]
    short = [word for word in words if len(word) < SHORTEST_BEGINNING and word not in typed.grams]
    short = [f"% {fold(''.join(filter(str.isalnum, word)))}%" for word in short]
    return "parts @@ search_name(%s, false)" + " AND ' ' || name LIKE %s" * len(short), [" ".join(words), *short]


def _digits(text: str) -> str:
    """The number without its leading zeros, when it is long enough for the end of a phone number."""
    if any(letter.isalpha() for letter in text):
        return ""
    digits = "".join(letter for letter in text if letter in "0123456789").lstrip("0")
    return f"'{digits}'" if 4 <= len(digits) <= 40 else ""
