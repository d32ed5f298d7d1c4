"""Switch the synchronizing of notes with a store on and off (F55)."""

from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor
from events.services.recording import record
from integrations.kinds import StoreEvent
from integrations.models import Connection, StoreCustomer


class AlreadySwitched(Exception):
    """A colleague did so first."""


def switch_note_sync(*, connection: Connection, on: bool, actor: Actor, at: datetime) -> Connection:
    """Answer the question of D1. Raises AlreadySwitched.

    Takes effect at once for every note; what stands on the notes follows by the job of `aligning`. Off forgets what
    both sides agreed upon: switched on again they meet as for the first time.
    """
    with transaction.atomic():
        connection = Connection.objects.locked(connection)
        if connection.sync_notes is on:
            raise AlreadySwitched
        connection.mark_note_sync(on=on)
        if not on:
            StoreCustomer.objects.of_connection(connection.pk).forget_agreement()
        data = {"connection": connection.pk, "on": on}
        record(StoreEvent.NOTE_SYNC_SWITCHED, subject=connection, actor=actor, data=data, live=[connection.live_name])
    return connection
