"""Assign tickets to agents."""

from django.db import transaction
from django.db.models import Q

from accounts.kinds import Actor, Role
from accounts.models import Membership
from accounts.models.membership import MembershipQuerySet
from accounts.tenancy import active_tenant_id
from events.models.notification import NotificationKind
from events.services.notifying import notify
from events.services.recording import record
from tickets.kinds import TicketEvent
from tickets.models import Inbox, InboxMember, Ticket


class MayNotAnswer(Exception):
    """The member may not answer this inbox."""


def assign_ticket(*, ticket: Ticket, assignee: Membership | None, actor: Actor) -> Ticket:
    """Give the ticket to a member, or to nobody; the new assignee is notified. Raises MayNotAnswer."""
    if assignee and not answerers_of(ticket.inbox).filter(pk=assignee.pk).exists():
        raise MayNotAnswer
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        if ticket.assignee_id == (assignee.pk if assignee else None):
            return ticket
        ticket.mark_assigned(assignee=assignee)
        event = record(
            TicketEvent.ASSIGNED,
            subject=ticket,
            actor=actor,
            data={"to": assignee.pk if assignee else None, "to_name": assignee.name if assignee else ""},
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            live=(ticket.live_name, "inbox"),
        )
        if assignee:
            notify(event=event, kind=NotificationKind.ASSIGNED, members=[assignee])
    return ticket


def answerers_of(inbox: Inbox) -> MembershipQuerySet:
    """Active members who see and answer this inbox (D28)."""
    admins = Q(role__in=(Role.OWNER, Role.ADMIN))
    named = Q(pk__in=InboxMember.objects.filter(inbox=inbox).values("member_id"))
    members = Membership.objects.active().of_tenant(active_tenant_id())
    return members.filter(admins | Q(sees_all_inboxes=True) | named).order_by("user__name", "number")
