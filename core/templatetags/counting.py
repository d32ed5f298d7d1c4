"""The filter that gives a word for several things its form for one."""

from django import template

register = template.Library()

ENDINGS = (("ies", "y"), ("sses", "ss"), ("s", ""))


@register.filter
def singly(words: str, count: int) -> str:
    """The words as they are, and of one thing only: "addresses" is "address" then, "copies" is "copy"."""
    for ending, single in ENDINGS if count == 1 else ():
        if words.endswith(ending):
            return words.removesuffix(ending) + single
    return words
