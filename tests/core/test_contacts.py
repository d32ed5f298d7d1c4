"""One spelling for each address and number."""

from collections.abc import Iterator

import phonenumbers
import pytest

from core.contacts import (
    LONGEST,
    NotAnAddress,
    Phone,
    is_region,
    is_valid_phone,
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
        ("ana@BU\u0308CHER.example", "ana@xn--bcher-kva.example"),
        ("ana@XN--BCHER-KVA.example", "ana@xn--bcher-kva.example"),
        ("ana@shop\u3002example", "ana@shop.example"),
        ("\u200eana\u200b@shop.example\u200f", "ana@shop.example"),
        ("ΣΊΣΥΦΟΣ@shop.example", "σίσυφος@shop.example"),
        ("用户@例子.example", "用户@xn--fsqu00a.example"),
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
        ("001 202 555 0123", "", Phone("+12025550123")),
        ("0044 20 7946 0958", "US", Phone("+442079460958")),
        ("011 44 20 7946 0958", "PT", Phone("+442079460958")),
        ("011 15-2345-6789", "AR", Phone("+5491123456789")),
        ("+00351912345678", "", Phone("+351912345678")),
        ("351912345678", "US", Phone("+351912345678")),
        ("+65 (0) 6521 8000", "", Phone("+6565218000")),
        ("+39 (0)6 6982 3456", "", Phone("+390669823456")),
        ("+52 1 55 1234 5678", "", Phone("+525512345678")),
        ("8(926) 123-45-67", "RU", Phone("+79261234567")),
        ("(495) 1234567 доб. 123", "RU", Phone("+74951234567", "123")),
        ("+49 30 123456 Durchwahl 5", "", Phone("+4930123456", "5")),
        ("912 345 678 ext. 5", "", Phone("912345678", "5")),
        ("+351 912 345 678 x٥", "", Phone("+351912345678", "5")),
        ("253-0000", "US", Phone("2530000")),
        ("13022345", "", Phone("13022345")),
        ("4915123456789", "DE", Phone("+4915123456789")),
        ("62812345678", "ID", Phone("+62812345678")),
        ("351912345678", "DE", Phone("+351912345678")),
        ("15123456789", "DE", Phone("+4915123456789")),
        ("8~10 376 712 345", "RU", Phone("+376712345")),
        ("00 93 23 456 7890", "HK", Phone("+93234567890")),
        ("009 32 34 56 78 90", "HK", Phone("+3234567890")),
        ("011 4321-5678", "AR", Phone("+541143215678")),
        ("+351 912 345 678 (Home)", "", Phone("+351912345678")),
        ("912 345 678 mobile", "PT", Phone("+351912345678")),
        ("tel:912345678;phone-context=+351", "US", Phone("+351912345678")),
        ("1-800-FLOWERS", "US", Phone("+18003569377")),
    ],
)
def test_normalize_phone_gives_one_spelling(typed: str, region: str, phone: Phone) -> None:
    assert normalize_phone(typed, region=region) == phone


@pytest.mark.parametrize("typed", ["", "call me", "+", "1" * 41])
def test_normalize_phone_refuses_what_has_no_number(typed: str) -> None:
    with pytest.raises(NotAnAddress):
        normalize_phone(typed, region="PT")


ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
WIDE = str.maketrans("+0123456789", "＋０１２３４５６７８９")


def ways_to_write(number: phonenumbers.PhoneNumber, region: str) -> Iterator[tuple[str, str]]:
    """The number as people and machines write it, with the country it is read in."""
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    abroad = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    home = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    for text in (plain, abroad, abroad.replace(" ", "."), abroad.replace(" ", "\u00a0").replace("-", "\u2011")):
        yield text, ""
        yield text, "US"
    for text in (f"\u200f\u202a{abroad}\u202c", f"tel:{plain}", abroad.translate(ARABIC), abroad.translate(WIDE)):
        yield text, ""
    for text in (home, phonenumbers.normalize_digits_only(home), f"\u2067{home}\u2069", home.translate(ARABIC)):
        yield text, region
    for other in ("", "US", "DE", region):
        yield f"00{plain[1:]}", other
    yield f"011 {abroad[1:]}", "US"
    for dialing in ("AU", "JP", "RU"):
        yield phonenumbers.format_out_of_country_calling_number(number, dialing), dialing


@pytest.mark.parametrize("kind", [phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE])
def test_normalize_phone_reads_every_country_in_every_way(kind: int) -> None:
    wrong = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        if number := phonenumbers.example_number_for_type(region, kind):
            wanted = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            for typed, read_in in ways_to_write(number, region):
                if normalize_phone(typed, region=read_in) != Phone(wanted):
                    wrong.append((region, typed, read_in))
            if normalize_phone(f"{typed} ext. 5", region=read_in) != Phone(wanted, "5"):
                wrong.append((region, typed, "extension"))

    assert wrong == []


def test_normalize_phone_reads_every_type_of_number_in_four_ways() -> None:
    formats = phonenumbers.PhoneNumberFormat
    wrong = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in phonenumbers.PhoneNumberType.values():
            if number := phonenumbers.example_number_for_type(region, kind):
                plain, abroad, home, link = (
                    phonenumbers.format_number(number, one)
                    for one in (formats.E164, formats.INTERNATIONAL, formats.NATIONAL, formats.RFC3966)
                )
                for typed in (plain, abroad, home, link, f"00{plain[1:]}"):
                    if normalize_phone(typed, region=region) != Phone(plain):
                        wrong.append((region, kind, typed))

    assert wrong == []


def test_normalize_phone_asks_other_countries_only_where_its_own_has_no_such_number() -> None:
    assert normalize_phone("0171 1234567", region="PT", also=["DE"]).number == "+491711234567"
    assert normalize_phone("912 345 678", region="PT", also=["ES"]).number == "+351912345678"


def test_is_valid_phone_tells_numbers_that_nobody_can_have() -> None:
    assert is_valid_phone("+351912345678")
    assert not is_valid_phone("+351012345678")
    assert not is_valid_phone("912345678")


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
