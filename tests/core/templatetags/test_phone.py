"""Phone numbers as people read them."""

from core.templatetags.phone import phone


def test_phone_is_grouped() -> None:
    assert phone("+351912345678") == "+351 912 345 678"


def test_phone_that_is_none_of_any_country_stays_as_typed() -> None:
    assert phone("ask at the desk") == "ask at the desk"
    assert phone(None) == ""
