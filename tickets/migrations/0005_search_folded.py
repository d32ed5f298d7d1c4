"""Search again, with folded words, and by blocks so that the newest hits come first; the names of files too."""

from django.db import migrations

from core.database.operations import search_view

MESSAGE = "search_words(left(t.text, 100000) || ' ' || t.author_name || ' ' || t.author_address)"
OLD_MESSAGE = "to_tsvector('simple', left(t.text, 100000) || ' ' || t.author_name || ' ' || t.author_address)"
OLD_TICKET = "to_tsvector('simple', t.subject)"


def index(name: str, table: str, words: str) -> migrations.RunSQL:
    plain = words.replace("t.", "")
    return migrations.RunSQL(
        f"CREATE INDEX {name} ON {table} USING gin (tenant_id, (id >> 15), ({plain}))", f"DROP INDEX {name}"
    )


def gone(view: migrations.RunSQL) -> migrations.RunSQL:
    return migrations.RunSQL(view.reverse_sql, view.sql)


def index_gone(name: str, table: str, words: str) -> migrations.RunSQL:
    plain = words.replace("t.", "")
    return migrations.RunSQL(f"DROP INDEX {name}", f"CREATE INDEX {name} ON {table} USING gin (tenant_id, ({plain}))")


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_search"),
        ("files", "0001_initial"),
        ("tickets", "0004_discarded_drafts"),
    ]

    operations = [
        gone(
            search_view(
                "search_messages",
                f"SELECT t.id, t.tenant_id, t.ticket_id, {OLD_MESSAGE} AS words FROM tickets_message t",
            )
        ),
        gone(search_view("search_tickets", f"SELECT t.id, t.tenant_id, {OLD_TICKET} AS words FROM tickets_ticket t")),
        index_gone("message_words", "tickets_message", OLD_MESSAGE),
        index_gone("ticket_words", "tickets_ticket", OLD_TICKET),
        index("message_words", "tickets_message", MESSAGE),
        index("ticket_words", "tickets_ticket", "search_words(t.subject)"),
        index("file_words", "files_storedfile", "search_words(t.name)"),
        search_view(
            "search_messages",
            f"SELECT t.id, t.tenant_id, t.id >> 15 AS block, t.ticket_id, {MESSAGE} AS words FROM tickets_message t",
        ),
        search_view(
            "search_tickets",
            "SELECT t.id, t.tenant_id, t.id >> 15 AS block, search_words(t.subject) AS words FROM tickets_ticket t",
        ),
        search_view(
            "search_files",
            "SELECT t.id, t.tenant_id, t.id >> 15 AS block, search_words(t.name) AS words FROM files_storedfile t",
        ),
    ]
