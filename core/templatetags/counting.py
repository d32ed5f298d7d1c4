"""The filter that gives a word for several things its form for one."""

from django import template

register = template.Library()

ENDINGS = (("ies", "y"), ("sses", "ss"), ("s", ""))


@register.filter
def singly(words: str, count: int) -> str:
    """The words as they are, and of one thing only: "addresses" is "address" then, and "tickets on copy" of one is
    "ticket on copy".
    """
    things, on, rest = words.partition(" on ")
    for ending, single in ENDINGS if count == 1 else ():
        if things.endswith(ending):
            return things.removesuffix(ending) + single + on + rest
    return words
