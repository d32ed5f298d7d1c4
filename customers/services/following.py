"""The survivor stands for whoever was merged into them; what was written for those meanwhile is not lost."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor
from core.database.among import Among
from customers.models import Customer
from customers.services.merging.locking import top_of
from customers.services.noting import Saved, clean_note, keep_losing_text, lock_note, read_note, save_note


def find_survivor(number: int) -> Customer | None:
    """The customer of this number, of a merged one the survivor; None for a number nobody has."""
    found = Customer.objects.filter(number=number).first()
    return top_of(found) if found else None


def find_survivors(customers: Iterable[Customer]) -> dict[int, Customer]:
    """By the id of each, itself or the survivor; a query for each step of the longest chain of merges."""
    found = {one.pk: one for one in customers}
    while wanted := {one.merged_into_id for one in found.values() if one.merged_into_id}:
        rows = Customer.objects.in_bulk(wanted)
        found = {pk: rows.get(one.merged_into_id or 0, one) for pk, one in found.items()}
    return found


def replace_merged(ids: Collection[int]) -> dict[int, int]:
    """Of these the merged ones, each with the survivor; one query where there are none."""
    into = {one: one for one in ids}
    wanted = set(into)
    while wanted:
        rows = Customer.objects.filter(Among("pk", sorted(wanted)), merged_into__isnull=False)
        steps = dict(rows.values_list("pk", "merged_into_id"))
        into = {one: steps.get(now, now) for one, now in into.items()}
        wanted = set(steps.values())
    return {one: now for one, now in into.items() if one != now}


def find_alive(number: int) -> Customer | None:
    """The same; None also for one who is deleted."""
    customer = find_survivor(number)
    return customer if customer and not customer.is_deleted else None


def save_note_of_merged(
    *, former: Customer, survivor: Customer, text: str, based_on: int, actor: Actor, at: datetime
) -> Saved:
    """Where the survivor's note is the one that was written on, it is saved there; else it is kept beside that note.

    What says no more than the former's note did is nothing new.
    """
    before = read_note(customer=former)
    with transaction.atomic():
        note = lock_note(customer=survivor)
        if clean_note(text) == before.text:
            return Saved(note)
        if note.text == before.text and based_on == before.version:
            return save_note(customer=survivor, text=text, based_on=note.version, actor=actor, at=at)
        return Saved(note, keep_losing_text(customer=survivor, text=text, actor=actor, at=at))
