"""The workspace settings of tickets."""

from typing import Any

from accounts.settings_registry import SettingKey, whole_number

UNDO_SEND_SECONDS = SettingKey(
    key="undo_send_seconds",
    section="Replies",
    label="Undo sending for (seconds)",
    default=10,
    make_field=whole_number(0, 30),
    help_text="How long a reply waits before it goes out, so that it can be taken back. 0 sends at once.",
)

SETTINGS: tuple[SettingKey[Any], ...] = (UNDO_SEND_SECONDS,)
