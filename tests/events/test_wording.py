"""Events in words."""

import pytest

from events.kinds import EventType
from events.wording import LONGEST, Said, say, spell

SET = EventType(
    "lamp.set", {"label": str, "before": object, "after": object}, on_timeline=False, audit="settings", told="{label}"
)
LIT = EventType("lamp.lit_again", {"fields": list, "people": list}, on_timeline=False)
SHOWN = EventType(
    "lamp.shown", {"fields": list, "people": list}, on_timeline=False, audit="data", told="{fields} to {people}"
)


def test_values_stand_apart() -> None:
    assert say(SET, {"label": "Light {x}", "before": False, "after": 7}) == Said("Light {x}", "off", "7")


def test_type_without_words_is_called_by_its_name() -> None:
    assert say(LIT, {}) == Said("Lamp lit again")


def test_names_of_columns_are_words_and_other_names_are_kept() -> None:
    assert say(SHOWN, {"fields": ["manager_id", "first_name"], "people": ["a_b"]}).words == "manager, first name to a_b"


def test_data_of_an_earlier_shape_is_borne() -> None:
    assert say(SET, {}) == Said("nothing", "nothing", "nothing")


@pytest.mark.parametrize("value", [None, "", []])
def test_nothing_is_said(value: object) -> None:
    assert spell(value) == "nothing"


def test_long_values_are_shortened() -> None:
    assert len(spell("x" * 1000)) == LONGEST + 1


def test_words_may_name_only_what_the_shape_has() -> None:
    with pytest.raises(ValueError, match="keys of its shape"):
        EventType("lamp.broken", {"a": str}, told="{b}")
