"""Makes wrong numbers out of right ones."""

from collections.abc import Iterator


def one_digit_changed(number: str) -> Iterator[str]:
    """Every number that differs from it in one digit."""
    for place, letter in enumerate(number):
        if letter in "0123456789":
            yield from (number[:place] + digit + number[place + 1 :] for digit in "0123456789" if digit != letter)
