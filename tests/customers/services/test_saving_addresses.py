"""Addresses are saved as one, field by field, with their history and the way back (F26, F81)."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from accounts.models import Tenant
from customers.changes import ADDRESS, Change, Narrowing
from customers.models import Customer, CustomerAddress
from customers.services import reverting
from customers.services.recalling import read_history
from customers.services.saving_addresses import (
    AddressEdit,
    AddressEdits,
    AddressesContested,
    SaidAddress,
    save_addresses,
    say,
)
from events.models import Event
from tests.customers.actors import ADA, BELA, NOON
from tests.factories.customers import make_customer

HOME = SaidAddress(country="PT", city="Lisboa", postal_code="1100-148", street="Rua Augusta", house="7", name="Home")
WORK = SaidAddress(text="Ленинский проспект, 15, Москва")


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    return make_customer()


def added(said: SaidAddress, key: str = "address-new0") -> AddressEdit:
    return AddressEdit(key, None, None, said)


def edited(row: CustomerAddress, now: SaidAddress | None, was: SaidAddress | None = None) -> AddressEdit:
    return AddressEdit(f"address-{row.pk}", row.pk, was or say(row), now)


def save(customer: Customer, *rows: AddressEdit, main: str = "", main_was: int | None = None) -> frozenset[str]:
    return save_addresses(customer=customer, edits=AddressEdits(rows, main, main_was), actor=ADA)


def held(customer: Customer) -> list[CustomerAddress]:
    return list(CustomerAddress.objects.filter(customer=customer).order_by("pk"))


def told(customer: Customer) -> Sequence[Change]:
    return read_history(customer=customer, narrowing=Narrowing(field=ADDRESS)).changes


def restore(customer: Customer, change: Change) -> str:
    return reverting.restore_value(customer=customer, place=change.place, seen=change.seen, actor=BELA, at=NOON)


def test_first_address_is_for_delivery_and_the_next_is_not(customer: Customer) -> None:
    changed = save(customer, added(HOME), added(WORK, "address-new1"))

    home, work = held(customer)
    assert changed == {"addresses"}
    assert (say(home), home.is_main, home.origin) == (HOME, True, "agent")
    assert (say(work), work.is_main) == (WORK, False)
    assert Event.objects.get(type="customer.edited").data == {"fields": ["addresses"]}


def test_nothing_touched_writes_nothing(customer: Customer) -> None:
    save(customer, added(HOME))
    (home,) = held(customer)

    assert save(customer, edited(home, HOME)) == frozenset()
    assert CustomerAddress.history.count() == 1
    assert Event.objects.count() == 1


def test_what_is_typed_is_kept_as_mail_writes_it(customer: Customer) -> None:
    typed = SaidAddress(
        country="pt", postal_code="1100148", street="  Rua\u200b  Augusta ", city="x" * 300, text="a\nb"
    )

    save(customer, added(typed))

    (row,) = held(customer)
    assert (row.country, row.postal_code, row.street, row.text) == ("PT", "1100-148", "Rua Augusta", "a, b")
    assert len(row.city) == 100


def test_two_who_write_different_fields_both_win(customer: Customer) -> None:
    save(customer, added(HOME))
    (home,) = held(customer)
    save(customer, edited(home, replace(HOME, floor="3")))

    save(customer, edited(home, replace(HOME, flat="12"), was=HOME))

    (row,) = held(customer)
    assert (row.floor, row.flat) == ("3", "12")


def test_two_who_write_one_field_are_told_and_nothing_is_saved(customer: Customer) -> None:
    save(customer, added(HOME))
    (home,) = held(customer)
    save(customer, edited(home, replace(HOME, flat="11")))

    with pytest.raises(AddressesContested) as refused:
        save(customer, edited(home, replace(HOME, flat="12", floor="3"), was=HOME), added(WORK))

    key = f"address-{home.pk}"
    assert refused.value.names == {key: {"flat"}}
    assert refused.value.rows == {key: replace(HOME, flat="11")}
    assert [row.floor for row in held(customer)] == [""]


def test_one_that_a_colleague_took_off_is_told(customer: Customer) -> None:
    save(customer, added(HOME))
    (home,) = held(customer)
    save(customer, edited(home, None))

    with pytest.raises(AddressesContested) as refused:
        save(customer, edited(home, replace(HOME, flat="12"), was=HOME))

    assert refused.value.rows == {f"address-{home.pk}": None}
    assert save(customer, edited(home, None, was=HOME)) == frozenset()


def test_one_that_a_colleague_wrote_in_is_not_taken_off(customer: Customer) -> None:
    save(customer, added(HOME))
    (home,) = held(customer)
    save(customer, edited(home, replace(HOME, flat="11")))

    with pytest.raises(AddressesContested):
        save(customer, edited(home, None, was=HOME))


def test_another_is_for_delivery_when_it_is_chosen_and_when_the_main_one_goes(customer: Customer) -> None:
    save(customer, added(HOME), added(WORK, "address-new1"))
    home, work = held(customer)

    save(customer, edited(home, HOME), edited(work, WORK), main=f"address-{work.pk}", main_was=home.pk)
    assert [row.is_main for row in held(customer)] == [False, True]

    save(customer, edited(home, HOME), edited(work, None))
    assert [row.is_main for row in held(customer)] == [True]


def test_two_who_choose_another_for_delivery_are_told(customer: Customer) -> None:
    save(customer, added(HOME), added(WORK, "address-new1"), added(WORK, "address-new2"))
    home, work, other = held(customer)
    rows = [edited(row, say(row)) for row in (home, work, other)]
    save(customer, *rows, main=f"address-{work.pk}", main_was=home.pk)

    with pytest.raises(AddressesContested) as refused:
        save(customer, *rows, main=f"address-{other.pk}", main_was=home.pk)

    assert refused.value.main == work.pk
    assert save(customer, *rows, main=f"address-{work.pk}", main_was=home.pk) == frozenset()


def test_address_of_another_customer_is_not_touched(customer: Customer) -> None:
    save(customer, added(HOME))
    (home,) = held(customer)
    stranger = make_customer("Bruno", "Reis")

    with pytest.raises(AddressesContested):
        save(stranger, edited(home, WORK))

    assert say(held(customer)[0]) == HOME


def test_history_tells_addresses_in_whole_lines(customer: Customer) -> None:
    save(customer, added(HOME))
    (home,) = held(customer)
    save(customer, edited(home, replace(HOME, house="9")))
    (home,) = held(customer)
    save(customer, edited(home, replace(say(home), courier_notes="Ring twice")))
    save(customer, edited(held(customer)[0], None))

    line = "Rua Augusta {}, 1100-148 Lisboa, Portugal"
    assert [(one.before, one.after) for one in told(customer)] == [
        (f"Home: {line.format(9)}", ""),
        ("Notes for the courier: no", "Notes for the courier: Ring twice"),
        (line.format(7), line.format(9)),
        ("", f"Home: {line.format(7)}"),
    ]
    assert {one.who for one in told(customer)} == {"Ada"}


def test_what_was_taken_off_comes_back_as_it_was(customer: Customer) -> None:
    save(customer, added(HOME), added(WORK, "address-new1"))
    home, work = held(customer)
    save(customer, edited(home, None), edited(work, WORK))
    gone = next(one for one in told(customer) if not one.after)

    assert restore(customer, gone) == "Address"

    back, other = held(customer)
    assert (back.pk, say(back), back.is_main, other.is_main) == (home.pk, HOME, True, False)
    assert not any(one.seen for one in told(customer) if one.place == gone.place)
    with pytest.raises(reverting.ChangedSince):
        restore(customer, gone)


def test_former_value_comes_back_and_what_was_written_since_stays(customer: Customer) -> None:
    save(customer, added(HOME))
    save(customer, edited(held(customer)[0], replace(HOME, house="9")))
    save(customer, edited(held(customer)[0], replace(HOME, house="9", floor="3")))
    moved = next(one for one in told(customer) if one.before.startswith("Rua Augusta 7"))

    restore(customer, moved)

    (row,) = held(customer)
    assert (row.house, row.floor) == ("7", "3")
    with pytest.raises(reverting.ChangedSince):
        restore(customer, moved)
