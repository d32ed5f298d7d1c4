"""Compare anew customers of whom something has changed: what was suggested of them and holds no more goes away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from core.database.among import Among
from customers.models import ComparedFacts, ComparisonBasis, Customer
from customers.resemblance import Facts
from customers.resemblance.facts import read_said
from customers.resemblance.keys import contact_keys
from customers.resemblance.numbering import number_of
from customers.services.suggesting.dismissing import LIVE_NAME, dismissed_pairs
from customers.services.suggesting.finding_pairs import MOST, pairs_of, read_sharing
from customers.services.suggesting.inferring import fellows_of, infer, infers, leave_to_thirds
from customers.services.suggesting.judging import judge, read_weights
from customers.services.suggesting.keeping_facts import keep_facts, numbered_keys, read_kept
from customers.services.suggesting.learning_shared import several_of
from customers.services.suggesting.locking import lock_comparing
from customers.services.suggesting.writing import of_any, replace_suggestions
from events.services.announcing import announce


def renew(*, ids: Collection[int], at: datetime) -> bool:
    """Read these customers anew, and compare those of whom something that is compared has changed.

    Says whether so many have changed since all were counted that all should be compared again. Done twice, or by two
    workers at once, it comes to the same. Raises locking.Busy.
    """
    with transaction.atomic():
        basis = lock_comparing()
        before = _contacts_of(ids)
        changed = keep_facts(ids=ids)
        if changed:
            basis.changed += len(changed)
            basis.save(update_fields=["changed"])
            _compare({*changed, *_fellow_holders(changed, before)}, basis, at)
        return basis.changed > max(50, basis.customers // 5)


def compare_again(*, ids: Collection[int], at: datetime) -> None:
    """The same for customers of whom something else was said that counts: that two of them are not one person."""
    with transaction.atomic():
        basis = lock_comparing()
        before = _contacts_of(ids)
        changed = keep_facts(ids=ids)
        _compare({*ids, *_fellow_holders({*ids, *changed}, before)}, basis, at)


def _compare(ids: set[int], basis: ComparisonBasis, at: datetime) -> None:
    if basis.counted_at is None:
        basis.customers = Customer.objects.alive().count()  # nobody has counted yet, so there are few
    before = fellows_of(ids)
    facts = read_kept(ids=ids)
    several = several_of(facts.values())
    sharing = read_sharing(keys={key for one in facts.values() for key in numbered_keys(one)})
    pairs = pairs_of(sharing, facts.keys())
    facts |= read_kept(ids={pk for pair in pairs for pk in pair} - facts.keys())
    weights = read_weights(basis=basis, people=facts.values(), several=several)
    verdicts = judge(pairs=pairs - dismissed_pairs(facts.keys()), facts=facts, weights=weights)
    rows, verdicts = leave_to_thirds(of_any(ids), verdicts)
    changed = replace_suggestions(among=rows, verdicts=verdicts, at=at)
    if infers(basis):
        around = {*ids, *before, *fellows_of(ids)}
        changed |= infer(ids=around, basis=basis, at=at)
    if changed:
        _announce({pk for pair in changed for pk in pair})


def _contacts_of(ids: Collection[int]) -> dict[int, set[int]]:
    rows = ComparedFacts.objects.filter(Among("customer", ids)).values_list("customer_id", "facts")
    return {pk: _contact_numbers(read_said(pk, said)) for pk, said in rows}


def _contact_numbers(facts: Facts) -> set[int]:
    return {number_of(key) for key in contact_keys(facts)}


def _fellow_holders(changed: set[int], before: Mapping[int, set[int]]) -> set[int]:
    """Who hold, or held, a contact together with them: with one holder more it may be of several people, or no more."""
    now = read_kept(ids=changed)
    keys = {key for pk in changed for key in before.get(pk, ())}
    keys |= {key for one in now.values() for key in _contact_numbers(one)}
    groups = (holders for holders in read_sharing(keys=keys).values() if len(holders) <= MOST)
    fellows = [{*holders} - changed for holders in groups]
    return {pk for others in fellows if len(others) > 1 for pk in others}


def _announce(ids: set[int]) -> None:
    names = Customer.objects.filter(Among("pk", ids)).values_list("number", flat=True)[:MOST]
    announce(LIVE_NAME, *(f"customer-{number}" for number in names))
