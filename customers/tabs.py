"""The tabs of "Earlier" on a customer's page (F88); what one shows is made by the app that knows it, and got by URL."""

from dataclasses import dataclass

# In S4's order: code -> (name, and while nobody shows it: a picture, what there is none of, why not yet).
_TABS = {
    "all": ("All", "history", "Nothing happened", "What happens with this customer stands here."),
    "tasks": ("Tasks", "square-check", "No tasks", "Tasks cannot be given in this workspace yet."),
    "notes": ("Notes", "notebook-pen", "No notes", "What is written above and sent stands here."),
    "letters": ("Letters", "mail", "No letters", "No inbox is connected yet."),
    "sms": ("SMS", "message-square", "No SMS", "No phone number for SMS is connected yet."),
    "calls": ("Calls", "phone", "No calls", "Telephony is not set up yet."),
    "visits": ("Visits", "globe", "No visits", "Nothing counts visits for this workspace yet."),
    "orders": ("Orders", "shopping-bag", "No orders", "No store is connected yet."),
    "files": ("Files", "paperclip", "No files", "Nothing keeps files yet."),
    "segments": ("Segments", "users-round", "No segments", "This workspace has no segments yet."),
    "chats": ("Chats", "message-circle", "No chats", "No chat or messenger is connected yet."),
}
ALL, NOTES = "all", "notes"
_url_names: dict[str, str] = {}


@dataclass(frozen=True)
class Tab:
    """`url_name` takes the customer's number; "" while nobody shows the tab: `none` and `why` then say so, beside the
    picture `icon`."""

    code: str
    label: str
    icon: str
    none: str
    why: str
    url_name: str


def register_tab(code: str, url_name: str) -> None:
    """Called at start-up by the app that shows it: the URL answers a partial to htmx, else a whole page."""
    if code not in _TABS:
        raise ValueError(f"there is no tab {code}")
    _url_names[code] = url_name


def all_tabs() -> tuple[Tab, ...]:
    """Every tab, in the order of the page."""
    return tuple(Tab(code, *words, _url_names.get(code, "")) for code, words in _TABS.items())


def find_tab(code: str) -> Tab:
    """Raises KeyError for a code that is none of them."""
    return {tab.code: tab for tab in all_tabs()}[code]
