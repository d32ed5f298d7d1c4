"""The pages of merchant and shopper."""

import re

import httpx
import pytest

from demo.store.serving import StoreHandle
from tests.demo.conftest import ACME, ANA, GLOBEX, Api
from tests.demo.receiver import Receiver

ADMIN = f"/shops/{ACME}/admin"
ANA_PAGE = f"{ADMIN}/customers/7301000000001"


def test_every_linked_page_of_the_store_answers(http: httpx.Client) -> None:
    waiting, seen = ["/"], set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        response = http.get(path)
        assert response.status_code == 200, path
        assert "Pretend store · fiction" in response.text or path.endswith((".css", ".svg"))
        waiting += re.findall(r'(?:href|src)="(/[^"]*)"', response.text)

    assert len(seen) > 70


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/shops/nobody.myshopify.com/",
        "/shops/nobody.myshopify.com/admin/customers",
        f"{ADMIN}/customers/1",
        f"{ADMIN}/customers/x",
        f"{ADMIN}/orders/1",
        f"/shops/{ACME}/products/moon",
        f"/shops/{ACME}/orders/moon",
        f"/shops/{GLOBEX}/admin/customers/7301000000001",
    ],
)
def test_unknown_page_is_not_found(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code == 404
    assert http.delete("/healthz").status_code == 405


def test_merchant_saves_a_note_as_a_browser_sends_it(api: Api, receiver: Receiver) -> None:
    response = api.http.post(f"{ANA_PAGE}/note", data={"note": "Line one\r\n<b>Line two</b>"}, follow_redirects=True)

    [webhook] = receiver.wait_for(1)

    assert api.note(ANA) == "Line one\r\n<b>Line two</b>"
    assert webhook.body["note"] == "Line one\r\n<b>Line two</b>"
    assert "Saved" in response.text
    assert "&lt;b&gt;Line two" in response.text and "<b>Line two" not in response.text


def test_note_over_the_limit_is_shown_and_nothing_is_lost(http: httpx.Client, api: Api) -> None:
    response = http.post(f"{ANA_PAGE}/note", data={"note": "typed " * 1000})

    assert response.status_code == 422
    assert "Note is too long" in response.text and response.text.count("typed ") == 1000
    assert api.note(ANA) == "Prefers evening delivery."


def test_customers_are_searched(http: httpx.Client) -> None:
    page = http.get(f"{ADMIN}/customers", params={"q": "phone:+33199001234"}).text

    assert "Noémie Garnier" in page and "Atelier Garnier" in page and "Ana Lopes" not in page


def test_merchant_plays_with_orders_and_customers(http: httpx.Client, store: StoreHandle) -> None:
    http.post(f"{ANA_PAGE}/order")
    http.post(f"{ADMIN}/orders/6101000001016", data={"fulfillment_status": "FULFILLED", "id": "7"})
    kept = http.post(f"{ANA_PAGE}/delete")
    http.post(f"{ADMIN}/customers/7301000000008/delete")

    report = store.report(ACME)

    assert (report["orders"], report["customers"]) == (17, 9)
    assert kept.status_code == 422 and "associated orders" in kept.text
    assert "Fulfilled" in http.get(f"{ADMIN}/orders/6101000001016").text


def test_app_is_uninstalled_and_installed_on_its_page(http: httpx.Client, api: Api) -> None:
    http.post(f"{ADMIN}/app", data={"verb": "uninstall"})
    gone = api.post("{ shop { name } }").status_code
    http.post(f"{ADMIN}/app", data={"verb": "install"})

    assert gone == 401
    assert api.post("{ shop { name } }").status_code == 200


def test_shopper_fills_a_cart_and_orders(http: httpx.Client, receiver: Receiver) -> None:
    shop = f"/shops/{ACME}"
    http.post(f"{shop}/cart/add", data={"id": "81010000000011"})
    http.post(f"{shop}/cart/add.js", json={"id": 81010000000031, "quantity": 2})
    http.post(f"{shop}/cart/update.js", json={"attributes": {"__helpdesk_visitor": "v1"}})
    cart = http.get(f"{shop}/cart.js").json()
    page = http.get(f"{shop}/cart").text
    done = http.post(f"{shop}/checkout", data={"email": "ana.lopes@shopper.example"}, follow_redirects=True)

    [order] = receiver.wait_for(1, topic="orders/create")

    assert (cart["item_count"], cart["total_price"], cart["currency"]) == (3, 7000, "EUR")
    assert "Cart (3)" in page and "70.00 EUR" in page
    assert "Order #1017" in done.text
    assert order.body["cart_token"] == cart["token"]
    assert order.body["note_attributes"] == [{"name": "__helpdesk_visitor", "value": "v1"}]
    assert http.get(f"{shop}/cart.js").json()["item_count"] == 0


def test_discount_link_stays_in_the_shop(http: httpx.Client) -> None:
    response = http.get(f"/shops/{ACME}/discount/WELCOME10", params={"redirect": "//elsewhere.example/x"})

    assert response.headers["location"] == f"/shops/{ACME}/elsewhere.example/x"
