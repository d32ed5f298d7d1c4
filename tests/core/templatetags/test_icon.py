"""Icons in the page."""

import pytest
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
