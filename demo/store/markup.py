"""HTML as a tree of calls: texts are escaped, attributes that are None or False are left out."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import TypeAlias

VOID = frozenset({"input", "img", "meta", "link", "br", "hr"})


class Markup(str):
    """HTML that is ready to be sent."""


Child: TypeAlias = "str | Markup | Iterable[Child] | None"
Attributes: TypeAlias = Mapping[str, str | int | bool | None]


def el(tag: str, attributes: Attributes | None = None, *children: Child) -> Markup:
    """One element."""
    written = "".join(_attribute(name, value) for name, value in (attributes or {}).items())
    if tag in VOID:
        return Markup(f"<{tag}{written}>")
    return Markup(f"<{tag}{written}>{join(children)}</{tag}>")


def join(children: Iterable[Child]) -> Markup:
    """Elements and texts one after the other."""
    return Markup("".join(_text(child) for child in children))


def _text(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    return escape(child) if isinstance(child, str) else join(child)


def _attribute(name: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
