"""However an address is written it is the same one; and no trick makes somebody another."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts.kinds import ActorKind
from accounts.models import Tenant
from accounts.services.configuring import write_settings
from accounts.tenancy import tenant_scope
from customers.kinds import ContactKind
from customers.models import Contact, Customer, CustomerContact
from customers.services import claiming, contacting, deleting
from customers.services.identifying import CLAIMED, Resolution, resolve_recipient, resolve_sender
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_contact, make_customer

ANA = "ana@post.example"
# As phones are written in Portugal, where this workspace is.
PHONES = (
    "+351 912 345 678",
    "00351 912345678",
    "912 345 678",
    "(912) 345-678",
    "+351 (0) 912 345 678",
    "tel:+351-912-345-678",
    "٠٠٣٥١٩١٢٣٤٥٦٧٨",
    "\u202a+351 912 345 678\u202c",
)


@pytest.fixture
def workspace(in_acme: Tenant) -> Tenant:
    write_settings(values={"customers.phone_region": "PT"})
    return in_acme


def resolve(typed: str, name: str = "", kind: ContactKind = ContactKind.EMAIL, may_create: bool = True) -> Resolution:
    return resolve_sender(kind=kind, typed=typed, name=name, origin=ActorKind.CUSTOMER, at=NOON, may_create=may_create)


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("typed", PHONES)
def test_phone_is_one_however_it_is_written(typed: str) -> None:
    first = resolve("+351912345678", kind=ContactKind.PHONE)

    again = resolve(typed, kind=ContactKind.PHONE)

    assert (again.customer, again.is_new) == (first.customer, False)


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("typed", ["+351 21 123 4567", "21 123 4567", "00351211234567"])
def test_number_at_home_is_one_as_a_mobile_is(typed: str) -> None:
    first = resolve("+351211234567", kind=ContactKind.PHONE)

    assert resolve(typed, kind=ContactKind.PHONE).customer == first.customer


@pytest.mark.usefixtures("workspace")
def test_another_extension_is_another_person() -> None:
    first = resolve("+351 21 123 4567 ext. 5", kind=ContactKind.PHONE)

    second = resolve("+351 21 123 4567 ext. 9", kind=ContactKind.PHONE)

    assert second.is_new
    assert resolve("21 123 4567 #5", kind=ContactKind.PHONE).customer == first.customer


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ANA, "ANA@POST.EXAMPLE"),
        (ANA, "  ana@post.example. "),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@BÜCHER.example", "ana@bücher.example"),
        ("jose\u0301@post.example", "jos\u00e9@post.example"),
        (ANA, "an\u200ba@post.example"),
    ],
)
def test_spellings_of_one_mailbox_are_one_customer(first: str, second: str) -> None:
    assert resolve(second).customer == resolve(first).customer
    assert Customer.objects.count() == 1


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(ANA, "ana+shop@post.example", id="mailboxes of one domain, who knows whose"),
        pytest.param("ana.lopes@gmail.com", "analopes@gmail.com", id="dots are the provider's own matter"),
        pytest.param(ANA, "\u0430na@post.example", id="a Cyrillic letter"),
        pytest.param(ANA, "ana@p\u043est.example", id="a Cyrillic letter in the domain"),
        pytest.param(ANA, "ana@post.example.evil.example", id="a longer domain"),
        pytest.param("stra\u00dfe@post.example", "strasse@post.example", id="sharp s in the name"),
        pytest.param("ana@fu\u00dfball.example", "ana@fussball.example", id="sharp s in the domain"),
        pytest.param(ANA, '"ana@post.example"@evil.example', id="an address as a name in another's"),
    ],
)
def test_addresses_that_only_look_alike_are_two_customers(first: str, second: str) -> None:
    assert resolve(second).customer != resolve(first).customer


@pytest.mark.usefixtures("workspace")
def test_name_that_is_written_makes_nobody_somebody_else() -> None:
    victim = resolve(ANA, "Ana Lopes").customer

    stranger = resolve("stranger@evil.example", "Ana Lopes <ana@post.example>").customer

    assert stranger != victim
    assert stranger is not None
    assert stranger.display_name == "stranger@evil.example"


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(("kind", "typed"), [(ContactKind.HANDLE, "@Ana_L"), (ContactKind.HANDLE, "ana_l")])
def test_handle_finds_its_holder(kind: ContactKind, typed: str) -> None:
    ana = make_customer()
    contacting.add_contact(customer=ana, kind=kind, typed="@ana_l", actor=ADA)

    assert resolve(typed, kind=kind).customer == ana


@pytest.mark.usefixtures("workspace")
def test_claim_matches_nobody_who_writes_from_the_address() -> None:
    visitor = make_customer("", "", fallback_name="Visitor 7F3A")
    claiming.claim_contact(customer=visitor, kind=ContactKind.EMAIL, typed=ANA, actor=ADA, at=NOON)

    bounced = resolve(ANA, may_create=False)
    written = resolve(ANA, "Ana Lopes")

    assert (bounced.customer, bounced.reason) == (None, CLAIMED)
    assert written.is_new
    assert written.customer != visitor
    assert resolve(ANA).customer == written.customer
    assert not CustomerContact.objects.get(customer=visitor).last_wrote_at


@pytest.mark.usefixtures("workspace")
def test_claim_takes_no_mail_from_who_holds_the_address() -> None:
    ana, visitor = make_customer(), make_customer("Visitor", "")
    make_contact(ana, ANA)
    claiming.claim_contact(customer=visitor, kind=ContactKind.EMAIL, typed=ANA, actor=ADA, at=NOON)

    found = resolve(ANA)

    assert (found.customer, found.reason) == (ana, "The only customer with this address.")


@pytest.mark.usefixtures("workspace")
def test_claim_gets_no_letter_that_an_agent_addresses() -> None:
    visitor = make_customer("Visitor", "")
    claiming.claim_contact(customer=visitor, kind=ContactKind.EMAIL, typed=ANA, actor=ADA, at=NOON)

    assert resolve_recipient(typed=ANA, name="", actor=ADA, at=NOON).is_new


@pytest.mark.usefixtures("workspace")
def test_verified_by_an_agent_a_claim_is_a_contact() -> None:
    visitor = make_customer("Visitor", "")
    line = claiming.claim_contact(customer=visitor, kind=ContactKind.EMAIL, typed=ANA, actor=ADA, at=NOON)

    contacting.verify_contact(line=line, actor=ADA, at=NOON)

    assert resolve(ANA).customer == visitor


@pytest.mark.usefixtures("workspace")
def test_claim_of_a_deleted_customer_comes_back_as_a_claim() -> None:
    visitor = make_customer("Visitor", "")
    claiming.claim_contact(customer=visitor, kind=ContactKind.EMAIL, typed=ANA, actor=ADA, at=NOON)
    deleting.delete_customer(customer=visitor, actor=ADA, at=NOON)

    deleting.restore_customer(customer=visitor, actor=ADA)

    assert CustomerContact.objects.get(customer=visitor).is_claim
    assert resolve(ANA).is_new


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_claim", [False, True])
def test_eight_first_messages_at_once_make_one_customer(
    acme: Tenant, in_threads: Callable[..., list[Any]], has_claim: bool
) -> None:
    """Each spelled in another way; a claim of somebody else's stands in nobody's way."""
    if has_claim:
        with tenant_scope(acme), transaction.atomic():
            visitor = make_customer("Visitor", "")
            claiming.claim_contact(customer=visitor, kind=ContactKind.EMAIL, typed=ANA, actor=ADA, at=NOON)
    spellings = [ANA, ANA.upper(), f" {ANA} ", f"{ANA}."] * 2

    found = in_threads(*(lambda typed=typed: resolve(typed, "Ana Lopes") for typed in spellings))

    assert sum(one.is_new for one in found) == 1
    assert len({one.customer.pk for one in found}) == 1
    with tenant_scope(acme), transaction.atomic():
        assert Contact.objects.count() == 1
        assert Customer.objects.count() == 1 + has_claim


@pytest.fixture
def in_threads(acme: Tenant) -> Callable[..., list[Any]]:
    """Runs each call in a thread and a transaction of its own, all let go at the same moment."""

    def run(*calls: Callable[[], Any]) -> list[Any]:
        barrier = Barrier(len(calls))

        def one(call: Callable[[], Any]) -> Any:
            try:
                with tenant_scope(acme), transaction.atomic():
                    connection.ensure_connection()
                    barrier.wait(timeout=10)
                    return call()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(one, calls))

    return run
