"""More info stays as the agent left it."""

import pytest
from django.test import Client

MORE = "/acme/customers/card/more/"
PAGE = "/acme/sidebar/customers/1/"
OPEN = f'data-more="{MORE}" open>'

pytestmark = pytest.mark.usefixtures("ana")


def test_more_info_is_open_where_the_agent_left_it_open(as_ada: Client, as_bela: Client) -> None:
    assert OPEN not in as_ada.get(PAGE).content.decode()

    assert as_ada.post(MORE, {"open": "yes"}).status_code == 204

    assert OPEN in as_ada.get(PAGE).content.decode()
    assert OPEN not in as_bela.get(PAGE).content.decode()
    as_ada.post(MORE, {"open": "no"})
    assert OPEN not in as_ada.get(PAGE).content.decode()


def test_more_info_is_open_or_not(as_ada: Client) -> None:
    for data in ({}, {"open": "perhaps"}):
        assert as_ada.post(MORE, data).status_code == 400
    assert as_ada.get(MORE).status_code == 405


def test_more_info_of_acme_is_nothing_to_cleo(as_cleo: Client, as_ada: Client) -> None:
    assert as_cleo.post(MORE, {"open": "yes"}).status_code == 404

    as_cleo.post("/globex/customers/card/more/", {"open": "yes"})
    assert OPEN not in as_ada.get(PAGE).content.decode()
