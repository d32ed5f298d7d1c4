"""The rows of a customer's contacts as they are shown and sent."""

from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from accounts.models import Tenant
from accounts.services.configuring import write_settings
from customers.forms.contacting import ContactsForm
from customers.kinds import ContactKind, Subscription
from customers.models import Customer, CustomerContact
from customers.services import contacting
from customers.services.reading_contacts import ContactLine, read_lines, show_lines
from customers.services.saving_contacts import ContactEdits, ContactsContested, Said, save_contacts
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_customer
from tests.posted import posted_by

EMAIL, PHONE, HANDLE = ContactKind.EMAIL, ContactKind.PHONE, ContactKind.HANDLE


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    return make_customer()


def add(customer: Customer, typed: str, kind: ContactKind = EMAIL, tag: str = "") -> str:
    line = contacting.add_contact(customer=customer, kind=kind, typed=typed, actor=ADA, tag=tag)
    return f"{kind}-{line.pk}"


def lines_of(customer: Customer) -> tuple[ContactLine, ...]:
    shown = show_lines(customer, read_lines(customer))
    return (*shown[EMAIL], *shown[PHONE], *shown[HANDLE])


def drawn(form: ContactsForm) -> str:
    return render_to_string("customers/_partials/contacts_form.html", {"contacts_form": form})


def sent(customer: Customer, **changes: Any) -> ContactsForm:
    """What a browser without scripts would send after somebody changed these inputs."""
    data = posted_by(drawn(ContactsForm(held=lines_of(customer))))
    for name, value in changes.items():
        data[name] = value
    return ContactsForm(data, held=lines_of(customer))


def edits_of(form: ContactsForm) -> ContactEdits:
    assert form.is_valid(), [row.errors for group in form.groups() for row in group.rows]
    return form.edits()


def test_form_that_nobody_touched_says_what_is_said(customer: Customer) -> None:
    for typed, kind, tag in [
        ("Ana@Post.example", EMAIL, ""),
        ("+1 202 555 0123 ext. 9", PHONE, "work"),
        ("@ana", HANDLE, "twitter"),
    ]:
        add(customer, typed, kind, tag)

    edits = edits_of(sent(customer))

    touched = [row for row in edits.rows if row.now != row.was]
    assert (touched, edits.main) == ([], {})
    assert len(edits.rows) == 6  # three that are held and an empty one of each kind


def test_form_reads_what_was_changed(customer: Customer) -> None:
    email, phone = add(customer, "ana@post.example"), add(customer, "+12025550123", PHONE)
    add(customer, "+12025550124", PHONE)

    edits = edits_of(
        sent(
            customer,
            **{
                f"{email}-subscription": "unsubscribed",
                f"{phone}-remove": "on",
                "email-new0-value": " ana@work.example ",
                "email-main": "email-new0",
                "handle-new0-value": "@ana",
                "handle-new0-tag": " Twitter ",
            },
        )
    )

    said = {row.key: row.now for row in edits.rows if row.now != row.was}
    assert said == {
        email: Said("ana@post.example", subscription=Subscription.UNSUBSCRIBED),
        phone: None,
        "email-new0": Said("ana@work.example"),
        "handle-new0": Said("@ana", tag="twitter"),
    }
    assert edits.main == {EMAIL: "email-new0"}


def test_emptied_row_takes_its_contact_off(customer: Customer) -> None:
    email = add(customer, "ana@post.example")

    (row,) = [row for row in edits_of(sent(customer, **{f"{email}-value": ""})).rows if row.was]

    assert row.now is None


@pytest.mark.parametrize(
    ("key", "typed", "words"),
    [
        ("email-new0", "ana at post", "This is no e-mail address."),
        ("phone-new0", "call me", "This is no phone number."),
        ("handle-new0", "@", "This is no handle."),
        ("email-new0", "ANA@post.example", "This stands here twice."),
    ],
)
def test_refused_row_says_why_and_keeps_what_was_typed(customer: Customer, key: str, typed: str, words: str) -> None:
    add(customer, "ana@post.example")

    form = sent(customer, **{f"{key}-value": typed})

    assert not form.is_valid()
    page = drawn(form)
    assert words in page
    assert f'value="{typed}"' in page
    assert f'id="contact-{key.split("-")[0]}-new1"' in page  # and an empty one below it


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("email-new0", "Ana Lopes <Ana@post.example>;", "Ana@post.example"),
        ("email-new0", "mailto:ana@post.example", "ana@post.example"),
        ("email-new0", "\u200eana@post.example", "ana@post.example"),
        ("phone-new0", "\u2067+1 202 555 0123\u2069", "+1 202 555 0123"),
    ],
)
def test_what_was_copied_is_kept_as_somebody_would_have_typed_it(
    customer: Customer, key: str, typed: str, kept: str
) -> None:
    said = {row.key: row.now for row in edits_of(sent(customer, **{f"{key}-value": typed})).rows}

    assert said[key] == Said(kept)


def test_phone_without_a_code_is_read_as_the_customers_others(customer: Customer) -> None:
    write_settings(values={"customers.phone_region": "PT"})
    add(customer, "+49 30 123456", PHONE)

    edits = edits_of(sent(customer, **{"phone-new0-value": "0171 1234567"}))
    save_contacts(customer=customer, edits=edits, actor=ADA, at=NOON)

    assert [line.value for line in lines_of(customer)] == ["+49 30 123456", "+49 171 1234567"]


def test_contested_row_shows_theirs_and_saved_again_keeps_mine(customer: Customer) -> None:
    phone = add(customer, "+12025550123", PHONE)
    mine = sent(customer, **{f"{phone}-tag": "work"})
    save_contacts(customer=customer, edits=edits_of(sent(customer, **{f"{phone}-tag": "home"})), actor=ADA, at=NOON)

    with pytest.raises(ContactsContested) as refused:
        save_contacts(customer=customer, edits=edits_of(mine), actor=ADA, at=NOON)
    mine.contest(refused.value)
    page = drawn(mine)
    again = ContactsForm(posted_by(page), held=lines_of(customer))
    save_contacts(customer=customer, edits=edits_of(again), actor=ADA, at=NOON)

    assert "A colleague wrote “+12025550123 home” here meanwhile. Save again to keep yours." in page
    assert [line.tag_code for line in lines_of(customer)] == ["work"]


def test_contested_row_that_was_taken_off_is_added_anew_when_saved_again(customer: Customer) -> None:
    phone = add(customer, "+12025550123", PHONE)
    mine = sent(customer, **{f"{phone}-tag": "work"})
    save_contacts(customer=customer, edits=edits_of(sent(customer, **{f"{phone}-remove": "on"})), actor=ADA, at=NOON)

    with pytest.raises(ContactsContested) as refused:
        save_contacts(customer=customer, edits=edits_of(mine), actor=ADA, at=NOON)
    mine.contest(refused.value)
    page = drawn(mine)
    save_contacts(customer=customer, edits=edits_of(ContactsForm(posted_by(page), held=())), actor=ADA, at=NOON)

    assert "A colleague took this off meanwhile." in page
    assert [line.tag_code for line in lines_of(customer)] == ["work"]


def test_untouched_row_that_was_taken_off_does_not_come_back_after_a_refusal(customer: Customer) -> None:
    key = add(customer, "ana@post.example")
    data = posted_by(drawn(ContactsForm(held=lines_of(customer))))
    data["phone-new0-value"] = "nothing"
    (line,) = CustomerContact.objects.filter(customer=customer)
    contacting.remove_contact(line=line, actor=ADA)
    refused = ContactsForm(data, held=lines_of(customer))
    assert not refused.is_valid()

    again = posted_by(drawn(refused))
    again["phone-new0-value"] = ""
    save_contacts(customer=customer, edits=edits_of(ContactsForm(again, held=())), actor=ADA, at=NOON)

    assert again[f"{key}-value"] == "ana@post.example"
    assert lines_of(customer) == ()


def test_contested_main_one_is_named(customer: Customer) -> None:
    keys = [add(customer, f"{word}@post.example") for word in ("one", "two", "three")]
    mine = sent(customer, **{"email-main": keys[2]})
    save_contacts(customer=customer, edits=edits_of(sent(customer, **{"email-main": keys[1]})), actor=ADA, at=NOON)

    with pytest.raises(ContactsContested) as refused:
        save_contacts(customer=customer, edits=edits_of(mine), actor=ADA, at=NOON)
    mine.contest(refused.value)
    page = drawn(mine)

    assert "A colleague made two@post.example the main one meanwhile." in page
    again = edits_of(ContactsForm(posted_by(page), held=lines_of(customer)))
    save_contacts(customer=customer, edits=again, actor=ADA, at=NOON)
    assert lines_of(customer)[0].typed == "three@post.example"


def test_bounced_address_works_again_when_ticked(customer: Customer) -> None:
    email = add(customer, "ana@post.example")
    contacting.mark_bounced(kind=EMAIL, value="ana@post.example", at=NOON)

    (row,) = [row for row in edits_of(sent(customer, **{f"{email}-works": "on"})).rows if row.was]

    assert row.was and row.now
    assert (row.was.is_bounced, row.now.is_bounced) == (True, False)


def test_twenty_phones_are_shown_and_the_next_wait_hidden(customer: Customer) -> None:
    for last in range(45):
        add(customer, f"+1202555{1000 + last}", PHONE)

    form = ContactsForm(held=lines_of(customer))
    (group,) = [group for group in form.groups() if group.kind is PHONE]

    held = [row for row in group.rows if row.held]
    assert [row.is_spare for row in held] == [False] * 20 + [True] * 20
    assert group.rest == 25
    assert "25</span> more kept" in drawn(form)
    assert not [row for row in edits_of(sent(customer)).rows if row.now != row.was]


def test_row_that_moved_up_is_still_shown_when_something_is_wrong_in_it(customer: Customer) -> None:
    for last in range(25):
        add(customer, f"+1202555{1000 + last}", PHONE)
    data = posted_by(drawn(ContactsForm(held=lines_of(customer))))
    moved_up = data.getlist("spare")[0]
    data.setlist("spare", data.getlist("spare")[1:])
    data[f"{moved_up}-value"] = "nothing"
    form = ContactsForm(data, held=lines_of(customer))

    assert not form.is_valid()

    (group,) = [group for group in form.groups() if group.kind is PHONE]
    (wrong,) = [row for row in group.rows if row.errors]
    assert not wrong.is_spare
    assert group.rest == 4


def test_rows_nobody_touched_are_no_doubles_of_others(customer: Customer, acme: Tenant) -> None:
    add(customer, "912 345 678", PHONE)  # read before the workspace said its country
    add(customer, "+351 912 345 678", PHONE)
    write_settings(values={"customers.phone_region": "PT"})

    form = sent(customer)

    assert [row.now == row.was for row in edits_of(form).rows] == [True] * 5


@pytest.mark.parametrize("key", ["fax-1", "email-", "email-1-2", "email-" + "9" * 30])
def test_rows_nobody_asked_for_are_passed_over(customer: Customer, key: str) -> None:
    form = ContactsForm(QueryDict(f"contact={key}&{key}-value=ana@post.example"), held=())

    assert edits_of(form).rows == ()


def test_row_of_another_customers_line_adds_nothing_of_theirs(customer: Customer) -> None:
    key = add(make_customer("Bruno"), "bruno@post.example")
    form = ContactsForm(QueryDict(f"contact={key}&{key}-remove=on&initial-{key}-value=bruno@post.example"), held=())

    changed = save_contacts(customer=customer, edits=edits_of(form), actor=ADA, at=NOON)

    assert changed == frozenset()
