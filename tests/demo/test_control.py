"""The control call: making the store misbehave, and reading what it saw."""

import time

import httpx
import pytest

from demo.store.serving import StoreHandle
from tests.demo.conftest import ACME, ANA, FRESH_KEY, GLOBEX, LAYLA, Api

SET = (
    "mutation SetNote($id: ID!, $note: String) { customerUpdate(input: {id: $id, note: $note}) { customer { note } } }"
)


def test_throttle_hits_the_next_calls_of_one_operation(api: Api, store: StoreHandle) -> None:
    store.control(ACME, {"throttle": {"count": 2, "operation": "SetNote"}})

    answers = [api.ask(SET, id=ANA, note="x") for _ in range(3)]

    assert [answer.get("errors", [{}])[0].get("extensions", {}).get("code") for answer in answers] == [
        "THROTTLED",
        "THROTTLED",
        None,
    ]
    assert api.note(ANA) == "x"


@pytest.mark.parametrize("status", [402, 403, 404, 423, 429, 500, 503])
def test_refusal_answers_a_text_and_does_nothing(api: Api, store: StoreHandle, status: int) -> None:
    store.control(ACME, {"refuse": {"status": status}})

    response = api.post(SET, {"id": ANA, "note": "x"})

    assert response.status_code == status
    assert isinstance(response.json()["errors"], str)
    assert ("retry-after" in response.headers) == (status == 429)
    assert api.note(ANA) == "Prefers evening delivery."


@pytest.mark.parametrize(("when", "note"), [("before", "Prefers evening delivery."), ("after", "x")])
def test_hang_is_silent_before_or_after_the_work(api: Api, store: StoreHandle, when: str, note: str) -> None:
    store.control(ACME, {"hang": {"seconds": 0.3, "when": when}})

    with pytest.raises(httpx.ReadTimeout):
        api.http.post(
            f"/shops/{ACME}/admin/api/2026-10/graphql.json",
            json={"query": SET, "variables": {"id": ANA, "note": "x"}},
            headers={"X-Shopify-Access-Token": api.token},
            timeout=0.1,
        )

    time.sleep(0.3)
    assert api.note(ANA) == note


def test_expired_token_is_refused_and_a_new_one_works(api: Api, store: StoreHandle) -> None:
    store.control(ACME, {"expire_token": True})
    expired = api.post("{ shop { name } }").status_code
    store.control(ACME, {"token": {"value": FRESH_KEY}})
    api.token = FRESH_KEY

    assert expired == 401
    assert api.data("{ shop { name } }")


def test_foreign_note_lands_between_reading_and_writing(api: Api, store: StoreHandle) -> None:
    store.control(ACME, {"foreign_note": {"customer": ANA, "text": "The merchant was quicker."}})
    api.set_note(LAYLA, "somebody else")
    api.set_note(ANA, "mine")
    api.set_note(ANA, "mine again")

    writes = store.report(ACME)["note_writes"]["7301000000001"]

    assert [(entry["by"], entry["text"]) for entry in writes] == [
        ("foreign", "The merchant was quicker."),
        ("api", "mine"),
        ("api", "mine again"),
    ]


def test_report_counts_requests_by_operation(api: Api, store: StoreHandle) -> None:
    api.note(ANA)
    api.set_note(ANA, "x")
    api.set_note("gid://shopify/Customer/1", "x")
    api.ask("query Wrong { moon }")

    report = store.report(ACME)

    assert report["requests"] == {"NoteOnly": 1, "SetNote": 2, "Wrong": 1}
    assert [entry["outcome"] for entry in report["request_log"]] == ["ok", "ok", "user_errors", "errors"]
    assert store.report(GLOBEX)["requests"] == {}


def test_reset_forgets_everything(api: Api, store: StoreHandle) -> None:
    store.control(ACME, {"throttle": 5, "add_customer": {"email": "x@mail.example"}, "secret": "other"})
    store.reset()

    report = store.report(ACME)

    assert report["planned"] == [] and report["requests"] == {}
    assert report["customers"] == 10 and report["orders"] == 16


@pytest.mark.parametrize(
    ("verbs", "reason"),
    [
        ({"dance": True}, "unknown verb dance"),
        ({"throttle": {"often": 3}}, "often"),
        ({"edit_customer": {"customer": "nobody", "note": "x"}}, "no customer nobody"),
        ({"edit_customer": {"customer": ANA, "note": "x" * 5001}}, "Note is too long"),
        ({"edit_customer": {"customer": ANA, "moon": "x"}}, "moon"),
        ({"delete_customer": ANA}, "associated orders"),
        ({"change_order": {"order": 1, "note": "x"}}, "no order 1"),
    ],
)
def test_bad_verb_is_refused_with_its_reason(store: StoreHandle, verbs: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        store.control(ACME, verbs)


def test_control_of_an_unknown_shop_is_not_found(http: httpx.Client) -> None:
    assert http.get("/shops/nobody.myshopify.com/control").status_code == 404
    assert http.post(f"/shops/{ACME}/control", content=b"{").status_code == 400
