"""Read and write workspace settings."""

from typing import Any, TypeVar

from accounts.models import WorkspaceSetting
from accounts.settings_registry import SettingKey, all_settings, find

T = TypeVar("T")


def read_setting(setting: SettingKey[T]) -> T:
    """The workspace's value, or the default."""
    row = WorkspaceSetting.objects.filter(key=setting.key).first()
    return setting.default if row is None else row.value


def read_all() -> dict[str, Any]:
    """Every registered setting with its value or default, in one query."""
    chosen = dict(WorkspaceSetting.objects.values_list("key", "value"))
    return {setting.key: chosen.get(setting.key, setting.default) for setting in all_settings()}


def write_settings(*, values: dict[str, Any]) -> list[str]:
    """Store checked values; returns the keys that changed. Raises KeyError for an unknown key."""
    before = read_all()
    changed = [key for key, value in values.items() if before[find(key).key] != value]
    for key in changed:
        WorkspaceSetting.objects.update_or_create(key=key, defaults={"value": values[key]})
    return changed
