"""Let members into inboxes and out of them (D28): at once, on every open page of theirs."""

from collections.abc import Sequence

from django.db import transaction

from accounts.kinds import Actor
from accounts.models import Membership
from events.services.announcing import announce, end_streams_of
from events.services.recording import record
from tickets.kinds import InboxEvent
from tickets.models import Inbox, InboxMember

ALL = "all inboxes, later ones too"


def admit_to_all(*, member: Membership, actor: Actor) -> Membership:
    """Every inbox, those made later too."""
    with transaction.atomic():
        member = Membership.objects.locked(member)
        if not member.sees_all_inboxes:
            before = _names(member)
            member.mark_inboxes(sees_all=True)
            _tell(member, actor, before)
    return member


def admit_to_chosen(*, member: Membership, actor: Actor) -> Membership:
    """Only the inboxes chosen one by one; those they see now to begin with."""
    with transaction.atomic():
        member = Membership.objects.locked(member)
        if member.sees_all_inboxes:
            _choose(member, list(Inbox.objects.all()))
            _tell(member, actor, ALL)
    return member


def admit(*, member: Membership, inbox: Inbox, actor: Actor) -> Membership:
    """One more inbox; for whoever sees all there is nothing to do."""
    with transaction.atomic():
        member = Membership.objects.locked(member)
        if not member.sees_all_inboxes:
            before = _names(member)
            _, is_new = InboxMember.objects.get_or_create(member=member, inbox=inbox)
            if is_new:
                _tell(member, actor, before)
    return member


def exclude(*, member: Membership, inbox: Inbox, actor: Actor) -> Membership:
    """One inbox less; whoever saw all sees all others from now on, and none that is made later.

    Their tickets of it stay theirs, with a note on each that they may not answer.
    """
    with transaction.atomic():
        member = Membership.objects.locked(member)
        before = _names(member)
        if member.sees_all_inboxes:
            _choose(member, list(Inbox.objects.exclude(pk=inbox.pk)))
            _tell(member, actor, before)
        elif InboxMember.objects.filter(member=member, inbox=inbox).delete()[0]:
            _tell(member, actor, before)
    return member


def _choose(member: Membership, inboxes: Sequence[Inbox]) -> None:
    member.mark_inboxes(sees_all=False)
    InboxMember.objects.filter(member=member).delete()
    InboxMember.objects.bulk_create(InboxMember(member=member, inbox=inbox) for inbox in inboxes)


def _names(member: Membership) -> str:
    """The inboxes they see, for people to read."""
    if member.sees_all_inboxes:
        return ALL
    chosen = InboxMember.objects.filter(member=member).order_by("inbox__number")
    return ", ".join(chosen.values_list("inbox__name", flat=True)) or "none"


def _tell(member: Membership, actor: Actor, before: str) -> None:
    numbers = (
        InboxMember.objects.filter(member=member).order_by("inbox__number").values_list("inbox__number", flat=True)
    )
    data = {
        "member": member.pk,
        "name": member.name,
        "sees_all": member.sees_all_inboxes,
        "inboxes": list(numbers),
        "before": before,
        "after": _names(member),
    }
    record(InboxEvent.ACCESS_CHANGED, subject=member, actor=actor, data=data)
    # Their open pages fetch all again and find what they may see now; colleagues' pickers change with the list.
    end_streams_of(member.number)
    announce("inbox")
