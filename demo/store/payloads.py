"""The bodies of webhooks, in the REST shape Shopify still sends: snake case, numeric ids, the shop's own offset.

The keys follow Shopify's documented samples; what the pretend store does not know is null or empty there, as Shopify
itself leaves it.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from demo.store import clock, money
from demo.store.records import Address, Customer, LineItem, Merge, Order, ShopState

Payload: TypeAlias = dict[str, Any]

FINANCIAL = {"PARTIALLY_PAID": "partially_paid", "PARTIALLY_REFUNDED": "partially_refunded"}
FULFILLMENT = {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial", "RESTOCKED": "restocked"}


def gid(kind: str, number: int | str) -> str:
    """Shopify's global id, such as `gid://shopify/Customer/7301000000001`."""
    return f"gid://shopify/{kind}/{number}"


def customer_body(shop: ShopState, customer: Customer) -> Payload:
    """`customers/create` and `customers/update`: without tags and totals, as since 2025-01."""
    body = _customer_core(shop, customer)
    body["addresses"] = [_address(address, customer) for address in customer.addresses]
    return body


def _customer_core(shop: ShopState, customer: Customer) -> Payload:
    body: Payload = {
        "id": customer.id,
        "created_at": _stamp(shop, customer.created_at),
        "updated_at": _stamp(shop, customer.updated_at),
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "state": customer.state.lower(),
        "note": customer.note,
        "verified_email": customer.verified_email,
        "multipass_identifier": None,
        "tax_exempt": customer.tax_exempt,
        "email": customer.email,
        "phone": customer.phone,
        "currency": shop.currency,
        "tax_exemptions": [],
        "admin_graphql_api_id": gid("Customer", customer.id),
    }
    if customer.addresses:
        body["default_address"] = _address(customer.addresses[0], customer)
    return body


def deleted_customer_body(customer_id: int) -> Payload:
    """`customers/delete`."""
    return {"id": customer_id, "tax_exemptions": [], "admin_graphql_api_id": gid("Customer", customer_id)}


def merge_body(merge: Merge) -> Payload:
    """`customers/merge`, for a merge that came through and for one that failed."""
    errors = [{"customer_ids": [merge.kept_id], "field": "note", "message": text} for text in merge.errors]
    return {
        "admin_graphql_api_customer_kept_id": gid("Customer", merge.kept_id),
        "admin_graphql_api_customer_deleted_id": gid("Customer", merge.lost_id),
        "admin_graphql_api_job_id": gid("Job", merge.id),
        "status": merge.status.lower(),
        "errors": errors,
    }


def tags_body(customer_id: int, tags: list[str], at: datetime) -> Payload:
    """`customer.tags_added` and `customer.tags_removed`: the newer shape, in camel case."""
    return {"customerId": gid("Customer", customer_id), "tags": tags, "occurredAt": clock.in_api(at)}


def shop_body(shop: ShopState) -> Payload:
    """`app/uninstalled`: the shop."""
    return {
        "id": shop.id,
        "name": shop.name,
        "email": shop.email,
        "domain": shop.domain,
        "myshopify_domain": shop.domain,
        "customer_email": shop.email,
        "shop_owner": shop.owner,
        "currency": shop.currency,
        "iana_timezone": shop.timezone,
        "created_at": _stamp(shop, shop.created_at),
        "updated_at": _stamp(shop, shop.created_at),
        "plan_display_name": shop.plan,
        "plan_name": shop.plan.lower(),
        "primary_locale": "en",
        "has_storefront": True,
    }


def order_body(shop: ShopState, order: Order, customer: Customer | None, status_url: str) -> Payload:
    """`orders/create` and `orders/updated`."""
    body = _order_facts(shop, order, status_url) | _order_sums(shop, order)
    body["line_items"] = [_line_item(shop, order, item) for item in order.items]
    body["fulfillments"] = [_fulfillment(shop, order, place) for place in range(len(order.fulfillments))]
    body["customer"] = _customer_core(shop, customer) if customer else None
    address = _address(order.address, customer) if order.address else None
    return body | {"shipping_address": address, "billing_address": address, "refunds": [], "tax_lines": []}


def _order_facts(shop: ShopState, order: Order, status_url: str) -> Payload:
    return {
        "id": order.id,
        "admin_graphql_api_id": gid("Order", order.id),
        "name": f"#{order.number}",
        "number": order.number - 1000,
        "order_number": order.number,
        "token": order.token,
        "email": order.email or "",
        "contact_email": order.email,
        "phone": order.phone,
        "created_at": _stamp(shop, order.created_at),
        "processed_at": _stamp(shop, order.created_at),
        "updated_at": _stamp(shop, order.updated_at),
        "cancelled_at": _stamp(shop, order.cancelled_at),
        "cancel_reason": order.cancel_reason.lower() if order.cancel_reason else None,
        "closed_at": _stamp(shop, order.closed_at),
        "confirmed": True,
        "test": False,
        "financial_status": FINANCIAL.get(order.financial_status, order.financial_status.lower()),
        "fulfillment_status": FULFILLMENT.get(order.fulfillment_status),
        "note": order.note,
        "note_attributes": [{"name": each.key, "value": each.value} for each in order.attributes],
        "tags": ", ".join(order.tags),
        "discount_codes": [{"code": code, "amount": "0.00", "type": "percentage"} for code in order.discount_codes],
        "cart_token": order.cart_token,
        "checkout_token": order.checkout_token,
        "order_status_url": status_url,
        "source_name": "web",
    }


def _order_sums(shop: ShopState, order: Order) -> Payload:
    sums = {
        "current_total_price": money.current_total(order),
        "current_subtotal_price": money.subtotal(order),
        "subtotal_price": money.subtotal(order),
        "total_price": money.total(order),
        "total_discounts": order.discount,
        "total_line_items_price": money.total_of_items(order.items),
    }
    body: Payload = {"currency": shop.currency, "presentment_currency": order.presentment_currency or shop.currency}
    for name, amount in sums.items():
        body[name] = money.in_webhook(amount, shop.currency)
        body[f"{name}_set"] = _money_set(shop, order, amount)
    body["total_shipping_price_set"] = _money_set(shop, order, order.shipping_price)
    return body


def _line_item(shop: ShopState, order: Order, item: LineItem) -> Payload:
    return {
        "id": item.id,
        "admin_graphql_api_id": gid("LineItem", item.id),
        "title": item.title,
        "name": f"{item.title} - {item.variant_title}" if item.variant_title else item.title,
        "variant_title": item.variant_title,
        "variant_id": item.variant_id,
        "product_id": item.product_id,
        "sku": item.sku,
        "quantity": item.quantity,
        "current_quantity": item.quantity,
        "price": money.in_webhook(item.price, shop.currency),
        "price_set": _money_set(shop, order, item.price),
        "requires_shipping": True,
        "properties": [],
    }


def _fulfillment(shop: ShopState, order: Order, place: int) -> Payload:
    parcel = order.fulfillments[place]
    return {
        "id": parcel.id,
        "admin_graphql_api_id": gid("Fulfillment", parcel.id),
        "order_id": order.id,
        "name": f"#{order.number}.{place + 1}",
        "status": parcel.status.lower(),
        "shipment_status": parcel.display_status.lower(),
        "created_at": _stamp(shop, parcel.created_at),
        "updated_at": _stamp(shop, parcel.delivered_at or parcel.created_at),
        "tracking_company": parcel.tracking[0].company if parcel.tracking else None,
        "tracking_numbers": [each.number for each in parcel.tracking],
        "tracking_urls": [each.url for each in parcel.tracking],
    }


def _money_set(shop: ShopState, order: Order, amount: Decimal) -> Payload:
    shown = order.presentment_currency or shop.currency
    presented = money.presented(amount, order)
    return {
        "shop_money": {"amount": money.in_webhook(amount, shop.currency), "currency_code": shop.currency},
        "presentment_money": {"amount": money.in_webhook(presented, shown), "currency_code": shown},
    }


def _address(address: Address, customer: Customer | None) -> Payload:
    return {
        "id": address.id,
        "customer_id": customer.id if customer else None,
        "first_name": address.first_name,
        "last_name": address.last_name,
        "name": " ".join(filter(None, (address.first_name, address.last_name))),
        "company": address.company,
        "address1": address.address1,
        "address2": address.address2,
        "city": address.city,
        "province": address.province,
        "province_code": address.province_code,
        "country": address.country,
        "country_name": address.country,
        "country_code": address.country_code,
        "zip": address.zip,
        "phone": address.phone,
        "default": customer is not None and address in customer.addresses[:1],
    }


def _stamp(shop: ShopState, moment: datetime | None) -> str | None:
    return clock.in_webhook(moment, shop.timezone) if moment else None
