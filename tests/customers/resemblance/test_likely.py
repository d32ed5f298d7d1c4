"""What is told to be unlikely without comparing addresses is unlikely, and nothing else is left out."""

from hypothesis import given
from hypothesis import strategies as st

from customers.resemblance import Commonness, Facts, compare, compare_likely, least_bits

NAMES = st.sampled_from(["", "ana", "anna", "ann", "lopes", "lopez", "weber", "b"])
STREETS = st.sampled_from(["", "main street 1", "1 main street", "main street 12", "mian street 1", "oak lane 7"])
CODES = st.sampled_from(["", "1000", "1001", "90210"])
CITIES = st.sampled_from(["", "lisbon", "lisbo", "new york", "porto"])
DAYS = st.sampled_from(["", "19900102", "19900201", "19900103", "19551231"])
EMAILS = st.sampled_from([(), ("ana.lopes@a.example",), ("ana.lopes@b.example",), ("weber@a.example", "w@b.example")])
PEOPLE = st.builds(
    Facts,
    st.just(0),
    first=NAMES,
    last=NAMES,
    birthday=DAYS,
    sex=st.sampled_from(["", "female", "male"]),
    emails=EMAILS,
    phones=st.sampled_from([(), ("+351912345678",), ("+351912345679",)]),
    order_emails=EMAILS,
    street=STREETS,
    city=CITIES,
    region=st.sampled_from(["", "north", "south"]),
    postal_code=CODES,
)


@given(st.lists(PEOPLE, min_size=2, max_size=12), st.floats(-30, 60))
def test_only_those_are_left_out_who_cannot_reach_it(people: list[Facts], least: float) -> None:
    common = Commonness.of(people)
    whole = compare(people[0], people[1], common)

    found = compare_likely(people[0], people[1], common, least=least)

    assert found == whole if found else whole.bits < least


@given(PEOPLE, PEOPLE, st.floats(1e-9, 0.1), st.floats(0.5, 0.99))
def test_who_is_likely_enough_has_the_least_bits(one: Facts, other: Facts, prior: float, probability: float) -> None:
    found = compare(one, other, Commonness.of([one, other]))

    assert found.probability(prior) < probability or found.bits >= least_bits(probability, prior) - 1e-9


def test_strangers_are_told_apart_without_their_addresses() -> None:
    ana = Facts(1, first="ana", last="lopes", birthday="19900102", street="main street 1", city="lisbon")
    ben = Facts(2, first="ben", last="weber", birthday="19551231", street="oak lane 7", city="lisbon")

    assert compare_likely(ana, ben, Commonness.of([ana, ben]), least=least_bits(0.5, 1e-4)) is None
