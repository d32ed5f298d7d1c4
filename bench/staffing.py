"""What a workspace of the benchmark has before its tickets: people, inboxes, teams, tags, a store."""

import json

from django.db import transaction

from accounts.kinds import Role
from accounts.models import Membership, Team
from accounts.services.numbering import next_number, take_numbers
from accounts.services.opening import add_member, open_workspace
from accounts.tenancy import tenant_scope
from bench.generating import PASSWORD
from bench.population import Workspace
from core.text import fold
from customers.kinds import FieldKind, FieldTarget
from customers.models import CustomField
from customers.services import defining
from integrations.models import Connection
from tickets.models import Inbox, InboxMember, Tag

AGENTS, INBOXES, TEAMS, TAGS = 20, 4, 5, 100
FIELDS = (("Size", FieldKind.CHOICE), ("Points", FieldKind.INTEGER), ("City", FieldKind.STRING))
SIZES = ("S", "M", "L", "XL")


def make_workspace(slug: str, tickets: int) -> Workspace:
    """Ada owns it; Bela sees the first of its inboxes only; the other agents have no password."""
    with transaction.atomic():
        tenant = open_workspace(slug=slug, name=slug.title())
        with tenant_scope(tenant):
            ada = add_member(tenant=tenant, email="ada@acme.example", name="Ada", role=Role.OWNER, password=PASSWORD)
            bela = add_member(tenant=tenant, email="bela@acme.example", name="Bela", password=PASSWORD)
            agents = [
                add_member(tenant=tenant, email=f"agent{n}@{slug}.example", name=f"Agent {n}") for n in range(AGENTS)
            ]
            inboxes = [_make_inbox(f"inbox{number}@{slug}.example") for number in range(1, INBOXES + 1)]
            Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)
            InboxMember.objects.create(inbox=inboxes[0], member=bela)
            teams = [Team.objects.create(number=next_number("team"), name=f"Team {n}") for n in range(1, TEAMS + 1)]
            tags = [_make_tag(f"tag {number}") for number in range(1, TAGS + 1)]
            store = _make_store(f"{slug}.myshopify.com")
            fields = [_make_field(ada, name, kind) for name, kind in FIELDS]
            options = [one.pk for one in fields[0].options.order_by("position")]
            take_numbers("ticket", tickets)
            take_numbers("customer", tickets)
    return Workspace(
        tenant=tenant.pk,
        slug=slug,
        tickets=tickets,
        inboxes=[one.pk for one in inboxes],
        agents=[one.pk for one in (ada, bela, *agents)],
        teams=[one.pk for one in teams],
        tags=[one.pk for one in tags],
        connection=store.pk,
        fields=[one.pk for one in fields],
        options=options,
    )


def _make_inbox(address: str) -> Inbox:
    return Inbox.objects.create(number=next_number("inbox"), name=address.partition("@")[0].title(), address=address)


def _make_tag(name: str) -> Tag:
    return Tag.objects.create(number=next_number("tag"), name=name, name_folded=fold(name))


def _make_field(ada: Membership, name: str, kind: FieldKind) -> CustomField:
    return defining.define_field(
        target=FieldTarget.CUSTOMER,
        kind=kind,
        draft=defining.FieldDraft(name, in_list=True, in_filter=True),
        options=[defining.OptionDraft(size) for size in SIZES] if kind.has_options else (),
        actor=ada.as_actor(),
    )


def _make_store(shop: str) -> Connection:
    connection: Connection = Connection.objects.create(
        number=next_number("connection"),
        kind="shopify",
        shop=shop,
        token="",
        secrets=json.dumps(["none"]),
        sync_notes=False,
    )
    return connection
