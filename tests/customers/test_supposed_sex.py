"""The guess at a person's sex from the full name (F12)."""

import pytest

from customers.kinds import Sex
from customers.supposed_sex import suppose_sex


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana Lopes", Sex.FEMALE),
        ("Rui Costa", Sex.MALE),
        ("José Silva", Sex.MALE),
        ("Günther Weiß", Sex.MALE),
        ("Łukasz Kowalski", Sex.MALE),
        ("Katarzyna Kowalska", Sex.FEMALE),
        ("Guðrún Jónsdóttir", Sex.FEMALE),
        ("Илья Репин", Sex.MALE),
        ("Любовь Орлова", Sex.FEMALE),
        ("Иванов Иван Иванович", Sex.MALE),
        ("Gulnara Aliyeva Rashid qizi", Sex.FEMALE),
        ("Саша Иванова", Sex.FEMALE),
    ],
)
def test_full_name_says_woman_or_man(name: str, expected: Sex) -> None:
    first, _, last = name.partition(" ")

    assert suppose_sex(first=first, last=last) == expected


@pytest.mark.parametrize(
    "name", ["", "Саша", "Andrea Rossi", "Alex Kim", "山田 太郎", "Nikita Petrova", "Store", "Jo", "Ж", "🌱"]
)
def test_doubt_supposes_nothing(name: str) -> None:
    first, _, last = name.partition(" ")

    assert suppose_sex(first=first, last=last) == Sex.UNKNOWN


def test_patronymic_beats_a_first_name_given_to_both() -> None:
    assert suppose_sex(first="Женя", middle="Сергеевна") == Sex.FEMALE


def test_surname_against_first_name_supposes_nothing() -> None:
    assert suppose_sex(first="Ольга", last="Петров") == Sex.UNKNOWN
