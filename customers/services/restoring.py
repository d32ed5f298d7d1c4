"""Every text the note ever had, and the way back to one (B7)."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.kinds import Actor
from customers.models import Customer, CustomerNote, NoteVersion
from customers.services import noting


class VersionMissing(Exception):
    """The note never had a version of that number."""


def versions_of(*, customer: Customer) -> QuerySet[NoteVersion, NoteVersion]:
    """All versions, in no order, also of profiles that were merged into this one."""
    versions: QuerySet[NoteVersion, NoteVersion] = NoteVersion.objects.filter(note__customer__in=customer.all_ids)
    return versions.select_related("note")


def order_of(customer: Customer) -> tuple[str, ...]:
    """The newest first. Of one note the numbers tell, along their index; of several they begin anew in each."""
    return ("-id",) if customer.absorbed_ids else ("-number",)


def restore_version(*, customer: Customer, number: int, actor: Actor, at: datetime) -> CustomerNote:
    """Make the text of an earlier version the newest one: a save like any other. Raises VersionMissing."""
    with transaction.atomic():
        note = noting.lock_note(customer=customer)
        version = NoteVersion.objects.filter(note=note, number=number).first()
        if version is None:
            raise VersionMissing
        return noting.save_note(customer=customer, text=version.text, based_on=note.version, actor=actor, at=at).note
