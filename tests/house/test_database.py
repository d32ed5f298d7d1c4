"""The database as it is: policies, owners, composite keys, search views. Read from its own catalog."""

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.tenancy import tenant_scope
from core.database.roles import as_owner
from core.database.schema import is_tenant_owned
from customers.models import Contact, Customer
from events.kinds import AuditEvent
from events.services.recording import record
from files.models import StoredFile
from tests.factories.tickets import make_inbox
from tests.house.world import fill
from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db

# House §9, "the whole list": they hold ids and keys, never content of a workspace.
WITHOUT_TENANT = {
    "accounts_tenant",
    "accounts_user",
    "accounts_invitation",
    "accounts_membership",
    "accounts_route",
    "account_emailaddress",
    "account_emailconfirmation",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_session",
    "events_reaction",
}
CONDITION = "(tenant_id = (current_setting('app.tenant'::text))::bigint)"

# What each search view is asked, and the index that must answer. A new view brings its line.
SEARCHES = {
    "search_messages": (
        "SELECT id FROM search_messages WHERE words @@ to_tsquery('simple', 'marker')",
        "message_words",
    ),
    "search_tickets": ("SELECT id FROM search_tickets WHERE words @@ to_tsquery('simple', 'marker')", "ticket_words"),
    "search_files": ("SELECT id FROM search_files WHERE words @@ to_tsquery('simple', 'marker')", "file_words"),
    "search_customers": (
        "SELECT id FROM search_customers WHERE parts @@ search_name('marker', true)",
        "customer_parts",
    ),
    "search_contacts": ("SELECT id FROM search_contacts WHERE words @@ to_tsquery('simple', '1234')", "contact_words"),
}


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def app_role() -> str:
    return str(settings.DATABASES["default"]["USER"])


def owner_role() -> str:
    return str(settings.DATABASE_OWNER["USER"])


def guarded_tables() -> set[str]:
    return {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")} - WITHOUT_TENANT


def fill_searched(count: int) -> None:
    """So many rows in what is searched that the planner has a reason to use an index."""
    inbox, now = make_inbox(), timezone.now()
    Ticket.objects.bulk_create(
        Ticket(number=number, inbox=inbox, subject=f"parcel {number}", created_at=now, last_message_at=now)
        for number in range(1, count + 1)
    )
    Customer.objects.bulk_create(
        Customer(number=number, name_folded=f"person {number}") for number in range(1, count + 1)
    )
    Contact.objects.bulk_create(Contact(kind="phone", value=f"+3519{number:08d}") for number in range(1, count + 1))
    StoredFile.objects.bulk_create(
        StoredFile(name=f"letter {number}.pdf", content_type="application/pdf", size=1, sha256="")
        for number in range(1, count + 1)
    )
    ticket = Ticket.objects.get(number=1)
    Message.objects.bulk_create(
        Message(ticket=ticket, number=number, direction="in", text=f"word{number} lorem ipsum", created_at=now)
        for number in range(1, count + 1)
    )


def test_tables_without_a_tenant_are_the_listed_ones() -> None:
    names = {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    owned = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if is_tenant_owned(model)}

    assert names - owned == WITHOUT_TENANT


def test_every_table_of_a_workspace_has_its_policy() -> None:
    found = rows(
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, p.polname, p.polcmd, p.polpermissive,"
        " pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid), p.polroles"
        " FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid"
        " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
    )
    expected = (True, False, "tenant", "*", True, CONDITION, CONDITION, [0])
    wrong = [row for row in found if row[0] not in WITHOUT_TENANT and row[1:] != expected]

    assert not wrong
    assert {row[0] for row in found if row[0] not in WITHOUT_TENANT} == guarded_tables()


def test_tenant_column_is_never_null() -> None:
    found = rows(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'"
        " AND is_nullable = 'NO'"
    )

    # The library lets a history's keys be null; the policy refuses to write one all the same.
    histories = {name for name in guarded_tables() if "_historical" in name}
    assert guarded_tables() - histories - {name for (name,) in found} == set()


def test_owner_owns_everything_and_the_app_nothing() -> None:
    found = rows(
        "SELECT relname, relowner::regrole::text FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')"
    )

    assert {name: owner for name, owner in found if owner != owner_role()} == {}
    assert rows("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", app_role()) == [(0,)]
    assert rows("SELECT count(*) FROM pg_proc WHERE proowner = %s::regrole", app_role()) == [(0,)]


def test_neither_role_stands_above_the_policies() -> None:
    found = rows(
        "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolbypassrls OR rolreplication) AND rolname = ANY(%s)",
        [app_role(), owner_role()],
    )

    assert app_role() != owner_role()
    assert found == []
    assert rows("SELECT pg_has_role(%s, %s, 'MEMBER')", app_role(), owner_role()) == [(False,)]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "ALTER TABLE tickets_ticket DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON tickets_ticket",
        "TRUNCATE tickets_ticket",
        "CREATE VIEW mine AS SELECT 1",
        "SET ROLE helpdesk_owner",
    ],
)
def test_app_role_may_not(statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        rows(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM events_event",
        *(
            f"UPDATE events_event SET {column} = {column}"
            for column in ("type", "audit_group", "actor_kind", "actor_id", "subject_kind", "subject_id", "created_at")
        ),
        "UPDATE events_event SET customer_id = NULL",
        "UPDATE events_event SET tenant_id = tenant_id",
    ],
)
def test_what_happened_is_only_added_to(ada: Membership, statement: str) -> None:
    """By PostgreSQL's own word: no code of ours, and nobody who gets it to run another statement."""
    with tenant_scope(ada.tenant):
        record(AuditEvent.EXPORTED, subject=ada, actor=ada.as_actor(), data={"query": ""})

        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            rows(statement)
        rows("UPDATE events_event SET data = '{}', actor_name = ''")  # what erasing a person does

        assert rows("SELECT actor_name FROM events_event") == [("",)]


def test_foreign_keys_between_workspace_tables_are_composite() -> None:
    found = rows(
        "SELECT k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text,"
        " ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(n, o)"
        "   JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY u.o),"
        " ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u(n, o)"
        "   JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY u.o)"
        " FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace"
    )
    with_tenant = guarded_tables() | {"accounts_membership"}
    wrong = [
        (name, table, target)
        for name, table, target, columns, keys in found
        if table in guarded_tables()
        and target in with_tenant
        and (columns[:1], keys) != (["tenant_id"], ["tenant_id", "id"])
    ]

    assert not wrong
    assert len([1 for row in found if row[1] in guarded_tables() and row[2] in with_tenant]) > 20


def test_every_foreign_key_of_a_model_is_one_in_the_database() -> None:
    """A key without a constraint is checked by nobody; histories are the exception, they outlive their rows."""
    missing = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if not getattr(field, "db_constraint", True) and "Historical" not in model.__name__
    ]

    assert not missing


def test_declared_keys_and_indexes_start_with_the_tenant() -> None:
    wrong = []
    for model in apps.get_models():
        if is_tenant_owned(model):
            unique = [one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]
            wrong += [one.name for one in (*unique, *model._meta.indexes) if one.fields and one.fields[0] != "tenant"]
            wrong += [f"{model._meta.label}: unique_together" for _ in model._meta.unique_together]

    assert not wrong


def test_views_are_search_views_and_repeat_the_condition() -> None:
    found = rows("SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'")
    wrong = [
        name
        for name, definition in found
        if not name.startswith("search_") or "current_setting('app.tenant'::text)" not in definition
    ]

    assert not wrong
    assert {name for name, _ in found} == set(SEARCHES), "each search view has its line in SEARCHES"


@pytest.mark.parametrize("view", sorted(SEARCHES))
def test_search_view_shows_a_workspace_its_own_and_no_other(view: str, ada: Membership, cleo: Membership) -> None:
    fill(ada, "ACMEONLY")

    with tenant_scope(ada.tenant):
        mine = rows(f"SELECT count(*) FROM {view}")
    with tenant_scope(cleo.tenant):
        theirs = rows(f"SELECT count(*) FROM {view}")

    assert mine[0][0] > 0
    assert theirs == [(0,)]
    with pytest.raises(DatabaseError), transaction.atomic():
        rows(f"SELECT count(*) FROM {view}")


@pytest.mark.django_db(transaction=True)
def test_search_views_answer_by_their_index(ada: Membership) -> None:
    with transaction.atomic(), tenant_scope(ada.tenant):
        fill_searched(3000)
    with as_owner():
        rows("ANALYZE")
    plans = {}
    for view, (query, _) in SEARCHES.items():
        with transaction.atomic(), tenant_scope(ada.tenant):
            plans[view] = "\n".join(line for (line,) in rows(f"EXPLAIN {query}"))

    assert [
        view for view, (_, index) in SEARCHES.items() if index not in plans[view] or "Seq Scan" in plans[view]
    ] == []
