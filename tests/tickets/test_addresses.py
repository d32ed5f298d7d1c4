"""Addresses as agents type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.addresses import MOST_RECIPIENTS, Person, Recipients, TooManyRecipients, WrongAddresses, read_people
from tickets.addresses import write_people as write


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("ana@shopper.example", [Person("ana@shopper.example")]),
        (
            "Ana Lopes <Ana@Shopper.example>, rui@x.example",
            [Person("ana@shopper.example", "Ana Lopes"), Person("rui@x.example")],
        ),
        ('"Lopes, Ana" <ana@shopper.example>', [Person("ana@shopper.example", "Lopes, Ana")]),
        ("a@x.example;b@x.example\nc@x.example", [Person("a@x.example"), Person("b@x.example"), Person("c@x.example")]),
        (" , ;\r\n", []),
    ],
)
def test_list_is_read(typed: str, people: list[Person]) -> None:
    assert list(read_people(typed)) == people


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("ana@shopper.example, nobody", ("nobody",)),
        ("Ana ana@shopper.example", ("Ana ana@shopper.example",)),
        ("ana@shopper.example\r\nBcc: eve@evil.example", ("Bcc: eve@evil.example",)),
        ("ana@shopper.example%0d%0aBcc:eve@evil.example", ("ana@shopper.example%0d%0aBcc:eve@evil.example",)),
        ('"open <ana@shopper.example>', ('"open <ana@shopper.example>',)),
        ("<ana@shopper.example> <eve@evil.example>", ("<ana@shopper.example> <eve@evil.example>",)),
    ],
)
def test_what_is_no_address_is_named(typed: str, wrong: tuple[str, ...]) -> None:
    with pytest.raises(WrongAddresses) as refused:
        read_people(typed)

    assert refused.value.typed == wrong


@given(st.text(max_size=60), st.sampled_from(["<a@x.example>", "a@x.example", ""]))
def test_nothing_read_holds_a_line_end(name: str, address: str) -> None:
    try:
        people = read_people(f"{name} {address}")
    except WrongAddresses:
        return

    assert not [one for one in people if set("\r\n\0") & set(one.address + one.name)]


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), max_size=20))
def test_written_list_reads_as_it_was(name: str) -> None:
    people = read_people(write([Person("a@x.example", name.strip()), Person("b@x.example")]))

    assert [one.address for one in people] == ["a@x.example", "b@x.example"]


def test_who_stands_in_two_lists_counts_once_in_the_open_one() -> None:
    ana, rui = Person("ana@x.example"), Person("rui@x.example")

    recipients = Recipients.of(to=[ana], cc=[ana, rui], bcc=[rui])

    assert (recipients.to, recipients.cc, recipients.bcc) == ((ana,), (rui,), ())


def test_more_than_a_conversation_is_refused() -> None:
    people = [Person(f"p{number}@x.example") for number in range(MOST_RECIPIENTS + 1)]

    assert len(Recipients.of(to=people[:1], bcc=people[1:-1]).everybody) == MOST_RECIPIENTS
    with pytest.raises(TooManyRecipients):
        Recipients.of(to=people[:1], bcc=people[1:])
