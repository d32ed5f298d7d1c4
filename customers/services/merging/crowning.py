"""Main contacts that are chosen with a merge: when it is undone, who was the main one before is it again."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from accounts.kinds import Actor
from core.database.among import Among
from customers.models import CustomerContact, Merge
from customers.services import contacting
from customers.services.merging.setting_aside import Shelf

MAINS = "mains"  # in Merge.images: by the id of the line that was chosen, that of the one before
LINES = CustomerContact._meta.label
IS_PRIMARY = 1  # where it stands among what moving changes of a line


def crown(merge: Merge, ids: Collection[int], actor: Actor) -> None:
    """Make these lines of the survivor's the main ones of their kinds."""
    held = CustomerContact.objects.filter(customer=merge.survivor).select_related("contact", "customer")
    former = {one.contact.kind: one.pk for one in held.filter(is_primary=True)}
    chosen = list(held.filter(Among("pk", ids), is_primary=False))
    for line in chosen:
        contacting.make_primary(line=line, actor=actor)
    if mains := {str(line.pk): former[line.contact.kind] for line in chosen if line.contact.kind in former}:
        merge.images[MAINS] = mains
        merge.save(update_fields=["images"])


def uncrown(merge: Merge, shelf: Shelf, holder_id: int) -> None:
    """Say so again of those that are still the main ones. Call before the rows of the other leave."""
    mains: Mapping[str, int] = merge.images.get(MAINS, {})
    if not mains:
        return
    chosen = CustomerContact.objects.filter(Among("pk", map(int, mains)), customer=holder_id, is_primary=True)
    for pk in chosen.values_list("pk", flat=True):
        if CustomerContact.objects.filter(pk=mains[str(pk)], customer=holder_id).update(is_primary=True):
            CustomerContact.objects.filter(pk=pk).update(is_primary=False)
    for owner, one in shelf.merges.items():
        if one.pk != merge.pk and _forget(one, mains):
            shelf.changed.add(owner)


def _forget(later: Merge, mains: Mapping[str, int]) -> bool:
    """What another merge took for the main one was that because of this one."""
    rest: dict[str, int] = later.images.get(MAINS, {})
    changed = {chosen: mains[str(former)] for chosen, former in rest.items() if str(former) in mains}
    rest.update(changed)
    lines = later.images.get(LINES, {})
    moved = [(lines[pk], lines[str(former)]) for pk, former in mains.items() if pk in lines and str(former) in lines]
    for line, former in moved:
        line[IS_PRIMARY], former[IS_PRIMARY] = False, line[IS_PRIMARY] or former[IS_PRIMARY]
    return bool(changed or moved)
