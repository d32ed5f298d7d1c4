"""Events in words."""

import pytest

from events.kinds import EventType
from events.wording import CHANGED, KEPT, LONGEST, Change, Said, list_changes, say, spell

SET = EventType(
    "lamp.set", {"label": str, "before": object, "after": object}, on_timeline=False, audit="settings", told="{label}"
)
TUNED = EventType("lamp.tuned", {"changes": list}, on_timeline=False, audit="settings")
LIT = EventType("lamp.lit_again", {"fields": list, "people": list}, on_timeline=False)
SHOWN = EventType(
    "lamp.shown", {"fields": list, "people": list}, on_timeline=False, audit="data", told="{fields} to {people}"
)


def test_values_stand_apart() -> None:
    assert say(SET, {"label": "Light {x}", "before": False, "after": 7}) == Said("Light {x}", (Change("", "off", "7"),))


def test_type_without_words_is_called_by_its_name() -> None:
    assert say(LIT, {}) == Said("Lamp lit again")


def test_names_of_columns_are_words_and_other_names_are_kept() -> None:
    assert say(SHOWN, {"fields": ["manager_id", "first_name"], "people": ["a_b"]}).words == "manager, first name to a_b"


def test_data_of_an_earlier_shape_is_borne() -> None:
    assert say(SET, {}) == Said("nothing", (Change("", "nothing", "nothing"),))


@pytest.mark.parametrize("value", [None, "", []])
def test_nothing_is_said(value: object) -> None:
    assert spell(value) == "nothing"


def test_long_values_are_shortened_among_words_and_whole_before_and_after() -> None:
    said = say(SET, {"label": "x" * 1000, "before": "y" * 1000, "after": ""})

    assert len(said.words) == LONGEST + 1
    assert said.changes[0].before == "y" * 1000 and said.changes[0].is_long


def test_several_changes_stand_behind_their_labels_and_secrets_are_not_told() -> None:
    before, after = (
        {"name": "A", "on": False, "key": "s1", "same": 1},
        {"name": "B", "on": True, "key": "s2", "same": 1},
    )
    labels = {"on": "Switch", "name": "Name", "key": "Password", "same": "Same"}

    changes = list_changes(before, after, labels=labels, secret={"key"})

    assert changes == [["Switch", False, True], ["Name", "A", "B"], ["Password"]]
    assert say(TUNED, {"changes": changes}).changes == (
        Change("Switch", "off", "on"),
        Change("Name", "A", "B"),
        Change("Password", None, CHANGED),
    )


def test_what_an_event_keeps_of_a_value_has_an_end() -> None:
    [[_, before, after]] = list_changes({"text": "x" * 9000}, {}, labels={"text": "Text"})

    assert (len(before), after) == (KEPT + 1, None)


def test_words_may_name_only_what_the_shape_has() -> None:
    with pytest.raises(ValueError, match="keys of its shape"):
        EventType("lamp.broken", {"a": str}, told="{b}")
