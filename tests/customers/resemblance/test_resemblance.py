"""Whom one would take for the same person, and whom not."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.resemblance import Commonness, compare, keys_of, read_facts
from customers.resemblance.commonness import Counted, traits_of
from customers.resemblance.facts import VERSION, read_said, write_said
from customers.resemblance.numbering import number_of
from customers.resemblance.reasons import Reason
from customers.resemblance.roles import is_role
from tests.customers.resemblance.town import is_suggested, person, resemblance, townsfolk

BORN = date(1984, 5, 17)
HOME = ("Rua da Palma 14", "Lisboa", "", "1200-385")
ANA: dict[str, Any] = {
    "names": ("Anabela", "", "Figueiredo"),
    "birthday": BORN,
    "emails": ["anabela.figueiredo@mail.example"],
    "phones": ["+351912345678"],
    "place": HOME,
}


def ana(number: int = 9001, **said: Any) -> Any:
    return person(number, **{**ANA, **said})


@pytest.mark.parametrize(
    "said",
    [
        {"emails": ["afigueiredo@work.example"], "phones": []},
        {"emails": [], "phones": [], "birthday": None},
        {"emails": [], "phones": [], "place": ("", "", "", "")},
        {"emails": [], "phones": [], "names": ("Anabella", "", "Figeiredo")},
        {"emails": [], "phones": [], "names": ("Figueiredo", "", "Anabela")},
        {"emails": [], "phones": [], "birthday": date(1984, 5, 7)},
        {"emails": [], "phones": [], "place": ("R. da Palma, 14", "LISBOA", "", "1200 385")},
        {"names": ("", "", ""), "birthday": None, "place": ("", "", "", ""), "emails": []},
        {"names": ("", "", ""), "birthday": None, "place": ("", "", "", ""), "phones": []},
        {"names": ("A", "", "Figueiredo"), "birthday": None, "phones": []},
        {"emails": ["anabela.figueirdo@mail.example"], "phones": [], "birthday": None, "place": ("", "", "", "")},
    ],
)
def test_one_person_is_recognized(said: dict[str, Any]) -> None:
    assert is_suggested(ana(), ana(9002, **said))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(
            {"names": ("Rui", "", "Figueiredo"), "birthday": date(1981, 2, 3), "emails": ["rui.f@post.example"]},
            id="husband: one home, one phone",
        ),
        pytest.param({"names": ("Joana", "", "Figueiredo"), "emails": [], "phones": []}, id="twin"),
        pytest.param(
            {"names": ("Tom", "", "Weber"), "birthday": None, "emails": [], "phones": []}, id="lived there before"
        ),
        pytest.param(
            {"birthday": date(1951, 11, 30), "emails": [], "phones": [], "place": ("Cais 2", "Porto", "", "4000")},
            id="namesake",
        ),
        pytest.param(
            {"names": ("Olga", "", "Petrov"), "emails": [], "phones": [], "place": ("", "", "", "")},
            id="born on the same day",
        ),
    ],
)
def test_other_people_are_left_apart(said: dict[str, Any]) -> None:
    assert not is_suggested(ana(), ana(9002, **said))


NOBODY: dict[str, Any] = {
    "names": ("", "", ""),
    "birthday": None,
    "emails": [],
    "phones": [],
    "place": ("", "", "", ""),
}


@pytest.mark.parametrize(
    ("said", "is_one"),
    [
        pytest.param({}, True, id="nothing else is known"),
        pytest.param({"names": ("Anabela", "", "Figueiredo")}, True, id="same name"),
        pytest.param({"names": ("Anabella", "", "Figeiredo")}, True, id="misspelt"),
        pytest.param({"names": ("Rui", "", "Costa")}, False, id="gift to a friend"),
        pytest.param({"names": ("Rui", "", "Figueiredo")}, False, id="gift to the husband"),
        pytest.param(
            {"names": ("Rui", "", "Figueiredo"), "phones": ANA["phones"], "place": HOME}, False, id="at one home"
        ),
    ],
)
@pytest.mark.parametrize(
    "placed", [{"order_emails": ANA["emails"]}, {"order_phones": ANA["phones"]}], ids=["e-mail", "phone"]
)
def test_order_placed_with_what_another_holds(placed: dict[str, Any], said: dict[str, Any], is_one: bool) -> None:
    other = ana(9002, **{**NOBODY, **said, **placed})

    assert Reason.SAME_ORDER in {one.reason for one in resemblance(ana(), other).said}
    assert is_suggested(ana(), other) is is_one
    assert keys_of(ana()) & keys_of(other)


@pytest.mark.parametrize("names", [("Rui", "", "Costa"), ("Rui", "", "Figueiredo"), ("", "", ""), ANA["names"]])
def test_order_tells_no_more_than_a_phone_that_both_hold(names: tuple[str, str, str]) -> None:
    by_phone = resemblance(ana(), ana(9002, **{**NOBODY, "names": names, "phones": ANA["phones"]}))
    for placed in ({"order_emails": ANA["emails"]}, {"order_phones": ANA["phones"]}):
        by_order = resemblance(ana(), ana(9002, **{**NOBODY, "names": names, **placed}))

        assert by_order.bits <= by_phone.bits
        for prior in (1e-6, 1e-4, 1e-2):
            assert by_order.probability(prior) <= by_phone.probability(prior)


def test_two_who_ordered_with_what_neither_holds_have_nothing_in_common() -> None:
    one, other = (ana(number, **{**NOBODY, "order_emails": ["third@post.example"]}) for number in (9001, 9002))

    assert resemblance(one, other).said == ()


def test_common_name_alone_says_nothing_and_a_rare_one_something() -> None:
    common = [person(number, names=("Ana", "", "Silva")) for number in (9001, 9002)]
    rare = [person(number, names=("Zdislava", "", "Vondráčková"), place=HOME) for number in (9001, 9002)]

    assert not is_suggested(*common)
    assert is_suggested(*rare)


def test_address_of_many_people_says_little() -> None:
    desk = [person(number, emails=["desk@office.example"]) for number in range(9001, 9031)]
    common = Commonness.of([*townsfolk(), *desk])

    assert compare(desk[0], desk[1], common).bits < resemblance(ana(), ana(9002)).bits / 4


def test_names_are_the_same_in_any_script() -> None:
    one = person(9001, names=("Тарас", "", "Шевченко"), birthday=BORN)
    other = person(9002, names=("Taras", "", "Shevchenko"), birthday=BORN)

    assert is_suggested(one, other)
    assert keys_of(one) & keys_of(other)


def test_evidence_names_what_agrees_but_not_what_everybody_has_in_common() -> None:
    said = resemblance(ana(), ana(9002, names=("Anabella", "", "Figueiredo"), birthday=None)).said
    reasons = {one.reason for one in said if one.bits > 0}

    assert reasons == {
        Reason.SAME_EMAIL,
        Reason.SAME_PHONE,
        Reason.LIKE_NAME,
        Reason.SAME_STREET,
        Reason.SAME_POSTAL_CODE,
    }


def test_one_slip_anywhere_leaves_a_key_to_be_found_by() -> None:
    slips: list[dict[str, Any]] = [
        {"names": ("Anabbela", "", "Figueiredo")},
        {"names": ("Anabela", "", "Fgueiredo")},
        {"birthday": date(1984, 5, 18)},
        {"place": ("Rua da Palma 41", "Lisboa", "", "1200-385")},
        {"place": ("Rua da Palma 14", "Lisboa", "", "1200-358")},
    ]
    bare: dict[str, Any] = {"emails": [], "phones": []}

    for slip in slips:
        assert keys_of(ana(**bare)) & keys_of(ana(**{**bare, **slip})), slip


WORDS = st.sampled_from(["", "Ana", "Anna", "A", "Silva", "da Silva", "Шевченко", "李", "O'Neil", "12", "é" * 40])
PEOPLE = st.builds(
    lambda first, last, born, street, code, email: read_facts(
        1, names=(first, "", last), birthday=born, emails=[email] * bool(email), place=(street, last, "", code)
    ),
    WORDS,
    WORDS,
    st.none() | st.dates(),
    WORDS,
    WORDS,
    st.sampled_from(["", "a@b.example", "ana.silva@b.example", "@", "x"]),
)


@settings(deadline=None)
@given(PEOPLE, PEOPLE)
def test_it_is_the_same_from_either_side(one: Any, other: Any) -> None:
    common = Commonness.of([one, other])

    assert abs(compare(one, other, common).bits - compare(other, one, common).bits) < 1e-9
    assert 0 <= compare(one, other, common).probability(0.001) <= 1


@settings(deadline=None)
@given(PEOPLE)
def test_nobody_is_unlike_themselves(one: Any) -> None:
    assert compare(one, one, Commonness.of([one, one])).bits >= 0


def test_facts_are_read_as_they_were_written() -> None:
    bare = person(9003)

    for one in (ana(), bare):
        assert read_said(one.customer_id, write_said(one)) == one
    assert write_said(bare) == {"version": VERSION}


@pytest.mark.parametrize(
    "email", ["info@shop.example", "no-reply@a.example", "Sales2@b.example", "support+eu@c.example", "büro@d.example"]
)
def test_mailboxes_of_a_task_are_known(email: str) -> None:
    assert is_role(email)


@pytest.mark.parametrize(
    "email", ["ana@info.example", "saleswoman@b.example", "infante@c.example", "jo.reply@d.example"]
)
def test_mailboxes_of_people_are_not_taken_for_tasks(email: str) -> None:
    assert not is_role(email)


def test_numbers_of_texts_are_the_same_everywhere_and_fit_the_column() -> None:
    assert number_of("eana@a.example") == 781627672307627479
    assert all(-(2**63) <= number_of(str(n)) < 2**63 for n in range(500))


def test_what_was_counted_weighs_as_counting_does() -> None:
    people = [*townsfolk(), ana(), ana(9002, emails=[], phones=[])]
    live = Commonness.of(people)
    counts: dict[str, Counter[int]] = {}
    for one in people:
        for trait, value in traits_of(one):
            counts.setdefault(trait, Counter())[number_of(value)] += 1
    totals = {trait: sum(values.values()) for trait, values in counts.items()}
    kept = {trait: {value: n for value, n in values.items() if n > 2} for trait, values in counts.items()}
    counted = Counted(len(people), totals, kept)

    for other in people[:50]:
        assert compare(people[-1], other, counted).bits == pytest.approx(compare(people[-1], other, live).bits)


def test_contact_of_several_people_says_nothing() -> None:
    one, other = person(9001, phones=["+351912345678"]), person(9002, phones=["+351912345678"])
    common = Counted(1_000, {}, {}, {number_of("t+351912345678")})

    assert compare(one, other, common).said == ()
    assert compare(one, other, Counted(1_000, {}, {})).bits > 10
