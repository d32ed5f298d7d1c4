"""Languages by their codes (BCP 47: pt, pt-BR, zh-Hant) and their names, as far as Django's own list goes."""

import re
from functools import cache

from django.conf.locale import LANG_INFO

from core.text import fold

_CODE = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?", re.IGNORECASE | re.ASCII)
# Scripts and dialects that are no languages of people, or stand there twice.
_LEFT_OUT = frozenset({"io", "ia", "zh-cn", "zh-tw", "zh-hk", "zh-mo", "zh-sg", "zh-my"})


class NotALanguage(ValueError):
    """Neither a code nor a name that is known."""


@cache
def language_names() -> dict[str, str]:
    """English names by code, in the order of the names."""
    known = {_spelled(code): str(info["name"]) for code, info in LANG_INFO.items() if _is_known(code, info)}
    return dict(sorted(known.items(), key=lambda one: one[1]))


def normalize_language(typed: str) -> str:
    """The code of what was typed as a code or as a name, in English or in the language itself. Raises NotALanguage."""
    typed = typed.strip().replace("_", "-")
    if code := _codes_by_name().get(fold(typed)):
        return code
    if not _CODE.fullmatch(typed):
        raise NotALanguage(typed[:100])
    return _spelled(typed)


def language_name(code: str) -> str:
    """The name, of a dialect nobody lists the language's and the rest of the code; an unknown code stays as it is."""
    names = language_names()
    if code in names:
        return names[code]
    language, _, rest = code.partition("-")
    return f"{names[language]} ({rest})" if language in names and rest else code


@cache
def _codes_by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, info in LANG_INFO.items():
        if _is_known(code, info):
            for name in (info["name"], info["name_local"]):
                found.setdefault(fold(name), _spelled(code))
    return found


def _is_known(code: str, info: dict[str, object]) -> bool:
    return "name" in info and code not in _LEFT_OUT


def _spelled(code: str) -> str:
    """Language in lower case, script with a capital, country in capitals."""
    parts = code.lower().split("-")
    return "-".join([parts[0], *(part.capitalize() if len(part) == 4 else part.upper() for part in parts[1:])])
