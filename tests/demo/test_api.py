"""The GraphQL API: who gets in, what is answered, and what it costs."""

from dataclasses import replace
from typing import Any

import pytest

from demo.store.serving import StoreHandle
from tests.demo.conftest import ACME, ANA, GLOBEX_KEY, LAYLA, Api

FIND = """query Find($q: String, $first: Int, $after: String, $reverse: Boolean = false) {
  customers(first: $first, after: $after, query: $q, sortKey: UPDATED_AT, reverse: $reverse) {
    nodes { id displayName updatedAt } pageInfo { hasNextPage endCursor } } }"""
CREATE = """mutation Create($input: CustomerInput!) {
  customerCreate(input: $input) { customer { id displayName tags } userErrors { field message } } }"""


def names(answer: Any) -> list[str]:
    return [node["displayName"] for node in answer["customers"]["nodes"]]


def test_api_refuses_a_wrong_token_with_a_text(api: Api) -> None:
    response = replace(api, token=GLOBEX_KEY).post("{ shop { name } }")

    assert response.status_code == 401
    assert response.json() == {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"}


def test_api_of_an_unknown_shop_is_not_found(api: Api) -> None:
    assert replace(api, shop="nobody.myshopify.com").post("{ shop { name } }").status_code == 404


@pytest.mark.parametrize(("version", "status"), [("2026-10", 200), ("2025-01", 200), ("2027-01", 404), ("latest", 404)])
def test_api_falls_forward_from_old_versions(api: Api, version: str, status: int) -> None:
    response = replace(api, version=version).post("{ shop { name } }")

    assert response.status_code == status
    assert response.headers["x-shopify-api-version"] == "2026-10"
    assert response.headers["x-request-id"]


def test_api_refuses_a_field_that_is_not_in_the_schema(api: Api) -> None:
    answer = api.ask("{ shop { moon } }")

    assert answer["errors"][0]["message"] == "Cannot query field 'moon' on type 'Shop'."
    assert "data" not in answer


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"query": 7}'])
def test_api_refuses_what_is_no_request(api: Api, body: bytes) -> None:
    url = f"/shops/{ACME}/admin/api/2026-10/graphql.json"
    response = api.http.post(url, content=body, headers={"X-Shopify-Access-Token": api.token})

    assert response.status_code == 400


def test_shops_are_apart(api: Api, globex_api: Api) -> None:
    assert api.data("{ shop { name currencyCode } }")["shop"] == {"name": "Acme Home & Garden", "currencyCode": "EUR"}
    assert globex_api.data("{ shop { name currencyCode } }")["shop"] == {"name": "Globex Bikes", "currencyCode": "USD"}
    assert globex_api.note(ANA.replace("7301", "7303")) != api.note(ANA)
    assert globex_api.data('{ customer(id: "%s") { id } }' % ANA)["customer"] is None  # noqa: UP031  braces of GraphQL


def test_customer_is_written_as_shopify_writes_it(api: Api) -> None:
    document = """query ($id: ID!) { customer(id: $id) { legacyResourceId numberOfOrders updatedAt
      defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } tags
      lastOrder { name currentTotalPriceSet { shopMoney { amount } } } } }"""
    ana = api.data(document, id=ANA)["customer"]
    layla = api.data(document, id=LAYLA)["customer"]

    assert ana["numberOfOrders"] == "3"
    assert ana["defaultEmailAddress"] == {"emailAddress": "ana.lopes@shopper.example"}
    assert ana["defaultPhoneNumber"] == {"phoneNumber": "+351912345678"}
    assert ana["lastOrder"]["name"] == "#1016"
    assert ana["lastOrder"]["currentTotalPriceSet"]["shopMoney"]["amount"] == "114.55"
    assert ana["updatedAt"].endswith("Z") and len(ana["updatedAt"]) == len("2026-10-01T10:00:00Z")
    assert layla["legacyResourceId"] == "9007199254741007" and int(layla["legacyResourceId"]) > 2**53


def test_order_shows_what_the_customer_saw(api: Api) -> None:
    document = """query ($q: String!) { orders(first: 5, query: $q) { nodes { name displayFulfillmentStatus
      totalPriceSet { shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }
      lineItems(first: 5) { nodes { title quantity image { url } } }
      fulfillments(first: 5) { trackingInfo(first: 5) { company number url } } } } }"""
    [order] = api.data(document, q="name:#1007")["orders"]["nodes"]

    assert order["totalPriceSet"]["shopMoney"] == {"amount": "148.0", "currencyCode": "EUR"}
    assert order["totalPriceSet"]["presentmentMoney"] == {"amount": "24198.0", "currencyCode": "JPY"}
    assert order["fulfillments"][0]["trackingInfo"][0]["number"] == "4012-3456-7890"
    assert api.http.get(order["lineItems"]["nodes"][0]["image"]["url"]).headers["content-type"] == "image/svg+xml"


def test_note_is_set_and_cleared(api: Api) -> None:
    before = api.data('{ customer(id: "%s") { updatedAt } }' % ANA)["customer"]["updatedAt"]  # noqa: UP031

    payload = api.set_note(ANA, "Rings twice.\nSecond line 🌻")

    assert payload["userErrors"] == []
    assert payload["customer"]["note"] == "Rings twice.\nSecond line 🌻"
    assert payload["customer"]["updatedAt"] > before
    assert api.set_note(ANA, "")["customer"]["note"] == ""
    assert api.set_note(ANA, None)["customer"]["note"] is None


def test_note_over_the_limit_is_a_user_error_and_changes_nothing(api: Api) -> None:
    assert api.set_note(ANA, "🌻" * 5000)["userErrors"] == []

    payload = api.set_note(ANA, "x" * 5001)

    message = "Note is too long (maximum is 5000 characters)"
    assert payload == {"customer": None, "userErrors": [{"field": ["note"], "message": message}]}
    assert api.note(ANA) == "🌻" * 5000


def test_update_of_an_unknown_customer_is_a_user_error(api: Api) -> None:
    payload = api.set_note("gid://shopify/Customer/1", "hello")

    assert payload == {"customer": None, "userErrors": [{"field": ["id"], "message": "Customer does not exist"}]}


@pytest.mark.parametrize(
    ("gid", "code"), [("7301000000001", "INVALID_VARIABLE"), ("gid://shopify/Order/1", "RESOURCE_NOT_FOUND")]
)
def test_wrong_kind_of_id_is_an_error(api: Api, gid: str, code: str) -> None:
    answer = api.ask("query ($id: ID!) { customer(id: $id) { id } }", id=gid)

    assert answer["errors"][0]["extensions"]["code"] == code


def test_variables_are_coerced_by_the_schema(api: Api) -> None:
    answer = api.ask(CREATE, input={"email": 7, "moon": True})

    assert len(answer["errors"]) == 2
    assert "data" not in answer


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('email:"ana.lopes@shopper.example"', ["Ana Lopes"]),
        ('phone:"+351912345678"', ["Ana Lopes"]),
        ("phone:351912345678", ["Ana Lopes"]),
        ('phone:"+33199001234"', ["Noémie Garnier", "Atelier Garnier"]),
        ('email:"nobody@shopper.example"', []),
        ("حداد", ["ليلى حداد"]),
        ('email:"ana.lopes@shopper.example" OR email:"mia@blomst.example"', ["Mia 🌻 Sørensen", "Ana Lopes"]),
    ],
)
def test_customers_are_found(api: Api, query: str, found: list[str]) -> None:
    assert names(api.data(FIND, q=query, first=50)) == found


def test_unknown_search_field_is_warned_of(api: Api) -> None:
    answer = api.ask(FIND, q="note:evening", first=50)

    assert len(answer["data"]["customers"]["nodes"]) == 10
    [warned] = answer["extensions"]["search"]
    assert warned["warnings"][0]["field"] == "note"


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        ({"emailAddress": "ANA.lopes@shopper.example"}, "Ana Lopes"),
        ({"phoneNumber": "+442079460123"}, "Tariq"),
        ({"id": LAYLA}, "ليلى حداد"),
        ({"phoneNumber": "+33199001234"}, None),  # Of addresses only; nobody's own number.
        ({"emailAddress": "nobody@mail.example"}, None),
    ],
)
def test_customer_by_identifier_is_exact(api: Api, identifier: dict[str, str], name: str | None) -> None:
    document = "query ($i: CustomerIdentifierInput!) { customerByIdentifier(identifier: $i) { displayName } }"
    customer = api.data(document, i=identifier)["customerByIdentifier"]

    assert (customer and customer["displayName"]) == name


def test_nodes_answers_null_for_a_deleted_customer(api: Api) -> None:
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Customer { note } } }"
    found = api.data(document, ids=[ANA, "gid://shopify/Customer/1"])["nodes"]

    assert found == [{"__typename": "Customer", "note": "Prefers evening delivery."}, None]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_pages_follow_each_other_without_gap_or_repetition(api: Api, is_reversed: bool) -> None:
    everybody = names(api.data(FIND, first=50, reverse=is_reversed))
    seen: list[str] = []
    after = None
    for _ in range(4):
        part = api.data(FIND, first=3, after=after, reverse=is_reversed)
        seen += names(part)
        after = part["customers"]["pageInfo"]["endCursor"]

    assert seen == everybody and len(seen) == 10
    assert part["customers"]["pageInfo"]["hasNextPage"] is False


def test_page_goes_on_when_its_last_customer_moved_meanwhile(api: Api) -> None:
    part = api.data(FIND, first=3)
    last = part["customers"]["nodes"][-1]
    api.set_note(last["id"], "Moved to the end.")

    rest = api.data(FIND, first=50, after=part["customers"]["pageInfo"]["endCursor"])

    assert len(rest["customers"]["nodes"]) == 8
    assert rest["customers"]["nodes"][-1]["id"] == last["id"]


def test_connection_needs_a_size(api: Api) -> None:
    assert api.ask(FIND)["errors"][0]["message"] == "you must provide one of first or last"
    assert api.ask(FIND, first=251)["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


def test_old_orders_need_a_scope_of_their_own(api: Api, store: StoreHandle) -> None:
    document = "query ($id: ID!) { customer(id: $id) { numberOfOrders orders(first: 50) { nodes { name } } } }"
    office = "gid://shopify/Customer/7301000000004"
    everything = api.data(document, id=office)["customer"]
    store.control(ACME, {"scopes": ["read_customers", "read_orders"]})

    visible = api.data(document, id=office)["customer"]

    assert everything["numberOfOrders"] == visible["numberOfOrders"] == "6"
    assert len(everything["orders"]["nodes"]) == 6
    assert len(visible["orders"]["nodes"]) == 4


def test_missing_scope_is_an_access_error(api: Api, store: StoreHandle) -> None:
    store.control(ACME, {"scopes": ["read_customers"]})

    answer = api.ask('mutation { customerUpdate(input: {id: "%s"}) { customer { id } } }' % ANA)  # noqa: UP031

    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert answer["data"] == {"customerUpdate": None}
    scopes = api.data("{ currentAppInstallation { accessScopes { handle } } }")["currentAppInstallation"][
        "accessScopes"
    ]
    assert scopes == [{"handle": "read_customers"}]


def test_protected_field_is_null_with_an_error(api: Api, store: StoreHandle) -> None:
    store.control(ACME, {"deny_fields": ["Customer.firstName"]})

    answer = api.ask("query ($id: ID!) { customer(id: $id) { firstName note } }", id=ANA)

    assert answer["data"]["customer"] == {"firstName": None, "note": "Prefers evening delivery."}
    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


def test_cost_is_charged_given_back_and_restored(api: Api, store: StoreHandle) -> None:
    store.control(ACME, {"bucket": {"maximum": 1000, "restore_rate": 0}})

    cost = api.ask(FIND, q="email:nobody", first=50)["extensions"]["cost"]

    assert cost["requestedQueryCost"] > cost["actualQueryCost"] > 0
    assert cost["throttleStatus"] == {
        "maximumAvailable": 1000.0,
        "currentlyAvailable": 1000.0 - cost["actualQueryCost"],
        "restoreRate": 0.0,
    }


def test_empty_bucket_throttles_with_status_200_until_it_fills(api: Api, store: StoreHandle) -> None:
    store.control(ACME, {"bucket": {"maximum": 20, "restore_rate": 0, "available": 9}})

    answer = api.ask('mutation SetNote { customerUpdate(input: {id: "%s", note: "x"}) { customer { id } } }' % ANA)  # noqa: UP031

    assert answer["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert "data" not in answer
    assert answer["extensions"]["cost"]["requestedQueryCost"] == 10
    assert answer["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"] == 9.0
    assert api.note(ANA) == "Prefers evening delivery."
    store.control(ACME, {"bucket": {"maximum": 20, "restore_rate": 20}})
    assert api.set_note(ANA, "x")["userErrors"] == []


def test_query_over_a_thousand_points_is_refused(api: Api) -> None:
    document = (
        "{ customers(first: 250) { nodes { orders(first: 50) { nodes { lineItems(first: 50) { nodes { id } } } } } } }"
    )

    answer = api.ask(document)

    assert answer["errors"][0]["extensions"]["code"] == "MAX_COST_EXCEEDED"


def test_customer_is_created_once_per_address(api: Api) -> None:
    words = {"email": "new@shopper.example", "firstName": "Nova", "phone": "+351 910 000 001", "tags": ["web", "web"]}
    made = api.data(CREATE, input=words)["customerCreate"]
    again = api.data(CREATE, input=words | {"email": "NEW@shopper.example"})["customerCreate"]
    nobody = api.data(CREATE, input={"note": "?"})["customerCreate"]

    assert made["customer"]["displayName"] == "Nova" and made["customer"]["tags"] == ["web"]
    assert [error["field"] for error in again["userErrors"]] == [["email"], ["phone"]]
    assert again["customer"] is None
    assert nobody["userErrors"] == [
        {"field": None, "message": "A name, phone number, or email address must be present"}
    ]


def test_tags_are_added_and_removed(api: Api) -> None:
    add = 'mutation ($id: ID!) { tagsAdd(id: $id, tags: ["gold"]) { node { id } userErrors { message } } }'
    remove = 'mutation ($id: ID!) { tagsRemove(id: $id, tags: ["VIP"]) { node { id } userErrors { message } } }'
    api.data(add, id=ANA)
    api.data(remove, id=ANA)

    assert api.data("query ($id: ID!) { customer(id: $id) { tags } }", id=ANA)["customer"]["tags"] == [
        "newsletter",
        "gold",
    ]


def test_discount_is_made_and_found_by_its_code(api: Api) -> None:
    create = """mutation ($d: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $d) {
      codeDiscountNode { id } userErrors { field message code } } }"""
    words = {
        "title": "Thanks",
        "code": "THANKS5",
        "startsAt": "2026-01-01T00:00:00Z",
        "context": {"customers": {"add": [ANA]}},
        "customerGets": {"value": {"percentage": 0.05}, "items": {"all": True}},
    }
    made = api.data(create, d=words)["discountCodeBasicCreate"]
    again = api.data(create, d=words)["discountCodeBasicCreate"]
    find = """query ($c: String!) { codeDiscountNodeByCode(code: $c) { id codeDiscount { __typename
      ... on DiscountCodeBasic { status shareableUrls { url } } ... on DiscountCodeFreeShipping { title } } } }"""

    assert made["userErrors"] == []
    assert again["userErrors"][0]["code"] == "TAKEN"
    found = api.data(find, c="thanks5")["codeDiscountNodeByCode"]
    assert found["id"] == made["codeDiscountNode"]["id"]
    assert found["codeDiscount"]["status"] == "ACTIVE"
    assert found["codeDiscount"]["shareableUrls"][0]["url"].endswith(f"/shops/{ACME}/discount/THANKS5")
    assert (
        api.data(find, c="SHIPFREE")["codeDiscountNodeByCode"]["codeDiscount"]["__typename"]
        == "DiscountCodeFreeShipping"
    )


def test_merge_joins_two_customers_a_moment_later(api: Api, store: StoreHandle) -> None:
    store.control(ACME, {"merge_seconds": 0.05})
    noemie, nobody = "gid://shopify/Customer/7301000000005", "gid://shopify/Customer/7301000000008"
    pair = {"a": noemie, "b": nobody}
    preview = """query ($a: ID!, $b: ID!) { customerMergePreview(customerOneId: $a, customerTwoId: $b) {
      resultingCustomerId defaultFields { note orderCount } customerMergeErrors { message } } }"""
    merge = """mutation ($a: ID!, $b: ID!) { customerMerge(customerOneId: $a, customerTwoId: $b) {
      resultingCustomerId job { id done } userErrors { message code } } }"""
    status = "query ($id: ID!) { customerMergeJobStatus(jobId: $id) { status resultingCustomerId } }"

    foreseen = api.data(preview, **pair)["customerMergePreview"]
    job = api.data(merge, **pair)["customerMerge"]
    seen = set()
    while "COMPLETED" not in seen:
        seen.add(api.data(status, id=job["job"]["id"])["customerMergeJobStatus"]["status"])

    assert foreseen["resultingCustomerId"] == job["resultingCustomerId"] == nobody
    assert foreseen["defaultFields"]["orderCount"] == "1"
    assert "FAILED" not in seen
    count = api.data("query ($id: ID!) { customer(id: $id) { numberOfOrders } }", id=nobody)["customer"]
    assert count == {"numberOfOrders": "1"}
    assert api.ask("query ($id: ID!) { customer(id: $id) { id } }", id=noemie)["data"]["customer"] is None


def test_merge_over_the_note_limit_is_blocked(api: Api) -> None:
    api.set_note(ANA, "a" * 3000)
    api.set_note(LAYLA, "b" * 3000)
    preview = """query ($a: ID!, $b: ID!) { customerMergePreview(customerOneId: $a, customerTwoId: $b) {
      blockingFields { note } customerMergeErrors { message } } }"""

    foreseen = api.data(preview, a=ANA, b=LAYLA)["customerMergePreview"]

    assert len(foreseen["blockingFields"]["note"]) == 6001
    assert foreseen["customerMergeErrors"][0]["message"] == "Merged note is over the 5000 character limit"
