"""What can be done to many tickets at once: one entry for each, with how it is undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Membership, Team
from accounts.tenancy import active_tenant_id
from customers.field_values import Value, write_value
from customers.models import Customer
from customers.services.writing_fields import NotFitting, read_of
from jobs.services.batching import Skipped
from tickets.kinds import Priority, Topic
from tickets.models import Tag, Ticket, TicketTag
from tickets.services import (
    assigning,
    closing,
    labeling,
    merging,
    prioritizing,
    setting_customer,
    setting_fields,
    snoozing,
    tagging,
    unmerging,
)


@dataclass(frozen=True)
class Doer:
    """Who asked for it, with what, and when: `asked_at` is what they had in view, `at` is now."""

    agent: Membership
    values: Mapping[str, Any]
    asked_at: datetime
    at: datetime


@dataclass(frozen=True)
class Verb:
    """`act` changes one locked ticket, raises Skipped, or returns what `undo` needs to put it back (plain JSON).

    `beside` names the value that holds another ticket's id, which is locked with those that change.
    """

    title: str  # while it runs
    done: str  # behind the count
    act: Callable[[Ticket, Doer], Any]
    undo: Callable[[Ticket, Doer, Any], None]
    beside: str = ""
    undoes_merges: bool = False


def _close(ticket: Ticket, doer: Doer) -> None:
    # What a customer wrote after the agent looked must not be closed unread.
    if ticket.last_message_at > doer.asked_at:
        raise Skipped("has a new message")
    try:
        closing.close_ticket(ticket=ticket, actor=doer.agent.as_actor(), at=doer.at)
    except closing.AlreadyClosed as error:
        raise Skipped("is closed already") from error


def _reopen(ticket: Ticket, doer: Doer) -> None:
    try:
        closing.reopen_ticket(ticket=ticket, actor=doer.agent.as_actor())
    except closing.AlreadyOpen as error:
        raise Skipped("is open already") from error


def _assign(ticket: Ticket, doer: Doer) -> int | None:
    before, wanted = ticket.assignee_id, doer.values["assignee"]
    if before == wanted:
        raise Skipped("is assigned so already")
    _give(ticket, doer, wanted)
    return before


def _give(ticket: Ticket, doer: Doer, member_id: int | None) -> None:
    member = Membership.objects.of_tenant(active_tenant_id()).filter(pk=member_id).first() if member_id else None
    if member_id and member is None:
        raise Skipped("would go to somebody who has left")
    try:
        assigning.assign_ticket(ticket=ticket, assignee=member, actor=doer.agent.as_actor())
    except assigning.MayNotAnswer as error:
        raise Skipped("is in an inbox they may not answer") from error


def _unassign_again(ticket: Ticket, doer: Doer, before: int | None) -> None:
    if ticket.assignee_id != doer.values["assignee"]:
        raise Skipped("was assigned anew since")
    _give(ticket, doer, before)


def _assign_team(ticket: Ticket, doer: Doer) -> int | None:
    before = ticket.team_id
    if before == doer.values["team"]:
        raise Skipped("is with that team already")
    _give_team(ticket, doer, doer.values["team"])
    return before


def _give_team(ticket: Ticket, doer: Doer, team_id: int | None) -> None:
    team = Team.objects.filter(pk=team_id).first() if team_id else None
    if team_id and team is None:
        raise Skipped("would go to a team that is gone")
    try:
        assigning.assign_team(ticket=ticket, team=team, actor=doer.agent.as_actor())
    except assigning.MayNotAnswer as error:
        raise Skipped("is in an inbox nobody of that team may answer") from error


def _take_from_team(ticket: Ticket, doer: Doer, before: int | None) -> None:
    if ticket.team_id != doer.values["team"]:
        raise Skipped("was given to another team since")
    _give_team(ticket, doer, before)


def _snooze(ticket: Ticket, doer: Doer) -> bool:
    was_open, until = ticket.is_open, datetime.fromisoformat(doer.values["until"])
    if ticket.snoozed_until == until:
        raise Skipped("is snoozed so already")
    if ticket.last_message_at > doer.asked_at:
        raise Skipped("has a new message")
    try:
        snoozing.snooze_ticket(ticket=ticket, until=until, actor=doer.agent.as_actor(), at=doer.at)
    except (snoozing.HasPassed, snoozing.TooFarAhead) as error:
        raise Skipped("cannot be snoozed until then") from error
    return was_open


def _wake(ticket: Ticket, doer: Doer, was_open: bool) -> None:
    if ticket.snoozed_until != datetime.fromisoformat(doer.values["until"]):
        raise Skipped("is not snoozed so any more")
    if was_open:
        _reopen(ticket, doer)
    else:
        closing.close_ticket(ticket=ticket, actor=doer.agent.as_actor(), at=doer.at)


def _prioritize(ticket: Ticket, doer: Doer) -> int:
    before = ticket.priority
    if before == doer.values["priority"]:
        raise Skipped("has that priority already")
    _set_priority(ticket, doer, doer.values["priority"])
    return before


def _unprioritize(ticket: Ticket, doer: Doer, before: int) -> None:
    if ticket.priority != doer.values["priority"]:
        raise Skipped("has another priority since")
    _set_priority(ticket, doer, before)


def _set_priority(ticket: Ticket, doer: Doer, priority: int) -> None:
    prioritizing.set_priority(ticket=ticket, priority=Priority(priority), actor=doer.agent.as_actor())


def _label(ticket: Ticket, doer: Doer) -> str:
    before = ticket.topic
    if before == doer.values["topic"]:
        raise Skipped("has that topic already")
    _set_topic(ticket, doer, doer.values["topic"])
    return before


def _unlabel(ticket: Ticket, doer: Doer, before: str) -> None:
    if ticket.topic != doer.values["topic"]:
        raise Skipped("has another topic since")
    _set_topic(ticket, doer, before)


def _set_topic(ticket: Ticket, doer: Doer, topic: str) -> None:
    labeling.set_topic(ticket=ticket, topic=Topic(topic) if topic else None, actor=doer.agent.as_actor())


def _tag(ticket: Ticket, doer: Doer) -> None:
    tag = _find_tag(doer)
    if TicketTag.objects.filter(ticket=ticket, tag=tag).exists():
        raise Skipped("has that tag already")
    try:
        tagging.tag_ticket(ticket=ticket, add=[tag], remove=[], actor=doer.agent.as_actor())
    except tagging.TooManyTags as error:
        raise Skipped(f"has {tagging.MOST} tags already") from error


def _untag(ticket: Ticket, doer: Doer) -> None:
    tag = _find_tag(doer)
    if not TicketTag.objects.filter(ticket=ticket, tag=tag).exists():
        raise Skipped("does not have that tag")
    tagging.tag_ticket(ticket=ticket, add=[], remove=[tag], actor=doer.agent.as_actor())


def _find_tag(doer: Doer) -> Tag:
    tag: Tag | None = Tag.objects.filter(pk=doer.values["tag"]).first()
    if tag is None:
        raise Skipped("would carry a tag that is gone")
    return tag


def _set_customer(ticket: Ticket, doer: Doer) -> int | None:
    before = ticket.customer_id
    if before == doer.values["customer"]:
        raise Skipped("is that customer's already")
    _give_to_customer(ticket, doer, doer.values["customer"])
    return before


def _give_back_to_customer(ticket: Ticket, doer: Doer, before: int | None) -> None:
    if ticket.customer_id != doer.values["customer"]:
        raise Skipped("is another customer's since")
    _give_to_customer(ticket, doer, before)


def _give_to_customer(ticket: Ticket, doer: Doer, customer_id: int | None) -> None:
    customer = Customer.objects.filter(pk=customer_id).first() if customer_id else None
    if customer_id and customer is None:
        raise Skipped("would go to a customer who is gone")
    setting_customer.set_customer(ticket=ticket, customer=customer, actor=doer.agent.as_actor())


def _set_field(ticket: Ticket, doer: Doer) -> str:
    before = _held(ticket, doer)
    if not _write_field(ticket, doer, doer.values["typed"]):
        raise Skipped("says that already")
    return before


def _set_field_back(ticket: Ticket, doer: Doer, before: str) -> None:
    if _held(ticket, doer) != doer.values["typed"]:
        raise Skipped("says something else since")
    _write_field(ticket, doer, before)


def _held(ticket: Ticket, doer: Doer) -> str:
    return write_value(read_of(ticket).get(doer.values["field"], Value()), zone=ZoneInfo(doer.values["zone"]))


def _write_field(ticket: Ticket, doer: Doer, typed: str) -> frozenset[str]:
    zone, actor = ZoneInfo(doer.values["zone"]), doer.agent.as_actor()
    try:
        return setting_fields.set_fields(ticket=ticket, typed={doer.values["field"]: typed}, zone=zone, actor=actor)
    except NotFitting as error:
        raise Skipped("cannot say that") from error


def _merge(ticket: Ticket, doer: Doer) -> None:
    target = Ticket.objects.visible_to(doer.agent).filter(pk=doer.values["into"]).first()
    if target is None:
        raise Skipped("would go to a ticket you may not see any more")
    try:
        merging.merge_tickets(source=ticket, into=target, actor=doer.agent.as_actor(), at=doer.at)
    except merging.SameTicket as error:
        raise Skipped("is the one that stays") from error
    except merging.AlreadyMerged as error:
        raise Skipped("was merged by somebody else") from error


def _unmerge(ticket: Ticket, doer: Doer) -> None:
    try:
        unmerging.unmerge_ticket(ticket=ticket, actor=doer.agent.as_actor())
    except unmerging.NotMerged as error:
        raise Skipped("is not merged any more") from error


VERBS: dict[str, Verb] = {
    "close": Verb("Closing tickets", "closed", _close, lambda one, doer, _: _reopen(one, doer)),
    "reopen": Verb("Reopening tickets", "reopened", _reopen, lambda one, doer, _: _close(one, doer)),
    "assign": Verb("Assigning tickets", "assigned", _assign, _unassign_again),
    "team": Verb("Giving tickets to a team", "given to the team", _assign_team, _take_from_team),
    "snooze": Verb("Snoozing tickets", "snoozed", _snooze, _wake),
    "priority": Verb("Setting priorities", "set", _prioritize, _unprioritize),
    "topic": Verb("Setting topics", "set", _label, _unlabel),
    "tag": Verb("Tagging tickets", "tagged", _tag, lambda one, doer, _: _untag(one, doer)),
    "untag": Verb("Removing a tag", "changed", _untag, lambda one, doer, _: _tag(one, doer)),
    "customer": Verb("Setting the customer", "set", _set_customer, _give_back_to_customer),
    "field": Verb("Setting a field", "set", _set_field, _set_field_back),
    "merge": Verb("Merging tickets", "merged", _merge, lambda one, doer, _: _unmerge(one, doer), "into", True),
}
