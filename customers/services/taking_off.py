"""What is taken off a profile is taken off all who went into it: none of them has it again when they are split off."""

from __future__ import annotations

from typing import Any

from customers.belongings import all_moved
from customers.models import Customer, Merge


def forget_likes(*, row: Any, holder: Customer) -> None:
    """Drop the likes of this row of the holder's that merges below them set aside. Call with the holder locked."""
    if not holder.absorbed_ids:
        return
    moved, label = next(one for one in all_moved() if one.model is type(row)), row._meta.label
    key = [getattr(row, name) for name in moved.once]
    for merge in Merge.objects.standing().filter(other__in=holder.absorbed_ids).only("aside"):
        likes = merge.aside.get(label, [])
        kept = [like for like in likes if [like[name] for name in moved.once] != key]
        if len(kept) < len(likes):
            merge.aside[label] = kept
            merge.save(update_fields=["aside"])
