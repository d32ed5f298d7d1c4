"""The workspace settings of tickets."""

from typing import Any

from accounts.settings_registry import SettingKey, switch, whole_number

UNDO_SEND_SECONDS = SettingKey(
    key="undo_send_seconds",
    section="Replies",
    label="Undo sending for (seconds)",
    default=10,
    make_field=whole_number(0, 30),
    help_text="How long a reply waits before it goes out, so that it can be taken back. 0 sends at once.",
)

OPEN_TRACKING = SettingKey(
    key="open_tracking",
    section="Replies",
    label="Tell when a letter was opened",
    default=False,
    make_field=switch,
    help_text="An invisible picture in each letter asks us to be shown. Some mail programs ask for it by themselves.",
)

SETTINGS: tuple[SettingKey[Any], ...] = (UNDO_SEND_SECONDS, OPEN_TRACKING)
