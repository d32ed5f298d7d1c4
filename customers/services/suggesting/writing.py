"""Write what is suggested now, and take away what is not any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from core.database.among import Among
from core.database.columns import insert_missing_columns
from customers.models import Suggestion
from customers.services.suggesting.finding_pairs import Pair
from customers.services.suggesting.judging import Verdict


def replace_suggestions(*, among: Iterable[Suggestion], verdicts: Mapping[Pair, Verdict], at: datetime) -> set[Pair]:
    """Of the rows `among` leave those that hold, change what is said otherwise, and add the new ones.

    Returns the pairs of whom something changed. A suggestion that stays keeps its time.
    """
    there = {(row.one_id, row.other_id): row for row in among}
    gone = [pair for pair in there if pair not in verdicts]
    fresh = [pair for pair in verdicts if pair not in there]
    changed = [pair for pair, row in there.items() if pair in verdicts and not _says(row, verdicts[pair])]
    if gone:
        Suggestion.objects.filter(Among("pk", [there[pair].pk for pair in gone])).delete()
    for pair in changed:
        verdict = verdicts[pair]
        Suggestion.objects.filter(pk=there[pair].pk).update(score=verdict.score, evidence=verdict.evidence)
    _insert(sorted(fresh), verdicts, at)
    return {*gone, *changed, *fresh}


def of_any(ids: set[int]) -> QuerySet[Suggestion, Suggestion]:
    """Suggestions in which one of these customers stands."""
    rows: QuerySet[Suggestion, Suggestion] = Suggestion.objects.filter(Q(Among("one", ids)) | Q(Among("other", ids)))
    return rows


def _says(row: Suggestion, verdict: Verdict) -> bool:
    return row.score == verdict.score and row.evidence == verdict.evidence


def _insert(pairs: list[Pair], verdicts: Mapping[Pair, Verdict], at: datetime) -> None:
    varying: dict[str, Sequence[Any]] = {
        "one_id": [one for one, _ in pairs],
        "other_id": [other for _, other in pairs],
        "score": [verdicts[pair].score for pair in pairs],
        "evidence": [verdicts[pair].evidence for pair in pairs],
    }
    # Somebody may take up a pair again that was dismissed when the rows were read.
    insert_missing_columns(Suggestion, varying, {"created_at": at})
