"""Read and write workspace settings."""

from typing import Any, TypeVar

from django.db import transaction

from accounts.happenings import Happening, tell
from accounts.kinds import SYSTEM, Actor
from accounts.models import WorkspaceSetting
from accounts.settings_registry import TAKEN_OFF, SettingKey, all_settings, find
from core import crypto

T = TypeVar("T")


def read_setting(setting: SettingKey[T]) -> T:
    """The workspace's value, or the default."""
    row = WorkspaceSetting.objects.filter(key=setting.key).first()
    return setting.default if row is None else row.value


def read_secret(setting: SettingKey[str]) -> str:
    """What is stored encrypted; "" where nothing is. Raises crypto.Undecryptable."""
    token = read_setting(setting)
    return crypto.decrypt(token) if token else ""


def read_all() -> dict[str, Any]:
    """Every registered setting with its value or default, in one query; secrets as they are stored."""
    chosen = dict(WorkspaceSetting.objects.values_list("key", "value"))
    return {setting.key: chosen.get(setting.key, setting.default) for setting in all_settings()}


def write_settings(*, values: dict[str, Any], actor: Actor = SYSTEM) -> list[str]:
    """Store checked values; returns the keys that changed. Raises KeyError for an unknown key."""
    with transaction.atomic():
        before = read_all()
        changed = [key for key, value in values.items() if before[find(key).key] != value]
        for key in changed:
            setting = find(key)
            value = _encrypted(values[key]) if setting.is_secret else values[key]
            row, _ = WorkspaceSetting.objects.update_or_create(key=key, defaults={"value": value})
            label = f"{setting.section}: {setting.label}"
            said = [_worded(setting, one) for one in (before[key], value)]
            data = {"key": key, "label": label, "before": said[0], "after": said[1]}
            tell(Happening.SETTING_CHANGED, subject=row, actor=actor, data=data)
    return changed


def _encrypted(typed: str) -> str:
    return "" if typed in ("", TAKEN_OFF) else crypto.encrypt(typed)


def _worded(setting: SettingKey[Any], value: Any) -> Any:
    """What may be told of a value: of a secret, whether there is one."""
    return ("set" if value else "") if setting.is_secret else value
