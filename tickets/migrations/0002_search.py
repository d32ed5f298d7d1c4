"""Full-text search over messages and subjects: indexes, and the views that may use them."""

from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations

from core.database.operations import search_view

MESSAGE_WORDS = "to_tsvector('simple', left(t.text, 100000) || ' ' || t.author_name || ' ' || t.author_address)"
TICKET_WORDS = "to_tsvector('simple', t.subject)"


def index(name: str, table: str, words: str) -> migrations.RunSQL:
    plain = words.replace("t.", "")
    return migrations.RunSQL(
        f"CREATE INDEX {name} ON {table} USING gin (tenant_id, ({plain}))", f"DROP INDEX {name}"
    )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]

    operations = [
        BtreeGinExtension(),
        index("message_words", "tickets_message", MESSAGE_WORDS),
        index("ticket_words", "tickets_ticket", TICKET_WORDS),
        search_view(
            "search_messages", f"SELECT t.id, t.tenant_id, t.ticket_id, {MESSAGE_WORDS} AS words FROM tickets_message t"
        ),
        search_view("search_tickets", f"SELECT t.id, t.tenant_id, {TICKET_WORDS} AS words FROM tickets_ticket t"),
    ]
