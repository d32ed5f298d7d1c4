"""Icons in the page."""

import pytest
from django.template import Context, Template
from django.template.base import TextNode
from lucide import IconDoesNotExist

from core.templatetags.icon import icon


def test_icon_is_silent_and_styled_by_class() -> None:
    drawn = icon("inbox", css="rail__icon", size=20)

    assert drawn.startswith("<svg")
    assert 'aria-hidden="true"' in drawn
    assert 'class="icon rail__icon"' in drawn
    assert 'width="20"' in drawn
    assert "style=" not in drawn


def test_unknown_icon_is_an_error() -> None:
    with pytest.raises(IconDoesNotExist):
        icon("no-such-icon")


def test_an_icon_is_drawn_once_when_nothing_in_it_can_change() -> None:
    fixed = Template('{% icon "inbox" size=20 %}')
    chosen = Template('{% icon "inbox" size=size %}{% icon "mail-x"|cut:end size=12 %}')

    assert [type(node) for node in fixed.nodelist] == [TextNode]
    assert fixed.render(Context()) == icon("inbox", size=20)
    assert chosen.render(Context({"size": 8, "end": "-x"})) == icon("inbox", size=8) + icon("mail", size=12)
    assert chosen.render(Context({"size": 9, "end": "."})) == icon("inbox", size=9) + icon("mail-x", size=12)


def test_a_kept_icon_is_one_of_its_own() -> None:
    drawn = Template('{% icon "inbox" as kept %}[{{ kept }}]').render(Context())

    assert drawn == f"[{icon('inbox')}]"
