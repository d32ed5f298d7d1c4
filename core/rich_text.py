"""What people of the team write with formatting: HTML of a few harmless elements, safe to stand in a page of ours."""

import nh3

from core.html import sanitize_html

_TAGS = frozenset("p div br b strong i em u s code a ul ol li blockquote pre".split())


def clean_rich_text(html: str) -> str:
    """Only elements an editor makes, without styles, classes, pictures; links open elsewhere and tell nothing of us.

    Strangers' markup is balanced first, as mail is; nh3 has the last word. Cleaning twice is cleaning once.
    """
    return nh3.clean(
        sanitize_html(html).html,
        tags=set(_TAGS),
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
