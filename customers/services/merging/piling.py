"""What a survivor says because of merges: a pile of values, out of which each can be taken again, in any order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from customers.models import Customer, CustomerFieldValue, Merge, Presence
from customers.services.merging.fields import NAMES, OWN, PHOTO, Said, Scribe, choose, read_said, write_said
from customers.services.writing_fields import NotFitting
from files.models import StoredFile

SEEN = "seen"  # when, and by what evidence
MANAGER = "manager_id"
Flow = dict[str, tuple[Any, Any]]  # by field, what stands there and what shall stand there


def read_all(customer: Customer) -> Said:
    """As fields.read_said, with what nobody chooses."""
    row = Presence.objects.filter(customer=customer).first()
    return {**read_said(customer), SEEN: [row.last_seen_at.isoformat(), row.evidence] if row else None}


def join(mine: Said, theirs: Said, chosen: Mapping[str, Any]) -> Said:
    """As fields.choose; whoever was seen later counts."""
    seen = [one for one in (mine.get(SEEN), theirs.get(SEEN)) if one]
    latest = max(seen, key=lambda one: datetime.fromisoformat(one[0]), default=None)
    return {**choose({**dict.fromkeys(NAMES, ""), **mine}, theirs, chosen), SEEN: latest}


def pile_up(merge: Merge, chosen: Mapping[str, Any], scribe: Scribe) -> None:
    """Say on the survivor what both say, and remember what stood there.

    What was chosen and changes nothing is remembered too, where else the other's would stand.
    """
    mine, theirs = read_all(merge.survivor), read_all(merge.other)
    plain, after = join(mine, theirs, {}), join(mine, theirs, chosen)
    names = [name for name, value in after.items() if value != mine.get(name) or plain.get(name) != mine.get(name)]
    merge.values = {name: [mine.get(name), after[name]] for name in names}
    _write(merge.survivor, {name: after[name] for name in names if after[name] != mine.get(name)}, scribe)


def take_out(merge: Merge, scribe: Scribe) -> None:
    """Take a merge's values out of the pile; call when it does not stand any more, with all profiles locked.

    What stood below stands there again, or what those say who stay; a value that somebody changed since stays. Where
    the survivor went on into another, theirs follows.
    """
    _sink(merge, {name: (after, before) for name, (before, after) in merge.values.items() if after != before}, scribe)


def _sink(merge: Merge, flow: Flow, scribe: Scribe) -> None:
    if not flow:
        return
    survivor = Customer.objects.get(pk=merge.survivor_id)
    said = read_all(survivor)
    if not flow.keys().isdisjoint(NAMES):  # which are one thing
        flow = {name: (said[name], said[name]) for name in NAMES} | flow
    later = Merge.objects.standing().filter(survivor=survivor.pk, number__gt=merge.number).select_related("other")
    for one in later.order_by("number"):
        flow = _pass(flow, one)
    flow = {name: way for name, way in flow.items() if said.get(name) == way[0] and way[0] != way[1]}
    with _awake(survivor):
        _write(survivor, {name: after for name, (_, after) in flow.items()}, scribe)
    onward = Merge.objects.standing().filter(other=survivor.pk).first()
    if onward is not None:
        _sink(onward, _follow(flow, onward), scribe)


def _pass(flow: Flow, merge: Merge) -> Flow:
    """Go on above a later merge into the same survivor, whose values rest on what is changed below them."""
    rest, open_names, is_changed = dict(flow), [], False
    for name, (before, after) in flow.items():
        if name not in merge.values:
            open_names.append(name)
            continue
        stood, since = merge.values[name]
        if stood != before:  # somebody changed it between the two
            del rest[name]
        elif stood == since:  # it was chosen to stay
            merge.values[name], is_changed = [after, after], True
        else:
            merge.values[name], is_changed = [after, since], True
            del rest[name]
    for name, now in _joined(flow, open_names, merge).items():
        if now != flow[name][1]:
            merge.values[name], is_changed = [flow[name][1], now], True
            rest[name] = (flow[name][0], now)
    if is_changed:
        merge.save(update_fields=["values"])
    return rest


def _joined(flow: Flow, names: list[str], merge: Merge) -> Said:
    """What stands in these fields once the other of this merge has said theirs."""
    if not names:
        return {}
    said = read_all(merge.other)
    mine = {name: after for name, (_, after) in flow.items()}
    theirs = {name: said.get(name) if name in names else None for name in flow}
    after = join(mine, theirs, {})
    return {name: after[name] for name in names}


def _follow(flow: Flow, onward: Merge) -> Flow:
    """What the next survivor took over from this one."""
    rest: Flow = {}
    for name, (before, after) in flow.items():
        kept, since = onward.values.get(name, (None, None))
        if name not in onward.values or since != before or kept == since:
            continue
        now = join({name: kept}, {name: after}, {})[name] if name == SEEN else (after or kept)
        onward.values[name] = [kept, now]
        rest[name] = (before, now)
    if rest:
        onward.save(update_fields=["values"])
    return rest


def _write(customer: Customer, said: Said, scribe: Scribe) -> None:
    """What cannot be said any more, as an option that was taken away, stays as it is."""
    said = {name: value for name, value in said.items() if name == SEEN or _is_still(name, value)}
    if SEEN in said:
        _write_seen(customer, said.pop(SEEN))
    blank = [name.removeprefix(OWN) for name, value in said.items() if name.startswith(OWN) and not value]
    for row in CustomerFieldValue.objects.filter(customer=customer, field__code__in=blank):
        row.sign(scribe.actor)
        row.delete()
    said = {name: value for name, value in said.items() if name.removeprefix(OWN) not in blank}
    try:
        if said:
            write_said(customer, said, scribe)
    except NotFitting as error:
        unfit = {f"{OWN}{code}" for code in error.problems}
        write_said(customer, {name: value for name, value in said.items() if name not in unfit}, scribe)


def _is_still(name: str, value: Any) -> bool:
    if value and name == MANAGER:
        return bool(Membership.objects.of_tenant(active_tenant_id()).filter(pk=value).exists())
    return not (value and name == PHOTO) or bool(StoredFile.objects.filter(pk=value).exists())


def _write_seen(customer: Customer, said: list[str] | None) -> None:
    rows = Presence.objects.filter(customer=customer)
    if said is None:
        rows.delete()
    elif not rows.update(last_seen_at=said[0], evidence=said[1]):
        Presence.objects.create(customer=customer, last_seen_at=datetime.fromisoformat(said[0]), evidence=said[1])


@contextmanager
def _awake(customer: Customer) -> Iterator[None]:
    """What a merged profile says may be written in the block, as it would be had one merge into it never been."""
    rows, into, since = Customer.objects.filter(pk=customer.pk), customer.merged_into_id, customer.deleted_at
    if into is None:
        yield
        return
    rows.update(merged_into=None, deleted_at=None)
    yield
    rows.update(merged_into=into, deleted_at=since)
