"""A workspace with one row of everything, for tests that walk everything."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from accounts.kinds import SYSTEM, RouteKind
from accounts.models import Membership, NumberSequence, Tenant, WorkspaceSetting
from accounts.services.numbering import next_number
from accounts.services.routing import claim_route
from accounts.tenancy import tenant_scope
from channels.kinds import Outcome
from channels.models import Delivery, MailKey, MailReference, RawMail
from core.database.schema import is_tenant_owned
from customers.kinds import ContactKind
from customers.models import NoteDraft, Presence
from customers.services.noting import save_note
from events.kinds import all_types
from events.models import Event, Notification, NotificationPreference
from events.models.notification import NotificationKind
from files.services.storing import store
from integrations.models import Order
from jobs.models import Job
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link, make_webhook
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.models import Attachment, InboxMember, Participant

KINDS_OF_NUMBERS = ("member", "customer", "ticket", "inbox", "connection", "mail")


@dataclass(frozen=True)
class World:
    """What the walks need to know of a workspace. `ids` is (namespace, name in the URL) -> value."""

    tenant: Tenant
    member: Membership
    ids: dict[tuple[str, str], Any]


def fill(member: Membership, marker: str) -> World:
    """One row, at least, in every table that belongs to a workspace; the marker stands in every text of it."""
    tenant, now = member.tenant, timezone.now()
    with tenant_scope(tenant):
        customer = make_customer(first_name=marker, location=marker)
        contact = make_contact(customer, f"{marker.lower()}@shopper.example", verified_at=now)
        make_contact(customer, marker.lower(), kind=ContactKind.HANDLE, tag="twitter")
        actor = member.as_actor()
        note = save_note(customer=customer, text=f"note {marker}", based_on=0, actor=actor, at=now).note
        draft = NoteDraft(note=note, text=f"draft {marker}", based_on=0, created_at=now)
        draft.set_author(actor)
        draft.save()
        Presence.objects.create(customer=customer, last_seen_at=now, evidence="ping")

        inbox = make_inbox(f"{marker.lower()}@{tenant.slug}.example", name=f"inbox {marker}")
        InboxMember.objects.create(inbox=inbox, member=member)
        ticket = make_ticket(inbox, customer=customer, subject=f"subject {marker}", assignee=member)
        Participant.objects.create(ticket=ticket, customer=customer, address="a@shopper.example", name=marker)
        inbound = make_message(ticket, f"text {marker}", html=f"<p>{marker}</p>", author_customer=customer)
        outbound = make_message(ticket, f"answer {marker}", direction="out", author_member=member)
        file = store(name=f"{marker}.png", content_type="image/png", content=b"\x89PNG")
        Attachment.objects.create(message=inbound, file=file, position=1)

        connection_ = make_connection(f"{marker.lower()}.myshopify.com", name=f"store {marker}", sync_notes=True)
        link = make_link(connection_, customer, display_name=marker, note_state="differs", remote_text=marker)
        Order.objects.create(
            connection=connection_, store_customer=link, remote_id="1", name="#1001", name_folded="#1001", placed_at=now
        )
        make_webhook(connection_, {}, b"{}")

        mail = RawMail.objects.create(
            number=next_number("mail"), inbox=inbox, file=file, received_at=now, outcome=Outcome.QUARANTINED,
            reason="loop", subject=marker, sender=f"{marker.lower()}@shopper.example",
        )  # fmt: skip
        MailKey.objects.create(inbox=inbox, key="digest", mail=mail)
        MailReference.objects.create(digest="0" * 64, message_id=f"<{marker}@x>", of_message=outbound)
        Delivery.objects.create(message=outbound, recipient="a@shopper.example", mail_id=f"<{marker}@x>")

        event = Event.objects.create(
            type=all_types()[0].name, subject_kind="ticket", subject_id=ticket.pk, ticket_id=ticket.pk,
            customer_id=customer.pk, actor_kind=SYSTEM.kind, actor_name=marker, created_at=now,
        )  # fmt: skip
        Notification.objects.create(member=member, event=event, kind=NotificationKind.ASSIGNED)
        NotificationPreference.objects.create(member=member, kind=NotificationKind.MENTIONED)
        job = Job.objects.create(kind="tests_world", started_by=member, report={"summary": marker})
        WorkspaceSetting.objects.create(key=f"tests.{tenant.slug}", value=marker)
        claim_route(kind=RouteKind.INBOX_ADDRESS, key=inbox.address, object_id=inbox.pk)
    ids = {
        ("customers", "number"): customer.number,
        ("customers", "contact_id"): contact.pk,
        ("customers", "draft_id"): draft.pk,
        ("customers", "version"): 1,
        ("integrations", "number"): connection_.number,
        ("integrations", "customer_number"): customer.number,
        ("channels", "number"): mail.number,
        ("tickets", "number"): ticket.number,
        ("tickets", "position"): inbound.number,
        ("tickets", "place"): 1,
        ("jobs", "job_id"): job.pk,
        ("files", "key"): file.key,
    }
    return World(tenant, member, ids)


def apart(tenant: Tenant) -> int:
    """Let whatever is made next, of any kind, get an id of its own: returns that id, and gives it to every kind.

    The ids people see (counted per workspace) begin there too, so that one value stands for each thing of a
    workspace and for nothing of any other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'")
        sequences = cursor.fetchall()
        last = max(value for _, value in sequences) + 1000
        for name, value in sequences:
            cursor.execute(f"SELECT count(nextval('{name}')) FROM generate_series(1, {last - value})")
    with tenant_scope(tenant):
        for kind in KINDS_OF_NUMBERS:
            NumberSequence.objects.update_or_create(kind=kind, defaults={"last": last})
    return int(last) + 1


def snapshot(tenant: Tenant) -> dict[str, str]:
    """A digest of every table's rows of a workspace."""
    found = {}
    with tenant_scope(tenant), connection.cursor() as cursor:
        for table in tenant_tables():
            cursor.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t')
            found[table] = cursor.fetchone()[0]
    return found


@contextmanager
def undone() -> Iterator[None]:
    """What happens in the block has never happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def tenant_tables() -> list[str]:
    """The tables of models that belong to a workspace, histories included."""
    return sorted(model._meta.db_table for model in apps.get_models() if is_tenant_owned(model))
