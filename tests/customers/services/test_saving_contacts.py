"""Edit mode's contacts are saved as one, and two people at once are told of each other."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Tenant
from accounts.services.configuring import write_settings
from customers.kinds import ContactKind, CustomerEvent, Subscription
from customers.models import Contact, Customer, CustomerContact
from customers.services import contacting
from customers.services.saving_contacts import ContactEdit, ContactEdits, ContactsContested, Said, save_contacts, say
from customers.spelling import NotAnAddress
from events.models import Event
from tests.customers.actors import ADA, BELA, NOON, Told
from tests.factories.customers import make_customer

EMAIL, PHONE, HANDLE = ContactKind.EMAIL, ContactKind.PHONE, ContactKind.HANDLE


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    return make_customer()


def add(customer: Customer, typed: str, kind: ContactKind = EMAIL, tag: str = "") -> CustomerContact:
    return contacting.add_contact(customer=customer, kind=kind, typed=typed, actor=ADA, tag=tag)


def new(typed: str, kind: ContactKind = EMAIL, key: str = "new0", **said: object) -> ContactEdit:
    return ContactEdit(f"{kind}-{key}", kind, None, None, Said(typed, **said))  # type: ignore[arg-type]


def edit(line: CustomerContact, **changes: object) -> ContactEdit:
    """The row of a line with some of it said otherwise; nothing at all when nothing is given."""
    was = say(line)
    kind = ContactKind(line.contact.kind)
    return ContactEdit(f"{kind}-{line.pk}", kind, line.pk, was, replace(was, **changes))  # type: ignore[arg-type]


def without(line: CustomerContact) -> ContactEdit:
    return replace(edit(line), now=None)


def save(customer: Customer, *rows: ContactEdit, actor: object = ADA, **more: object) -> frozenset[str]:
    edits = ContactEdits(rows, **more)  # type: ignore[arg-type]
    return save_contacts(customer=customer, edits=edits, actor=actor, at=NOON)  # type: ignore[arg-type]


def held(customer: Customer, kind: ContactKind = EMAIL) -> list[str]:
    lines = CustomerContact.objects.filter(customer=customer, contact__kind=kind).select_related("contact")
    return [line.contact.value for line in lines.in_order()]


def test_new_rows_are_stored_in_their_order_and_the_first_is_the_main_one(customer: Customer) -> None:
    changed = save(
        customer, new("Ana@Post.example"), new("ana@work.example", key="new1"), new("(202) 555-0123", PHONE, tag="work")
    )

    assert changed == {"email", "phone"}
    assert held(customer) == ["ana@post.example", "ana@work.example"]
    line = CustomerContact.objects.get(contact__kind=PHONE)
    assert (line.typed, line.tag, line.is_primary) == ("(202) 555-0123", "work", True)
    assert CustomerContact.objects.filter(is_primary=True).count() == 2


def test_rows_nobody_touched_ask_for_nothing(customer: Customer) -> None:
    lines = [add(customer, f"{n}@post.example") for n in range(5)]

    with CaptureQueriesContext(
        connection,
    ) as few:
        assert save(customer, *(edit(line) for line in lines)) == frozenset()

    assert not Event.objects.filter(type=str(CustomerEvent.CONTACT_CHANGED)).exists()
    wanted = [query for query in few if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(wanted) <= 3


def test_phone_nobody_touched_stays_what_it_was_when_the_country_changes(customer: Customer) -> None:
    write_settings(values={"customers.phone_region": "PT"})
    line = add(customer, "912 345 678", PHONE)
    write_settings(values={"customers.phone_region": "US"})

    save(customer, edit(line, tag="home"))

    assert held(customer, PHONE) == ["+351912345678"]


def test_another_address_takes_the_place_of_the_one_before(customer: Customer) -> None:
    first, second = add(customer, "one@post.example"), add(customer, "two@post.example")
    contacting.verify_contact(line=first, actor=ADA, at=NOON)

    save(customer, edit(first, typed="uno@post.example"), edit(second))

    assert held(customer) == ["uno@post.example", "two@post.example"]
    line = CustomerContact.objects.get(contact__value="uno@post.example")
    assert (line.is_primary, line.verified_at, line.position) == (True, None, 0)
    assert CustomerContact.objects.filter(is_primary=True).count() == 1


def test_two_rows_may_change_places(customer: Customer) -> None:
    first, second = add(customer, "one@post.example"), add(customer, "two@post.example")

    save(customer, edit(first, typed="two@post.example"), edit(second, typed="one@post.example"))

    assert held(customer) == ["two@post.example", "one@post.example"]


def test_same_address_written_otherwise_keeps_its_proof(customer: Customer) -> None:
    line = add(customer, "+1 202 555 0123", PHONE)
    contacting.verify_contact(line=line, actor=ADA, at=NOON)

    save(customer, edit(line, typed="+1 (202) 555-0123", extension="5"))

    line.refresh_from_db()
    assert (line.typed, line.extension, line.verified_at) == ("+1 (202) 555-0123", "5", NOON)


def test_removed_main_one_hands_on_its_mark(customer: Customer) -> None:
    first, second = add(customer, "one@post.example"), add(customer, "two@post.example")

    save(customer, without(first), edit(second))

    assert held(customer) == ["two@post.example"]
    assert CustomerContact.objects.get().is_primary


def test_removed_address_goes_to_another_customer_at_once(customer: Customer) -> None:
    line, other = add(customer, "ana@post.example"), make_customer("Bruno")

    save(customer, without(line))
    save(other, new("ana@post.example"))

    assert (held(customer), held(other)) == ([], ["ana@post.example"])


def test_main_one_is_chosen_among_old_and_new(customer: Customer) -> None:
    first = add(customer, "one@post.example")
    main_was = {EMAIL: first.pk}

    save(customer, edit(first), new("two@post.example"), main={EMAIL: "email-new0"}, main_was=main_was)

    assert held(customer) == ["two@post.example", "one@post.example"]
    assert CustomerContact.objects.filter(is_primary=True).count() == 1


def test_marks_of_the_address_are_written(customer: Customer) -> None:
    line = add(customer, "ana@post.example")
    contacting.mark_bounced(kind=EMAIL, value="ana@post.example", at=NOON)
    line = CustomerContact.objects.select_related("contact").get()

    save(customer, edit(line, is_bounced=False, is_shared=True, subscription=Subscription.UNSUBSCRIBED))

    contact = Contact.objects.get()
    assert (contact.is_bounced, contact.is_shared, contact.subscription) == (False, True, "unsubscribed")
    assert (contact.subscription_at, contact.subscription_origin) == (NOON, "agent")
    changes = Event.objects.filter(type=str(CustomerEvent.CONTACT_CHANGED)).order_by("pk")
    assert [event.data["change"] for event in changes] == ["bounced", "unsubscribed", "shared", "deliverable"]


def test_mailings_of_the_former_address_do_not_move_to_the_next(customer: Customer) -> None:
    line = add(customer, "ana@post.example")
    save(customer, edit(line, subscription=Subscription.UNSUBSCRIBED))
    line = CustomerContact.objects.select_related("contact").get()

    save(customer, edit(line, typed="ana@work.example"))

    assert Contact.objects.get(value="ana@work.example").subscription == ""


def test_two_people_who_touch_different_things_both_win(customer: Customer) -> None:
    first, phone = add(customer, "ana@post.example"), add(customer, "+12025550123", PHONE)
    hers, his = edit(phone, tag="home"), edit(phone, extension="9")

    save(customer, hers, new("ana@work.example"), edit(first))
    save(customer, his, new("ana@home.example"), edit(first), actor=BELA)

    assert held(customer) == ["ana@post.example", "ana@work.example", "ana@home.example"]
    phone.refresh_from_db()
    assert (phone.tag, phone.extension) == ("home", "9")


@pytest.mark.parametrize("mine", [{"tag": "work"}, {"typed": "+12025550199"}])
def test_two_people_who_touch_the_same_are_told(customer: Customer, mine: dict[str, str]) -> None:
    phone = add(customer, "+12025550123", PHONE)
    his = edit(phone, **mine)
    theirs = edit(phone, tag="home", typed="+1 202 555 0123")
    save(customer, theirs)

    with pytest.raises(ContactsContested) as refused:
        save(customer, his, new("ana@work.example"), actor=BELA)

    assert refused.value.rows == {his.key: theirs.now}
    assert held(customer) == []  # nothing of it was saved


def test_what_a_colleague_took_off_is_not_brought_back_unasked(customer: Customer) -> None:
    phone = add(customer, "+12025550123", PHONE)
    his = edit(phone, tag="work")
    save(customer, without(phone))

    with pytest.raises(ContactsContested) as refused:
        save(customer, his, actor=BELA)

    assert refused.value.rows == {his.key: None}
    assert save(customer, without(phone), actor=BELA) == frozenset()


def test_taking_off_what_a_colleague_wrote_meanwhile_is_told(customer: Customer) -> None:
    phone = add(customer, "+12025550123", PHONE)
    his = without(phone)
    save(customer, edit(phone, tag="home"))

    with pytest.raises(ContactsContested):
        save(customer, his, actor=BELA)


def test_two_main_ones_at_once_are_told(customer: Customer) -> None:
    lines = [add(customer, f"{word}@post.example") for word in ("one", "two", "three")]
    rows, main_was = [edit(line) for line in lines], {EMAIL: lines[0].pk}
    save(customer, *rows, main={EMAIL: rows[1].key}, main_was=main_was)

    with pytest.raises(ContactsContested) as refused:
        save(customer, *rows, main={EMAIL: rows[2].key}, main_was=main_was, actor=BELA)
    save(customer, *rows, main={EMAIL: rows[1].key}, main_was=main_was, actor=BELA)  # the same: no quarrel

    assert refused.value.main == {EMAIL: lines[1].pk}
    assert held(customer)[0] == "two@post.example"


def test_address_a_colleague_added_meanwhile_is_not_added_twice(customer: Customer) -> None:
    add(customer, "ana@post.example")

    save(customer, new("ANA@post.example"), actor=BELA)

    assert held(customer) == ["ana@post.example"]


def test_no_address_is_refused_and_nothing_saved(customer: Customer) -> None:
    with pytest.raises(NotAnAddress):
        save(customer, new("ana@post.example"), new("ana at post", key="new1"))

    assert held(customer) == []


def test_handle_moves_to_another_network(customer: Customer) -> None:
    line = add(customer, "@ana", HANDLE, "twitter")

    save(customer, edit(line, tag="instagram"))

    assert held(customer, HANDLE) == ["instagram:ana"]


def test_saving_tells_open_pages(customer: Customer, told: Told) -> None:
    assert set(told(lambda: save(customer, new("ana@post.example")))) == {customer.live_name}
