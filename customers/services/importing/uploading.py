"""Take a table somebody sends to import, and settle what its columns are before anything is done with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

from django.db import transaction

from accounts.models import Membership
from accounts.services.numbering import next_number
from customers.models import CustomerImport
from customers.models.customer_import import ImportMatch, ImportState
from customers.services.importing.keeping_tables import find_stored_dialect, keep_table, read_dialect, write_dialect
from customers.services.importing.mapping import (
    fit_mapping,
    guess_mapping,
    recall_mapping,
    remember_mapping,
    targets,
    write_mapping,
)
from files.services import storing


class NotNow(Exception):
    """It runs, or has ended: a colleague was first."""


class NothingMapped(Exception):
    """No column was said to be anything."""


def take_file(
    *, agent: Membership | None, name: str, file: BinaryIO, encoding: str = "", delimiter: str = ""
) -> CustomerImport:
    """Keep the file and guess what its columns are, or remember what the agent said of the same columns before.

    Raises core.tables.problems.UnreadableTable.
    """
    stored, dialect = keep_table(name=name, file=file, encoding=encoding, delimiter=delimiter)
    with transaction.atomic():
        recalled = recall_mapping(member=agent, columns=dialect.columns) if agent else None
        known = targets()
        mapping = guess_mapping(dialect.columns, known) if recalled is None else recalled
        stored.save()
        taken: CustomerImport = CustomerImport.objects.create(
            number=next_number("customer_import"),
            name=stored.name,
            file=stored,
            dialect=write_dialect(dialect),
            mapping=write_mapping(fit_mapping(mapping, dialect.columns, known)),
            started_by=agent,
        )
    return taken


def read_anew(*, taken: CustomerImport, encoding: str, delimiter: str) -> CustomerImport:
    """Read the file as somebody says it is written; columns may be other ones then. "" leaves it to be found out.

    Raises NotNow, core.tables.problems.UnreadableTable.
    """
    with transaction.atomic():
        taken = _untouched(taken)
        if taken.file is None:
            raise NotNow
        before = read_dialect(taken.dialect).columns
        dialect = find_stored_dialect(taken.file, encoding=encoding, delimiter=delimiter)
        taken.dialect = write_dialect(dialect)
        if dialect.columns != before:
            known = targets()
            mapping = fit_mapping(guess_mapping(dialect.columns, known), dialect.columns, known)
            taken.mapping = write_mapping(mapping)
        taken.save(update_fields=["dialect", "mapping"])
    return taken


def forget(*, taken: CustomerImport) -> None:
    """Drop a file that was never imported, and what trying it left. Raises NotNow."""
    with transaction.atomic():
        taken = _untouched(taken)
        file = taken.file
        taken.delete()
        if file:
            storing.release(file)


def choose(
    *, taken: CustomerImport, mapping: Mapping[int, str], match: ImportMatch, agent: Membership | None
) -> CustomerImport:
    """Say what the columns are; remembered for the agent's next file with the same ones.

    Raises NotNow, NothingMapped.
    """
    with transaction.atomic():
        taken = _untouched(taken)
        columns = read_dialect(taken.dialect).columns
        fitted = fit_mapping(mapping, columns, targets())
        if not fitted:
            raise NothingMapped
        if agent:
            remember_mapping(member=agent, columns=columns, mapping=fitted)
        taken.mapping, taken.match = write_mapping(fitted), match
        taken.save(update_fields=["mapping", "match"])
    return taken


def startable(taken: CustomerImport) -> CustomerImport:
    """Locked, with its job, and not at work. Raises NotNow."""
    taken = CustomerImport.objects.select_related("job").locked(taken)
    is_at_work = taken.job is not None and not taken.job.is_finished
    if is_at_work or taken.file_id is None or taken.state in (ImportState.DONE, ImportState.UNDONE):
        raise NotNow
    return taken


def _untouched(taken: CustomerImport) -> CustomerImport:
    """Locked, and not begun."""
    taken = startable(taken)
    if taken.state != ImportState.UPLOADED:
        raise NotNow
    return taken
