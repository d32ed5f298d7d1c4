"""Throw drafts away, and have them back."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Membership
from tickets.models import Draft, Ticket
from tickets.services.drafting import drop_files

# How long a discarded draft can be had back.
UNDO_KEPT = timedelta(hours=1)


class NothingToRestore(Exception):
    """The draft was not discarded, or something new stands in its place."""


def discard_draft(*, member: Membership, ticket: Ticket | None, kind: str, at: datetime) -> None:
    """Put the member's draft aside for an hour. Those put aside longer ago go for good, with their files."""
    with transaction.atomic():
        for old in Draft.objects.filter(member=member, discarded_at__lt=at - UNDO_KEPT).select_for_update():
            drop_files(draft=old)
            old.delete()
        draft = Draft.objects.by(member, ticket).kept().filter(kind=kind).select_for_update().first()
        if draft is not None:
            draft.mark_discarded(at=at)


def restore_draft(*, member: Membership, ticket: Ticket | None, kind: str) -> Draft:
    """Raises NothingToRestore."""
    with transaction.atomic():
        rows = Draft.objects.by(member, ticket).filter(kind=kind, discarded_at__isnull=False)
        draft = rows.select_for_update().first()
        if draft is None:
            raise NothingToRestore
        draft.mark_restored()
    return draft
