"""Texts that lost a race for a note and wait to be settled: of a merged profile they wait at the survivor's."""

from __future__ import annotations

from customers.belongings import Change
from customers.models import Merge, NoteDraft
from customers.services import noting
from events.services.announcing import announce

COPIES = "drafts"  # in Merge.images: [the other's draft, the survivor's copy]


def copy(change: Change) -> None:
    """The other's own stay where they are."""
    waiting = list(NoteDraft.objects.unsettled().filter(note__customer=change.other).order_by("pk"))
    if not waiting:
        return
    note = noting.lock_note(customer=change.holder)
    copies = NoteDraft.objects.bulk_create(
        NoteDraft(
            note=note,
            text=one.text,
            based_on=note.version,
            created_at=one.created_at,
            author_kind=one.author_kind,
            author_id=one.author_id,
            author_name=one.author_name,
        )
        for one in waiting
    )
    change.merge.images[COPIES] = [[one.pk, copy.pk] for one, copy in zip(waiting, copies, strict=True)]
    announce(note.live_name)


def drop(change: Change) -> None:
    """Copies that still wait go, also where the survivor went on to; one that was settled settles its original."""
    pairs = dict(change.merge.images.get(COPIES, ()))
    copies, step = set(pairs.values()), change.merge
    while (further := Merge.objects.standing().filter(other=step.survivor_id).first()) is not None:
        further_pairs = {one: copy for one, copy in further.images.get(COPIES, ()) if one in copies}
        pairs |= further_pairs
        copies |= set(further_pairs.values())
        step = further
    settled = {one.pk: one for one in NoteDraft.objects.filter(pk__in=copies, settled_at__isnull=False)}
    originals = {copy: one for one, copy in pairs.items()}
    for pk, one in settled.items():
        while pk in originals:
            pk = originals[pk]
            NoteDraft.objects.unsettled().filter(pk=pk).update(settled_at=one.settled_at, choice=one.choice)
    NoteDraft.objects.unsettled().filter(pk__in=copies).delete()
