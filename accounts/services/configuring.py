"""Read and write workspace settings."""

from typing import Any, TypeVar

from django.db import transaction

from accounts.happenings import Happening, tell
from accounts.kinds import SYSTEM, Actor
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


def write_settings(*, values: dict[str, Any], actor: Actor = SYSTEM) -> list[str]:
    """Store checked values; returns the keys that changed. Raises KeyError for an unknown key."""
    with transaction.atomic():
        before = read_all()
        changed = [key for key, value in values.items() if before[find(key).key] != value]
        for key in changed:
            row, _ = WorkspaceSetting.objects.update_or_create(key=key, defaults={"value": values[key]})
            setting = find(key)
            label = f"{setting.section}: {setting.label}"
            data = {"key": key, "label": label, "before": before[key], "after": values[key]}
            tell(Happening.SETTING_CHANGED, subject=row, actor=actor, data=data)
    return changed
