"""A customer changes, and what is suggested changes with them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.models import BlockingKey, ComparedFacts, Contact, Customer, CustomerContact, Dismissal, Suggestion
from customers.services import contacting, deleting
from customers.services.suggesting import dismissing, finding_pairs
from customers.services.suggesting.renewing import compare_again, renew
from tests.customers.services.suggesting.alike import (
    ADA,
    NOON,
    compare_all,
    compare_all_by_the_same_basis,
    person,
    renewed,
    rows,
    suggested,
)
from tests.factories.customers import make_contact, make_customer

ANA = {"email": "anabela.f@mail.example", "street": "Rua da Palma 14"}


def ana(first: str = "Anabela", **said: Any) -> Customer:
    return person(first, "Figueiredo", **{**ANA, **said})


def test_two_profiles_of_one_person_are_suggested_with_what_speaks_for_it(in_acme: Tenant) -> None:
    one, other = ana(), ana("Anabella")

    assert renewed(one, other) == {(one.pk, other.pk)}
    said = Suggestion.objects.get()
    assert said.score > 0.9
    assert set(said.evidence) == {"same e-mail", "alike name", "same street", "same postal code", "same city"}


def test_either_of_them_finds_the_other(in_acme: Tenant) -> None:
    one, other = ana(), ana()
    renewed(one)

    assert renewed(other) == {(one.pk, other.pk)}


def test_what_holds_no_more_goes_away_by_itself(in_acme: Tenant) -> None:
    one, other = ana(), ana()
    renewed(one, other)
    other.contacts.all().delete()
    other.addresses.all().delete()
    other.set_names(first="Rui", last="Costa")
    other.save()

    assert renewed(other) == set()


@pytest.mark.parametrize("come_back", [True, False])
def test_deleted_customer_is_suggested_no_more_until_restored(in_acme: Tenant, come_back: bool) -> None:
    one, other = ana(), ana()
    renewed(one, other)
    other = deleting.delete_customer(customer=other, actor=ADA, at=NOON)

    assert renewed(other) == set()
    assert not ComparedFacts.objects.filter(customer=other).exists()
    assert not BlockingKey.objects.filter(customer=other).exists()
    if come_back:
        deleting.restore_customer(customer=other, actor=ADA)
        assert renewed(other) == {(one.pk, other.pk)}


def test_unchanged_customer_is_not_compared_again(in_acme: Tenant) -> None:
    one, other = ana(), ana()
    renewed(one, other)
    Customer.objects.filter(pk=one.pk).update(is_vip=True)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        renew(ids=[one.pk], at=NOON)

    assert not any("blockingkey" in query["sql"].lower() for query in asked)


def test_many_are_renewed_by_as_many_queries_as_few(in_acme: Tenant) -> None:
    few, many = [ana() for _ in range(2)], [person(f"Rui{n}", f"Costa{n}", email=f"r{n}@a.example") for n in range(30)]
    with CaptureQueriesContext(connection) as first:
        renewed(*few)
    with CaptureQueriesContext(connection) as second:
        renewed(*many)

    assert len(second) <= len(first)


def test_dismissed_pair_is_never_suggested_again_unless_taken_up(in_acme: Tenant) -> None:
    one, other = ana(), ana()
    renewed(one, other)
    pair = dismissing.pair_of(one, other)
    dismissing.dismiss(pair=pair, actor=ADA, at=NOON)
    make_contact(other, "another@mail.example")

    assert renewed(other) == set()
    assert compare_all().report["suggestions"] == 0
    dismissing.undismiss(pair=pair, actor=ADA, at=NOON)
    compare_again(ids=[one.pk], at=NOON)
    assert suggested() == {(one.pk, other.pk)}


def test_suggestion_that_stays_keeps_its_time(in_acme: Tenant) -> None:
    one, other = ana(), ana()
    renewed(one, other)
    before = Suggestion.objects.get()
    make_contact(one, "more@mail.example")
    renew(ids=[one.pk], at=NOON.replace(year=2027))

    after = Suggestion.objects.get()
    assert (after.pk, after.created_at) == (before.pk, NOON)


def test_other_workspace_is_another_world(in_acme: Tenant, globex: Tenant) -> None:
    one = ana()
    renewed(one)
    with tenant_scope(globex):
        theirs = ana()
        assert renewed(theirs) == set()
        compare_all()
        assert suggested() == set()
        assert not ComparedFacts.objects.filter(customer=one.pk).exists()
    assert renewed(one) == set()


def test_role_mailbox_and_shared_contact_suggest_nobody(in_acme: Tenant) -> None:
    info = [person("Rui", "Costa", email="info@shop.example"), person("Eva", "Silva", email="info@shop.example")]
    line = [person("Tom", "Weber", phone="+351213456789"), person("Lea", "Novak", phone="+351213456789")]
    contacting.mark_shared(contact=Contact.objects.get(value="+351213456789"), actor=ADA)

    assert renewed(*info, *line) == set()


def test_office_line_is_learnt_and_its_suggestions_go_away(in_acme: Tenant) -> None:
    bare = [make_customer("", "") for _ in range(2)]
    for one in bare:
        make_contact(one, "lisboa.4@office.example")
    assert renewed(*bare)

    colleagues = [person(name, f"{name}sen", email="lisboa.4@office.example") for name in ("Rui", "Eva", "Tom", "Lea")]
    assert renewed(colleagues[0]) >= {(bare[0].pk, bare[1].pk)}

    assert renewed(*colleagues) == set()


def test_contact_that_misled_twice_misleads_no_more(in_acme: Tenant) -> None:
    holders = [make_customer("", "") for _ in range(3)]
    for one in holders:
        make_contact(one, "two.of.us@home.example")
    assert len(renewed(*holders)) == 3
    for other in holders[1:]:
        dismissing.dismiss(pair=dismissing.pair_of(holders[0], other), actor=ADA, at=NOON)

    compare_again(ids=[holders[0].pk], at=NOON)

    assert suggested() == set()


def test_keys_that_many_share_are_passed_over(in_acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding_pairs, "MOST", 3)
    crowd = [person("Ana", "Silva") for _ in range(4)]

    assert renewed(*crowd) == set()
    assert len(renewed(*[person("Zdislava", "Novak", street="Cais 7") for _ in range(3)])) == 3


NAMES = st.sampled_from(
    [("Ana", "Lopes"), ("Anna", "Lopes"), ("Eva", "Costa"), ("Rui", "Weber"), ("Tom", "Haas"), ("", "")]
)
EMAILS = st.sampled_from(["one@a.example", "two@a.example", "shared@a.example"])
WHO = st.integers(0, 6)
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("name"), WHO, NAMES),
        st.tuples(st.just("hold"), WHO, EMAILS),
        st.tuples(st.just("let_go"), WHO, EMAILS),
        st.tuples(st.just("delete"), WHO, st.none()),
        st.tuples(st.just("restore"), WHO, st.none()),
        st.tuples(st.just("dismiss"), WHO, WHO),
        st.tuples(st.just("live"), WHO, st.sampled_from(["Rua da Palma 14", "Cais 2"])),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_one_after_the_other_comes_to_the_same_as_all_at_once(in_acme: Tenant, deeds: Any) -> None:
    with transaction.atomic():
        people = [person("Ana", "Lopes", email="shared@a.example") for _ in range(7)]
        for other in range(10):
            person(f"Person{other}", f"Other{other}", email=f"o{other}@b.example")
        compare_all()
        for deed, who, what in deeds:
            do(deed, people, who, what)
        found = rows()
        compare_all_by_the_same_basis()

        assert rows() == found
        transaction.set_rollback(True)


def do(deed: str, people: list[Customer], who: int, what: Any) -> None:
    one = Customer.objects.get(pk=people[who].pk)
    if deed == "name":
        one.set_names(first=what[0], last=what[1])
        one.save()
    elif deed == "hold" and not one.contacts.filter(contact__value=what).exists() and not one.is_deleted:
        make_contact(one, what)
    elif deed == "let_go":
        CustomerContact.objects.filter(customer=one, contact__value=what).delete()
    elif deed == "delete" and not one.is_deleted:
        deleting.delete_customer(customer=one, actor=ADA, at=NOON)
    elif deed == "restore" and one.is_deleted:
        deleting.restore_customer(customer=one, actor=ADA)
    elif deed == "live":
        one.addresses.all().delete()
        one.addresses.create(street=what, city="Lisboa", is_main=True)
    elif (
        deed == "dismiss"
        and who != what
        and not Dismissal.objects.filter(one=people[min(who, what)], other=people[max(who, what)])
    ):
        dismissing.dismiss(pair=dismissing.pair_of(one, people[what]), actor=ADA, at=NOON)
        compare_again(ids=[one.pk], at=NOON)
    renew(ids=[one.pk], at=NOON)
