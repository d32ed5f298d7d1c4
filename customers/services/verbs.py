"""What can be done to many customers at once: one entry for each, with how it is undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Membership
from core.text import fold
from customers.field_values import Value, write_value
from customers.models import Customer
from customers.services import deleting, describing, setting_fields, tagging_customer
from jobs.services.batching import Skipped


@dataclass(frozen=True)
class Doer:
    """Who asked for it, with what, and when it is done."""

    agent: Membership
    values: Mapping[str, Any]
    at: datetime

    @property
    def zone(self) -> ZoneInfo:
        """In which a moment was typed; whoever undoes it may live in another."""
        return ZoneInfo(self.values["zone"])


@dataclass(frozen=True)
class Verb:
    """`act` changes one customer, raises Skipped, or returns what `undo` needs to put it back (plain JSON).

    Without `undo` the page has asked once more before. `of_deleted` are done to deleted customers only.
    """

    title: str  # while it runs
    done: str  # behind the count
    act: Callable[[Customer, Doer], Any]
    undo: Callable[[Customer, Doer, Any], None] | None = None
    of_deleted: bool = False


def _detail(name: str) -> tuple[Callable[[Customer, Doer], Any], Callable[[Customer, Doer, Any], None]]:
    """Sets one field of describing.Details to the value of that name."""

    def write(customer: Customer, doer: Doer, value: Any) -> None:
        changes: dict[str, Any] = {name: value}
        details = replace(describing.read_details(customer), **changes)
        describing.describe_customer(customer=customer, details=details, actor=doer.agent.as_actor())

    def act(customer: Customer, doer: Doer) -> Any:
        before, wanted = getattr(customer, name), doer.values[name]
        if before == wanted:
            raise Skipped("so already")
        write(customer, doer, wanted)
        return before

    def undo(customer: Customer, doer: Doer, before: Any) -> None:
        if getattr(customer, name) != doer.values[name]:
            raise Skipped("changed anew since")
        write(customer, doer, before)

    return act, undo


def _tag(customer: Customer, doer: Doer) -> None:
    try:
        changed = tagging_customer.tag_customer(
            customer=customer, add=[doer.values["tag"]], actor=doer.agent.as_actor()
        )
    except tagging_customer.TooManyTags as error:
        raise Skipped(f"with {tagging_customer.MOST} tags already") from error
    if not changed:
        raise Skipped("with that tag already")


def _untag(customer: Customer, doer: Doer) -> None:
    words = [doer.values["tag"]]
    if not tagging_customer.tag_customer(customer=customer, add=(), remove=words, actor=doer.agent.as_actor()):
        raise Skipped("without that tag")


def _set_field(customer: Customer, doer: Doer) -> str:
    code, typed = doer.values["code"], doer.values["typed"]
    before = setting_fields.read_values(customer=customer).get(code, Value())
    _write_field(customer, doer, typed)
    return write_value(before, zone=doer.zone)


def _reset_field(customer: Customer, doer: Doer, before: str) -> None:
    held = setting_fields.read_values(customer=customer).get(doer.values["code"], Value())
    now = write_value(held, zone=doer.zone)
    if fold(now) != fold(doer.values["written"]):
        raise Skipped("changed anew since")
    _write_field(customer, doer, before)


def _write_field(customer: Customer, doer: Doer, typed: str) -> None:
    try:
        changed = setting_fields.set_fields(
            customer=customer, typed={doer.values["code"]: typed}, zone=doer.zone, actor=doer.agent.as_actor()
        )
    except setting_fields.NotFitting as error:
        raise Skipped(next(iter(error.problems.values()), "not fitting").rstrip(".")) from error
    if not changed:
        raise Skipped("so already")


def _delete(customer: Customer, doer: Doer) -> None:
    try:
        deleting.delete_customer(customer=customer, actor=doer.agent.as_actor(), at=doer.at)
    except deleting.AlreadyDeleted as error:
        raise Skipped("deleted already") from error


def _restore(customer: Customer, doer: Doer) -> None:
    try:
        deleting.restore_customer(customer=customer, actor=doer.agent.as_actor())
    except deleting.WasMerged as error:
        raise Skipped(f"merged into {error.into.number}") from error
    except deleting.NotDeleted as error:
        raise Skipped("not deleted") from error


VERBS: Mapping[str, Verb] = {
    "manager": Verb("Setting the manager", "changed", *_detail("manager_id")),
    "store": Verb("Setting the store", "changed", *_detail("store_number")),
    "vip": Verb("Marking VIP", "changed", *_detail("is_vip")),
    "bad": Verb("Marking BAD", "changed", *_detail("is_bad")),
    "tag": Verb("Tagging customers", "tagged", _tag, lambda one, doer, _: _untag(one, doer)),
    "untag": Verb("Taking off a tag", "changed", _untag, lambda one, doer, _: _tag(one, doer)),
    "field": Verb("Setting a custom field", "changed", _set_field, _reset_field),
    "delete": Verb("Deleting customers", "deleted", _delete),
    "restore": Verb("Restoring customers", "restored", _restore, of_deleted=True),
}
