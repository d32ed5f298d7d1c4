"""One spelling for each address and number."""

import pytest

from core.contacts import (
    LONGEST,
    NotAnAddress,
    Phone,
    is_region,
    normalize_email,
    normalize_handle,
    normalize_phone,
    show_phone,
    zones_of_phone,
)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Ana.Lopes@Shop.EXAMPLE", "ana.lopes@shop.example"),
        ("  ana@shop.example.\n", "ana@shop.example"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@ＳＨＯＰ.example", "ana@shop.example"),
        ('"ana"@shop.example', "ana@shop.example"),
        ('"ana lopes"@shop.example', '"ana lopes"@shop.example'),
        ("Jose\u0301@shop.example", "jos\u00e9@shop.example"),
        ("ana+news@shop.example", "ana+news@shop.example"),
        ("ana@[192.0.2.1]", "ana@[192.0.2.1]"),
    ],
)
def test_normalize_email_gives_one_spelling(typed: str, address: str) -> None:
    assert normalize_email(typed) == address


@pytest.mark.parametrize(
    "typed",
    ["", "ana", "@shop.example", "ana@", "ana@shop..example", "ana lopes@shop.example", "<ana@shop.example>",
     "ana\x00@shop.example", "ana@-shop.example", "ana@" + "x" * LONGEST, "ana@shop.example\nBcc: x@y.example"],
)  # fmt: skip
def test_normalize_email_refuses_what_is_no_address(typed: str) -> None:
    with pytest.raises(NotAnAddress):
        normalize_email(typed)


def test_normalize_email_keeps_sharp_s_apart_from_double_s() -> None:
    assert normalize_email("ana@straße.example") != normalize_email("ana@strasse.example")


def test_normalize_email_does_not_turn_a_look_alike_into_somebody_else() -> None:
    with pytest.raises(NotAnAddress):
        normalize_email("\u212aim@shop.example")


@pytest.mark.parametrize(
    ("typed", "region", "phone"),
    [
        ("+351 912 345 678", "", Phone("+351912345678")),
        ("912 345 678", "PT", Phone("+351912345678")),
        ("00351912345678", "pt", Phone("+351912345678")),
        ("tel:+1-202-555-0123;ext=7", "", Phone("+12025550123", "7")),
        ("(202) 555-0123 ext. 12", "US", Phone("+12025550123", "12")),
        ("912 345 678", "", Phone("912345678")),
        ("72345", "US", Phone("72345")),
        ("call 112 please", "", Phone("112")),
    ],
)
def test_normalize_phone_gives_one_spelling(typed: str, region: str, phone: Phone) -> None:
    assert normalize_phone(typed, region=region) == phone


@pytest.mark.parametrize("typed", ["", "call me", "+", "1" * 41])
def test_normalize_phone_refuses_what_has_no_number(typed: str) -> None:
    with pytest.raises(NotAnAddress):
        normalize_phone(typed, region="PT")


def test_normalize_handle_keeps_networks_apart() -> None:
    assert normalize_handle(" @Ana ", network="Twitter") == "twitter:ana"
    assert normalize_handle("ana", network="instagram") == "instagram:ana"


def test_normalize_handle_refuses_nothing() -> None:
    with pytest.raises(NotAnAddress):
        normalize_handle(" @ ")


def test_show_phone_groups_what_it_can() -> None:
    assert show_phone("+12025550123", "12") == "+1 202-555-0123 ext. 12"
    assert show_phone("72345") == "72345"


def test_zones_of_phone_names_all_it_may_be() -> None:
    assert zones_of_phone("+12025550123") == ("America/New_York",)
    assert set(zones_of_phone("+351912345678")) == {"Atlantic/Azores", "Europe/Lisbon"}
    assert zones_of_phone("72345") == ()


def test_is_region_knows_countries_with_phones() -> None:
    assert is_region("pt")
    assert not is_region("xx")
