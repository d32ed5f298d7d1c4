"""A workspace with one row of everything, for tests that walk everything."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from accounts.kinds import SYSTEM, RouteKind
from accounts.models import MemberPreference, Membership, NumberSequence, Tenant, WorkspaceSetting
from accounts.services.numbering import next_number
from accounts.services.opening import add_member
from accounts.services.routing import claim_route
from accounts.tenancy import tenant_scope
from channels.kinds import Outcome
from channels.models import (
    BlockedSender,
    Delivery,
    MailAccount,
    MailKey,
    MailReference,
    MailTransport,
    ProviderCall,
    ProviderHook,
    RawMail,
    Unsubscribed,
)
from core.database.schema import is_tenant_owned
from customers.kinds import ContactKind, FieldKind, FieldTarget
from customers.models import (
    BlockingKey,
    ComparedFacts,
    ComparisonBasis,
    CustomerAddress,
    CustomerExport,
    CustomerImport,
    CustomerSource,
    CustomerTag,
    CustomerTotals,
    CustomField,
    Dismissal,
    ImportRow,
    LegalDetails,
    Merge,
    NoteDraft,
    Presence,
    Suggestion,
    ValueCount,
)
from customers.services import defining, setting_fields, timeline_noting
from customers.services.noting import save_note
from events.kinds import all_types
from events.models import Event, Notification, NotificationPreference
from events.models.notification import NotificationKind
from files.services.storing import store
from integrations.models import Order, OrderFieldValue
from jobs.models import Job
from tests.factories.accounts import make_invitation, make_team
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link, make_webhook
from tests.factories.tickets import make_inbox, make_message, make_tag, make_ticket
from tickets.models import (
    Attachment,
    CannedReply,
    Draft,
    DraftFile,
    InboxMember,
    Participant,
    Recipient,
    SavedView,
    Signature,
    TicketFieldValue,
    TicketTag,
)

LATER = datetime(2100, 1, 1, tzinfo=UTC)
KINDS_OF_NUMBERS = (
    *("member", "customer", "ticket", "inbox", "connection", "mail"),
    *("team", "tag", "canned_reply", "saved_view", "blocked_sender"),
    *("custom_field", "timeline_note", "customer_import", "customer_export"),
)


@dataclass(frozen=True)
class World:
    """What the walks need to know of a workspace. `ids` is (namespace, name in the URL) -> value."""

    tenant: Tenant
    member: Membership
    ids: dict[tuple[str, str], Any]


def fill(member: Membership, marker: str) -> World:
    """One row, at least, in every table that belongs to a workspace; the marker stands in every text of it."""
    making = _Making(member, marker)
    with tenant_scope(member.tenant):
        making.people()
        making.customers()
        making.stores()
        making.tickets()
        making.mails()
        making.shared()
    return World(member.tenant, member, making.ids)


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


class _Making:
    """Makes the rows of one app after another, from below to above, and notes the ids that stand in URLs."""

    def __init__(self, member: Membership, marker: str) -> None:
        self.member, self.marker, self.now = member, marker, timezone.now()
        self.address = f"{marker.lower()}@shopper.example"
        self.ids: dict[tuple[str, str], Any] = {}

    def people(self) -> None:
        team = make_team(f"team {self.marker}", self.member)
        invitation, _ = make_invitation(self.member, f"guest-{self.address}")
        # Not the first member: every workspace has a first one.
        colleague = add_member(tenant=self.member.tenant, email=f"colleague-{self.address}")
        numbers = {"team_number": team.number, "member_number": colleague.number}
        self._note("accounts", **numbers, invitation_id=invitation.pk)
        self._note("tickets", **numbers)

    def customers(self) -> None:
        marker, now = self.marker, self.now
        self.customer = make_customer(first_name=marker, location=marker)
        contact = make_contact(self.customer, self.address, verified_at=now)
        make_contact(self.customer, marker.lower(), kind=ContactKind.HANDLE, tag="twitter")
        actor = self.member.as_actor()
        note = save_note(customer=self.customer, text=f"note {marker}", based_on=0, actor=actor, at=now).note
        draft = NoteDraft(note=note, text=f"draft {marker}", based_on=0, created_at=now)
        draft.set_author(actor)
        draft.save()
        Presence.objects.create(customer=self.customer, last_seen_at=now, evidence="ping")
        self._profile()
        self._note("customers", number=self.customer.number, contact_id=contact.pk, draft_id=draft.pk, version=1)

    def _profile(self) -> None:
        marker, now, actor = self.marker, self.now, self.member.as_actor()
        CustomerTotals.objects.create(customer=self.customer, orders=1)
        CustomerSource.objects.create(customer=self.customer, campaign=marker)
        CustomerTag.objects.create(customer=self.customer, name=marker, name_folded=marker.lower())
        noted = timeline_noting.add_timeline_note(customer=self.customer, html=f"note {marker}", actor=actor, at=now)
        self._note("customers", note_number=noted.number, tab="segments")
        field = defining.define_field(
            target=FieldTarget.CUSTOMER,
            kind=FieldKind.CHOICE,
            draft=defining.FieldDraft(marker),
            options=[defining.OptionDraft(marker, code="first")],
            actor=actor,
        )
        setting_fields.set_fields(
            customer=self.customer, typed={field.code: "first"}, zone=ZoneInfo("UTC"), actor=actor
        )
        MemberPreference.objects.create(member=self.member, key="columns", value=[marker])
        self._note("customers", field_number=field.number)
        self._rest_of_profile()

    def _rest_of_profile(self) -> None:
        marker, by = self.marker, self.member
        CustomerAddress.objects.create(customer=self.customer, city=marker, text=marker)
        LegalDetails.objects.create(customer=self.customer, legal_name=marker)
        taken = CustomerImport.objects.create(
            number=next_number("customer_import"), name=marker, started_by=by, dialect=_dialect(marker)
        )
        ImportRow.objects.create(customer_import=taken, line=2, outcome="refused", problem=marker, cells=[marker])
        remark = {"outcome": "created", "problem": marker, "beginning": marker}
        ImportRow.objects.create(customer_import=taken, line=3, customer=self.customer, **remark)
        kept = {"file": store(name=f"{marker}.csv", content_type="text/csv", content=b"number"), "expires_at": LATER}
        given = CustomerExport.objects.create(
            number=next_number("customer_export"), kind="list", query=marker, started_by=by, **kept
        )
        self._note("customers", import_number=taken.number, export_number=given.number)
        self._merging()

    def _merging(self) -> None:
        marker, now = self.marker, self.now
        like, unlike, merged = (make_customer(first_name=f"{name} {marker}") for name in ("like", "unlike", "merged"))
        Suggestion.objects.create(one=self.customer, other=like, score=0.9, evidence=["same phone"], created_at=now)
        Dismissal.objects.create(one=self.customer, other=unlike, why=marker, created_at=now)
        ComparedFacts.objects.create(customer=like, facts={"first": marker})
        BlockingKey.objects.create(customer=like, key=like.pk)
        ValueCount.objects.create(trait="first", value=like.pk, count=3)
        ComparisonBasis.objects.create(customers=4, prior=0.001, counted_at=now)
        merge = Merge.objects.create(
            number=next_number("merge"), survivor=like, other=merged, values={"first_name": [marker]}, created_at=now
        )
        undone = {"undone_at": now, "undone_by": marker}
        Merge.objects.create(number=next_number("merge"), survivor=self.customer, other=like, created_at=now, **undone)
        self._note("customers", merge_number=merge.number, other_number=like.number)
        self._note("tickets", customer_number=like.number)

    def _field_of(self, target: FieldTarget) -> CustomField:
        draft = defining.FieldDraft(self.marker)
        return defining.define_field(target=target, kind=FieldKind.STRING, draft=draft, actor=self.member.as_actor())

    def stores(self) -> None:
        shop = f"{self.marker.lower()}.myshopify.com"
        store_ = make_connection(shop, name=f"store {self.marker}", sync_notes=True)
        link = make_link(store_, self.customer, display_name=self.marker, note_state="differs", remote_text=self.marker)
        names = {"name": "#1001", "name_folded": "#1001", "email": self.marker, "phone": self.marker}
        order = Order.objects.create(connection=store_, store_customer=link, remote_id="1", placed_at=self.now, **names)
        OrderFieldValue.objects.create(order=order, field=self._field_of(FieldTarget.ORDER), text=self.marker)
        make_webhook(store_, {}, b"{}")
        self._note("integrations", number=store_.number, customer_number=self.customer.number, order_id=order.pk)

    def tickets(self) -> None:
        marker = self.marker
        self.inbox = make_inbox(f"{marker.lower()}@{self.member.tenant.slug}.example", name=f"inbox {marker}")
        InboxMember.objects.create(inbox=self.inbox, member=self.member)
        claim_route(kind=RouteKind.INBOX_ADDRESS, key=self.inbox.address, object_id=self.inbox.pk)
        self.ticket = make_ticket(self.inbox, customer=self.customer, subject=f"subject {marker}", assignee=self.member)
        Participant.objects.create(ticket=self.ticket, customer=self.customer, address=self.address, name=marker)
        html = f"<p>{marker}</p>"
        self.inbound = inbound = make_message(self.ticket, f"text {marker}", html=html, author_customer=self.customer)
        self.outbound = make_message(self.ticket, f"answer {marker}", direction="out", author_member=self.member)
        self.file = store(name=f"{marker}.png", content_type="image/png", content=b"\x89PNG")
        Attachment.objects.create(message=inbound, file=self.file, position=1)
        Recipient.objects.create(message=self.outbound, kind="to", address=self.address, name=marker)
        self._ticket_things()
        self._note("tickets", number=self.ticket.number, position=inbound.number, place=1)
        self._note("files", key=self.file.key)

    def _ticket_things(self) -> None:
        """What agents make around tickets."""
        marker = self.marker
        tag = make_tag(f"tag {marker}")
        TicketTag.objects.create(ticket=self.ticket, tag=tag)
        TicketFieldValue.objects.create(ticket=self.ticket, field=self._field_of(FieldTarget.TICKET), text=marker)
        words = {"html": f"<p>{marker}</p>", "member": self.member}
        draft = Draft.objects.create(ticket=self.ticket, kind="reply", updated_at=self.now, **words)
        DraftFile.objects.create(draft=draft, file=self.file)
        reply = CannedReply.objects.create(number=next_number("canned_reply"), title=marker, **words)
        Signature.objects.create(**words)
        view = SavedView.objects.create(number=next_number("saved_view"), name=marker, member=self.member)
        numbers = {"tag_number": tag.number, "reply_number": reply.number, "view_number": view.number}
        self._note("tickets", inbox_number=self.inbox.number, **numbers)

    def mails(self) -> None:
        facts = {"outcome": Outcome.QUARANTINED, "reason": "loop", "subject": self.marker, "sender": self.address}
        number = next_number("mail")
        mail = RawMail.objects.create(number=number, inbox=self.inbox, file=self.file, received_at=self.now, **facts)
        MailKey.objects.create(inbox=self.inbox, key="digest", mail=mail)
        known = {"number": next_number("mail"), "file": self.file, "received_at": self.now, "message": self.inbound}
        RawMail.objects.create(inbox=self.inbox, outcome=Outcome.TICKET_CREATED, **known)
        self._note("channels", ticket_number=self.ticket.number, position=self.inbound.number)
        mail_id = f"<{self.marker}@shopper.example>"
        MailReference.objects.create(digest="0" * 64, message_id=mail_id, of_message=self.outbound)
        Delivery.objects.create(message=self.outbound, recipient=self.address, mail_id=mail_id)
        blocked = BlockedSender.objects.create(number=next_number("blocked_sender"), address=f"no-{self.address}")
        login = {"host": "imap.example", "user": self.address, "secret": self.marker}
        Unsubscribed.objects.create(address=f"off-{self.address}")
        MailAccount.objects.create(inbox=self.inbox, **login)
        hook = ProviderHook.objects.create(inbox=self.inbox, provider="postmark")
        ProviderCall.objects.create(hook=hook, purpose="report", file=self.file, received_at=self.now)
        MailTransport.objects.create(inbox=self.inbox, kind="smtp", **login)
        self._note("channels", number=number, block_number=blocked.number, inbox_number=self.inbox.number)

    def shared(self) -> None:
        event = Event.objects.create(
            type=all_types()[0].name,
            subject_kind="ticket",
            subject_id=self.ticket.pk,
            ticket_id=self.ticket.pk,
            customer_id=self.customer.pk,
            actor_kind=SYSTEM.kind,
            actor_name=self.marker,
            created_at=self.now,
        )
        notice = Notification.objects.create(member=self.member, event=event, kind=NotificationKind.ASSIGNED)
        self._note("events", notice_id=notice.pk)
        NotificationPreference.objects.create(member=self.member, kind=NotificationKind.MENTIONED)
        job = Job.objects.create(kind="ticket_batch", started_by=self.member, report={"summary": self.marker})
        WorkspaceSetting.objects.create(key=f"tests.{self.member.tenant.slug}", value=self.marker)
        self._note("jobs", job_id=job.pk)
        self._note("tickets", job_id=job.pk)
        self._note("customers", job_id=job.pk)

    def _note(self, namespace: str, **ids: Any) -> None:
        self.ids |= {(namespace, part): value for part, value in ids.items()}


def _dialect(marker: str) -> dict[str, Any]:
    """How a file of one column is written."""
    encoding = {"name": "utf-8", "is_guess": False, "mark": 0}
    return {
        "encoding": encoding,
        "delimiter": ",",
        "spaces": False,
        "columns": [marker],
        "body": {"byte": 0, "line": 2},
    }
