"""The bell leads to tickets, for those who may see them."""

from collections.abc import Callable

from django.test import Client

from accounts.kinds import SYSTEM
from accounts.models import Membership
from accounts.tenancy import tenant_scope
from events.models.notification import NotificationKind
from events.services.notifying import notify
from events.services.recording import record
from tests.factories.tickets import make_ticket
from tickets.kinds import TicketEvent
from tickets.models import Ticket

SignIn = Callable[[Membership], Client]


def tell(*members: Membership, subject: str) -> Ticket:
    with tenant_scope(members[0].tenant):
        ticket = make_ticket(subject=subject)
        event = record(TicketEvent.OPENED, subject=ticket, actor=SYSTEM, data={"channel": "email"}, ticket_id=ticket.pk)
        notify(event=event, kind=NotificationKind.UNASSIGNED_NEW, members=members)
        return ticket


def notices(client: Client, slug: str) -> str:
    return client.get(f"/{slug}/notices/", headers={"HX-Request": "true"}).content.decode()


def test_notice_leads_to_its_ticket(sign_in: SignIn, ada: Membership) -> None:
    ticket = tell(ada, subject="Where is <it>?")

    client = sign_in(ada)
    content = notices(client, "acme")
    opened = client.post(content.split('action="')[2].split('"')[0])

    assert "Where is &lt;it&gt;?" in content
    assert opened["Location"] == f"/acme/tickets/{ticket.number}/"


def test_notice_of_a_ticket_without_subject_has_its_number(sign_in: SignIn, ada: Membership) -> None:
    ticket = tell(ada, subject="")

    assert f"Ticket {ticket.number}<" in notices(sign_in(ada), "acme")


def test_notice_tells_nothing_of_an_inbox_one_has_left(sign_in: SignIn, bela: Membership) -> None:
    tell(bela, subject="Secret")
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)

    content = notices(sign_in(bela), "acme")

    assert "Secret" not in content
    assert "/tickets/" not in content


def test_notices_of_another_workspace_are_not_mixed_in(sign_in: SignIn, ada: Membership, cleo: Membership) -> None:
    tell(ada, subject="Acme only")

    assert "Acme only" not in notices(sign_in(cleo), "globex")
