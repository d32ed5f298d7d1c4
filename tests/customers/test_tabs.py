"""The tabs of the block "Earlier"."""

import pytest

from customers import tabs


def test_tabs_stand_in_the_order_of_the_seed() -> None:
    assert [tab.label for tab in tabs.all_tabs()] == [
        *("All", "Tasks", "Notes", "Letters", "SMS", "Calls", "Visits", "Orders", "Files", "Segments", "Chats")
    ]


def test_tab_nobody_shows_says_why() -> None:
    assert all(tab.url_name or tab.why for tab in tabs.all_tabs())
    assert tabs.find_tab("visits").url_name == ""


def test_apps_register_only_tabs_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "_url_names", {})

    tabs.register_tab("visits", "customers:visit")

    assert tabs.find_tab("visits").url_name == "customers:visit"
    with pytest.raises(ValueError, match="gossip"):
        tabs.register_tab("gossip", "customers:visit")
    with pytest.raises(KeyError):
        tabs.find_tab("gossip")
