"""Search finds by what people remember, and only what they may see."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from files.services.storing import store
from integrations.models import Order
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link
from tests.factories.tickets import make_inbox, make_message, make_tag, make_ticket
from tickets.filters import TicketFilter
from tickets.models import Attachment, InboxMember, TicketTag
from tickets.services import matching, searching


def find(agent: Membership, words: str) -> list[int]:
    query = QueryDict(mutable=True)
    query["q"] = words
    return sorted(TicketFilter.parse(query).apply(agent).values_list("number", flat=True))


@pytest.fixture
def tickets(in_acme: Tenant) -> None:
    ana = make_customer("Ana", "Lopes")
    make_contact(ana, "ana@shopper.example")
    make_contact(ana, "+351912345678", kind="phone")
    link = make_link(make_connection(), ana)
    Order.objects.create(
        connection=link.connection,
        store_customer=link,
        remote_id="1",
        name="#1001",
        name_folded="#1001",
        placed_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    make_message(make_ticket(customer=ana, subject="Watering can"), "The spout is bent")
    make_message(
        make_ticket(make_inbox("b@acme.example"), subject="Подушка", status="closed"),
        "Где моя подушка?",
        author_name="Вера",
    )
    jose = make_customer("José", "Lindberg-Núñez")
    make_contact(jose, "j.nunez@harbor.example")
    letter = make_message(
        make_ticket(customer=jose, subject="Crème brûlée"),
        "配送が遅い。 see http://shop.example/a-b?c=1",
        author_name="J",
    )
    Attachment.objects.create(
        message=letter, file=store(name="Invoice_77.pdf", content_type="application/pdf", content=b"x"), position=1
    )
    TicketTag.objects.create(ticket=letter.ticket, tag=make_tag("Très urgent"))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("watering", [1]),
        ("spout bent", [1]),
        ("ANA@shopper.example", [1]),
        ("+351 912 345 678", [1]),
        ("ana lo", [1]),
        ("1001", [1]),
        ("#2", [2]),
        ("подушка", [2]),
        ("nowhere", []),
        ("ead", []),  # messages and subjects: words from their beginning
        ("waterin", [1]),
        ("wa", []),
        ('"spout is bent"', [1]),
        ('"bent spout"', []),
        ("spout -bent", []),
        ("spout -missing", [1]),
        ("-spout", []),
        ("ana", [1]),
        ("shopper", [1]),
        ("shopper.example", [1]),
        ("ana@sho", [1]),
        ("5678", [1]),
        ("912345678", [1]),
        ("0351 91234-5678", [1]),
        ("678", []),
        ("#1001", [1]),
        ("jose", [3]),
        ("JOSÉ nunez", [3]),
        ("ndber", [3]),
        ("creme brulee", [3]),
        ("CRÈME", [3]),
        ("配送", [3]),
        ("遅い", [3]),
        ("送", [3]),
        ("遅配", []),
        ("shop.example", [3]),
        ("a-b", [3]),
        ("invoice_77", [3]),
        ("invoice 77.pdf", [3]),
        ("très urg", [3]),
        ("3", [3]),
        ("'; DROP TABLE tickets_ticket; --", []),
        ("\x00 \\ % _ & | ! (", []),
    ],
)
def test_search_finds(tickets: None, ada: Membership, words: str, found: list[int]) -> None:
    assert find(ada, words) == found


def test_search_of_another_workspace_finds_nothing(tickets: None, globex: Tenant, cleo: Membership) -> None:
    with tenant_scope(globex):
        assert find(cleo, "watering") == []
        assert find(cleo, "ana@shopper.example") == []


def test_search_shows_no_ticket_of_a_hidden_inbox(tickets: None, bela: Membership) -> None:
    bela.sees_all_inboxes = False

    assert find(bela, "watering") == []


@pytest.mark.parametrize(
    "words", ["lindberg", "j.nunez@harbor.example", "harbor", "配送", "invoice", "très urgent", "#3"]
)
def test_search_finds_nothing_of_another_inbox_or_workspace(
    tickets: None, globex: Tenant, bela: Membership, cleo: Membership, words: str
) -> None:
    assert find(bela, words) == [3]
    bela.sees_all_inboxes = False

    assert find(bela, words) == []
    with tenant_scope(globex):
        assert find(cleo, words) == []


@pytest.mark.parametrize(
    "words",
    [
        "a" * 1_000_000,
        "-" * 1000,
        "- " * 500,
        "q\x00z",
        "\ud800",
        '"' * 999,
        "(" * 999,
        "!q:*&|<->" * 20,
        "\\",
        "%_",
        "'",
        "½ № ŉ ﬁ",
    ],
)
def test_search_stands_hostile_words(tickets: None, ada: Membership, words: str) -> None:
    begin = time.monotonic()

    assert find(ada, words) == []
    searching.find(agent=ada, words=words)
    assert time.monotonic() - begin < 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=60))
def test_search_answers_whatever_is_typed(tickets: None, ada: Membership, words: str) -> None:
    searching.find(agent=ada, words=words)


VOCABULARY = ["red", "blue", "green", "tea", "teapot", "кот", "café"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=4), min_size=1, max_size=5),
    wanted=st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3),
    unwanted=st.lists(st.sampled_from(VOCABULARY), max_size=1),
)
def test_search_agrees_with_a_plain_comparison(
    in_acme: Tenant, ada: Membership, texts: list[list[str]], wanted: list[str], unwanted: list[str]
) -> None:
    with transaction.atomic():
        inbox = make_inbox(f"{time.monotonic_ns()}@acme.example")
        made = {make_message(make_ticket(inbox, subject=""), ", ".join(text)).ticket.number: text for text in texts}
        found = find(ada, " ".join([*(f"-{word}" for word in unwanted), *wanted]))
        transaction.set_rollback(True)

    *whole, last = wanted
    assert found == sorted(
        number
        for number, text in made.items()
        if set(whole) <= set(text) and any(word.startswith(last) for word in text) and not set(unwanted) & set(text)
    )


def test_search_looks_further_back_for_an_agent_who_sees_little(
    tickets: None, bela: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest hits may all be hidden; what is visible lies behind them."""
    monkeypatch.setattr(matching, "QUICK", 3)
    own, hidden = make_inbox("own@acme.example"), make_inbox("hidden@acme.example")
    mine = make_message(make_ticket(own), "lantern").ticket
    for _ in range(5):
        make_message(make_ticket(hidden), "lantern")
    InboxMember.objects.create(inbox=own, member=bela)
    bela.sees_all_inboxes = False

    assert find(bela, "lantern") == [mine.number]


def test_search_that_takes_too_long_ends(tickets: None, ada: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard belongs to the search alone: the rest of the request has its own time."""
    monkeypatch.setattr(matching, "GUARD", "SELECT set_config('statement_timeout', '1', true)")
    monkeypatch.setattr(matching, "PICK", "(SELECT pg_sleep(0.1)::text AS place, 0 AS id, 0 AS other)")

    assert find(ada, "spout") == []
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("15s",)


@pytest.mark.parametrize("view", ["search_messages", "search_tickets"])
def test_search_view_answers_its_own_tenant_only(tickets: None, globex: Tenant, view: str) -> None:
    def count() -> Any:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {view}")
            return cursor.fetchone()[0]

    assert count() == 3
    with tenant_scope(globex):
        assert count() == 0


def test_search_view_without_a_tenant_raises(tickets: None, acme: Tenant) -> None:
    from core.database.session import active_tenant

    token = active_tenant.set("")
    try:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.tenant', '', true)")
            cursor.execute("SELECT count(*) FROM search_messages")
    finally:
        active_tenant.reset(token)
