"""The tag that draws an icon into the page."""

from functools import lru_cache

from django import template
from django.template import Context
from django.template.base import FilterExpression, Node, Parser, TextNode, Token, Variable
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "", size: int = 16) -> SafeString:
    """A lucide icon as inline SVG, hidden from screen readers: the words beside it or a label say what it means.

    `size` is in CSS pixels. An unknown name raises `lucide.IconDoesNotExist`, so a typo fails in the first test.
    """
    return _draw(str(name), f"icon {css}".strip(), int(size))


_compile = register.tags["icon"]


@register.tag("icon")
def compile_icon(parser: Parser, token: Token) -> Node:
    """The tag `icon`: drawn once, when the template is read, where nothing in it can change."""
    node = _compile(parser, token)
    words = [*node.args, *node.kwargs.values()]
    is_fixed = node.target_var is None and all(_is_fixed(word) for word in words)
    return TextNode(node.render(Context())) if is_fixed else node


def _is_fixed(word: FilterExpression) -> bool:
    is_variable = isinstance(word.var, Variable) and word.var.lookups is not None
    return not is_variable and not word.filters


@lru_cache(maxsize=256)
def _draw(name: str, css: str, size: int) -> SafeString:
    attributes = {"class": css, "stroke_width": "1.75", "aria_hidden": "true", "focusable": "false"}
    return mark_safe(lucide(name, size=size, **attributes))  # noqa: S308  the library's own drawing
