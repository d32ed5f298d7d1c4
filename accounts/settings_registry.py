"""The typed registry of workspace settings: key, type, default, label. Apps register theirs at start-up."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms

T = TypeVar("T")


@dataclass(frozen=True)
class SettingKey(Generic[T]):
    """One setting. `make_field` builds the form field that parses and checks its value.

    A secret is stored encrypted, told to nobody, and stays where its field is left empty.
    """

    key: str
    section: str
    label: str
    default: T
    make_field: Callable[[], forms.Field]
    help_text: str = ""
    is_secret: bool = False

    def field(self) -> forms.Field:
        field = self.make_field()
        field.label, field.help_text, field.required = self.label, self.help_text, False
        return field


_registered: dict[str, SettingKey[Any]] = {}


def register(*settings: SettingKey[Any]) -> None:
    """Add settings. Raises ValueError when a key is taken by another one."""
    for setting in settings:
        if _registered.setdefault(setting.key, setting) is not setting:
            raise ValueError(f"two settings are called {setting.key}")


def all_settings() -> Iterator[SettingKey[Any]]:
    """Every setting, in order of registration, which is the order of apps."""
    return iter(tuple(_registered.values()))


def find(key: str) -> SettingKey[Any]:
    """Raises KeyError for a key nobody registered."""
    return _registered[key]


def choice(*options: tuple[str, str]) -> Callable[[], forms.Field]:
    return lambda: forms.ChoiceField(choices=options)


def switch() -> forms.Field:
    return forms.BooleanField()


def whole_number(least: int, most: int) -> Callable[[], forms.Field]:
    return lambda: forms.IntegerField(min_value=least, max_value=most)


def text(length: int, validators: Sequence[Callable[[str], None]] = ()) -> Callable[[], forms.Field]:
    return lambda: forms.CharField(max_length=length, validators=list(validators))


TAKEN_OFF = "-"  # typed to take a secret off


def secret(length: int) -> Callable[[], forms.Field]:
    """For settings with `is_secret`; what is stored is never shown again."""
    return lambda: forms.CharField(max_length=length, widget=forms.PasswordInput(attrs={"autocomplete": "off"}))
