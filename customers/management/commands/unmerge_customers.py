"""Split merged customers again."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.kinds import SYSTEM
from accounts.tenancy import tenant_scope
from core import clock
from customers.management.merging import add_workspace, find_customer, find_workspace
from customers.models import Customer, Merge
from customers.services.merging import parting
from customers.services.merging.locking import Busy
from customers.services.merging.previewing import UnmergePreview, preview_unmerge


class Command(BaseCommand):
    help = (
        "Undo a merge: the other customer stands by themselves again, with all that was theirs. What came since the "
        "merge stays with who was kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_workspace(parser)
        parser.add_argument(
            "numbers", type=int, nargs="+", help="of the other, or of the one who was kept and of the other"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        numbers = options["numbers"]
        if len(numbers) > 2:
            raise CommandError("Name the other customer, or the one who was kept and the other.")
        with tenant_scope(find_workspace(options["workspace"])):
            with transaction.atomic():
                merge = _find(numbers)
            preview = _undo(merge)
        counts = {one.name: one.count for one in preview.returns}
        said = {"split": {"keep": preview.holder.number, "other": preview.other.number}, "merge": merge.number}
        given = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing"
        line = f"Customer {preview.other.number} was split from customer {preview.holder.number}; given back: {given}."
        self.stdout.write(json.dumps({**said, **counts}) if options["json"] else line)


def _find(numbers: list[int]) -> Merge:
    other = find_customer(numbers[-1])
    merge = parting.find_merge(other=other)
    if merge is None:
        raise CommandError(f"Customer {other.number} is not merged into anybody.")
    keepers = {merge.survivor.number, Customer.objects.top_of(merge.survivor_id).number}
    if len(numbers) == 2 and numbers[0] not in keepers:
        raise CommandError(f"Customer {other.number} was merged into customer {merge.survivor.number}.")
    return merge


def _undo(merge: Merge) -> UnmergePreview:
    try:
        with transaction.atomic():
            preview = preview_unmerge(merge=merge)
        parting.undo_merge(merge=merge, actor=SYSTEM, at=clock.now())
    except parting.AlreadyUndone as error:
        raise CommandError(f"Customer {merge.other.number} stands apart already.") from error
    except (parting.NotUndoable, Busy) as error:
        raise CommandError(str(error)) from error
    return preview
