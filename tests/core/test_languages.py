"""Languages by code and by name."""

import pytest

from core.languages import NotALanguage, language_name, language_names, normalize_language


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("pt", "pt"),
        (" PT-br ", "pt-BR"),
        ("zh_hant", "zh-Hant"),
        ("sr-latn-rs", "sr-Latn-RS"),
        ("es-419", "es-419"),
        ("Portuguese", "pt"),
        ("português", "pt"),
        ("РУССКИЙ", "ru"),
    ],
)
def test_codes_and_names_become_one_code(typed: str, code: str) -> None:
    assert normalize_language(typed) == code


@pytest.mark.parametrize("typed", ["", "klingonese", "p", "pt-", "pt-BR-x-private", "12", "pt BR"])
def test_what_is_no_language_is_refused(typed: str) -> None:
    with pytest.raises(NotALanguage):
        normalize_language(typed)


def test_names_are_said_as_far_as_they_are_known() -> None:
    said = [language_name(code) for code in ("pt", "pt-BR", "pt-PT", "zh-Hans", "tlh", "")]

    assert said == ["Portuguese", "Brazilian Portuguese", "Portuguese (PT)", "Simplified Chinese", "tlh", ""]


def test_names_stand_in_order_and_each_is_found_by_itself() -> None:
    names = language_names()

    assert list(names.values()) == sorted(names.values())
    assert all(normalize_language(name) == code for code, name in names.items())
