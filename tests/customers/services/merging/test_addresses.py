"""An address of both stands once; whatever becomes of it, who is split off again has their own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Tenant
from customers.models import Customer, CustomerAddress, Merge
from customers.services.merging.joining import merge_customers
from customers.services.merging.parting import undo_merge
from customers.services.merging.pooling import read_pool
from customers.services.merging.previewing import preview_merge, preview_unmerge
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_customer

HOME = {"street": "Rua do Sol", "house": "3", "city": "Porto", "country": "PT"}


@pytest.fixture
def ana(in_acme: Tenant) -> Customer:
    return lives(make_customer(), HOME, is_main=True)


@pytest.fixture
def anna(in_acme: Tenant) -> Customer:
    return lives(make_customer("Anna", ""), HOME, {**HOME, "house": "5"}, is_main=True)


def lives(customer: Customer, *places: dict[str, str], is_main: bool) -> Customer:
    for place, said in enumerate(places):
        CustomerAddress.objects.create(customer=customer, is_main=is_main and not place, **said)
    return customer


def houses(customer: Customer) -> list[tuple[int, str, bool]]:
    return list(CustomerAddress.objects.filter(customer=customer).order_by("pk").values_list("pk", "house", "is_main"))


def merge(survivor: Customer, other: Customer) -> Merge:
    return merge_customers(survivor=survivor, other=other, actor=ADA, at=NOON)


def undo(merge: Merge) -> None:
    undo_merge(merge=merge, actor=ADA, at=NOON + timedelta(hours=1))


def test_the_address_of_both_stands_once_and_the_pages_say_so(ana: Customer, anna: Customer) -> None:
    preview, pool = preview_merge(survivor=ana, other=anna), read_pool(survivor=ana, other=anna)
    merged = merge(ana, anna)

    assert [(one.name, one.count) for one in preview.twins] == [("addresses", 1)]
    assert [(one.address.line, one.is_mine, one.is_twin) for one in pool.addresses] == [
        ("Rua do Sol 3, Porto, Portugal", True, True),
        ("Rua do Sol 5, Porto, Portugal", False, False),
    ]
    assert [(house, is_main) for _, house, is_main in houses(ana)] == [("3", True), ("5", False)]
    assert ("addresses", 2) in {(one.name, one.count) for one in preview_unmerge(merge=merged).returns}


@pytest.mark.parametrize("became", ["stays", "edited", "gone"])
def test_who_is_split_off_has_their_own_whatever_became_of_the_others(
    ana: Customer, anna: Customer, became: str
) -> None:
    before = houses(anna)
    merged = merge(ana, anna)
    standing = CustomerAddress.objects.get(customer=ana, house="3")
    if became == "edited":
        CustomerAddress.objects.filter(pk=standing.pk).update(flat="2")
    elif became == "gone":
        standing.delete()

    undo(merged)

    assert houses(anna) == before
    assert [pk for pk, _, _ in houses(ana)] == ([] if became == "gone" else [standing.pk])


def test_one_that_a_store_knows_by_another_name_stays_beside_it(ana: Customer, anna: Customer) -> None:
    CustomerAddress.objects.filter(customer=anna, house="3").update(reference="7001")

    merge(ana, anna)

    assert [house for _, house, _ in houses(ana)] == ["3", "3", "5"]


def test_a_third_ones_like_stands_in_for_the_one_that_left(ana: Customer, anna: Customer) -> None:
    third = lives(make_customer("A.", "L."), HOME, is_main=True)
    CustomerAddress.objects.filter(customer=ana).delete()
    first, own = merge(ana, anna), houses(third)
    second = merge(ana, third)

    undo(first)
    assert [(pk, is_main) for pk, _, is_main in houses(ana)] == [(own[0][0], True)]

    undo(second)
    assert (houses(ana), houses(third)) == ([], own)
