"""Every URL pattern of the product, with its parts named."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Page:
    """One pattern: its namespace ("" for none), its name and the names of the parts in its path."""

    namespace: str
    name: str
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.namespace}:{self.name}" if self.namespace else self.name

    def url(self, ids: dict[tuple[str, str], Any]) -> str:
        """The path below the workspace, with ids filled in. Raises KeyError for a part that `ids` does not know."""
        values = {part: ids[self.namespace, part] for part in self.parts}
        return reverse(str(self), kwargs=values)


def pages() -> list[Page]:
    """All of them, born today or not."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[Any], namespace: str) -> Iterator[Page]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, pattern.namespace or namespace)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern.pattern} has no name"
            yield Page(namespace, pattern.name, tuple(pattern.pattern.regex.groupindex))
