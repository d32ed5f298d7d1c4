"""The trimmed schema is a part of Shopify's own, and every field of it is answered."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    OperationDefinitionNode,
    execute_sync,
    get_named_type,
    is_composite_type,
    parse,
    validate,
)

from demo.store import trimming
from demo.store.resolvers import RESOLVERS
from demo.store.resolvers.asking import Context
from demo.store.schema import NEEDED_SCOPES, SDL, executable_schema, resolve_field
from demo.store.seeding import ALL_SCOPES
from demo.store.world import open_world
from tests.demo.conftest import ACME, ANA

SHARED = Path(__file__).parents[3] / "shared"
FULL = SHARED / "data" / "shopify" / "admin_2026-10.json.gz"
OPERATIONS = SHARED / "reference" / "shopify_operations.graphql"
LEFT_OUT = {"BulkNotes", "BulkStatus"}  # Bulk operations are not part of the pretend store.


@cache
def full_schema() -> Any:
    return trimming.read_full(FULL)


def reference(kind: dict[str, Any]) -> str:
    if kind["kind"] == "NON_NULL":
        return f"{reference(kind['ofType'])}!"
    return f"[{reference(kind['ofType'])}]" if kind["kind"] == "LIST" else str(kind["name"])


@pytest.mark.skipif(not FULL.exists(), reason="the full schema of Shopify is not at hand")
def test_schema_is_what_trimming_makes_of_the_full_one() -> None:
    assert trimming.print_trimmed(full_schema()) == SDL.read_text()


@pytest.mark.skipif(not FULL.exists(), reason="the full schema of Shopify is not at hand")
def test_schema_has_every_type_field_and_argument_as_in_the_full_one() -> None:
    full = full_schema()["data"]["__schema"]["types"]
    theirs: dict[tuple[str, ...], str] = {}
    for kind in full:
        for field in [*(kind["fields"] or ()), *(kind["inputFields"] or ())]:
            theirs[(kind["name"], field["name"])] = reference(field["type"])
            for argument in field.get("args", ()):
                theirs[(kind["name"], field["name"], argument["name"])] = reference(argument["type"])
    values = {(kind["name"], each["name"]) for kind in full for each in kind["enumValues"] or ()}
    ours: dict[tuple[str, ...], str] = {}
    for name, our_kind in executable_schema().type_map.items():
        if name.startswith("__"):
            continue
        for field_name, our_field in getattr(our_kind, "fields", {}).items():
            ours[(name, field_name)] = str(our_field.type)
            arguments = getattr(our_field, "args", {}).items()
            ours |= {(name, field_name, argument): str(each.type) for argument, each in arguments}
        assert {(name, value) for value in getattr(our_kind, "values", ())} <= values

    assert ours.items() <= theirs.items()
    assert len(ours) > 500


def test_trimming_refuses_a_field_that_is_not_there() -> None:
    members = [{"name": "id", "args": [], "type": {"kind": "SCALAR", "name": "ID", "ofType": None}}]
    kind = {"kind": "OBJECT", "name": "Shop", "fields": members, "interfaces": [], "possibleTypes": None}
    full = {"data": {"__schema": {"types": [kind], "directives": [], "queryType": None, "mutationType": None}}}

    with pytest.raises(trimming.CannotTrim, match="Shop has no moon"):
        trimming.trim(full, {"Shop": {"moon"}})


@pytest.mark.skipif(not OPERATIONS.exists(), reason="the reference operations are not at hand")
def test_every_reference_operation_in_scope_validates() -> None:
    document = parse(OPERATIONS.read_text())
    kept = [
        each
        for each in document.definitions
        if not (isinstance(each, OperationDefinitionNode) and each.name and each.name.value in LEFT_OUT)
    ]
    document.definitions = tuple(kept)

    assert validate(executable_schema(), document) == []
    assert sum(isinstance(each, OperationDefinitionNode) for each in kept) == 22


def test_every_resolver_and_scope_belongs_to_a_field_of_the_schema() -> None:
    kinds = executable_schema().type_map
    known = {f"{name}.{field}" for name, kind in kinds.items() for field in getattr(kind, "fields", {})}
    # Four discount types share one set of resolvers, though not every one of them has all the fields.
    assert {each for each in RESOLVERS if not each.startswith("DiscountCode")} <= known
    assert NEEDED_SCOPES.keys() <= known


ARGUMENTS = {
    "customer": f'id: "{ANA}"',
    "customerByIdentifier": 'identifier: {emailAddress: "ana.lopes@shopper.example"}',
    "customerMergePreview": f'customerOneId: "{ANA}", customerTwoId: "gid://shopify/Customer/7301000000002"',
    "customerMergeJobStatus": 'jobId: "gid://shopify/Job/none"',
    "codeDiscountNodeByCode": 'code: "welcome10"',
    "node": f'id: "{ANA}"',
    "nodes": f'ids: ["{ANA}", "gid://shopify/Order/6101000001003"]',
    "order": 'id: "gid://shopify/Order/6101000001003"',
    "product": 'id: "gid://shopify/Product/8101000000001"',
    "productVariant": 'id: "gid://shopify/ProductVariant/81010000000011"',
    "webhookSubscription": 'id: "gid://shopify/WebhookSubscription/1"',
}


def everything(kind: Any, depth: int) -> str:
    """A selection of all fields of a type, as deep as asked."""
    if isinstance(kind, GraphQLUnionType):
        return " ".join(
            f"... on {each.name} {{ {each.name}: __typename {everything(each, depth)} }}" for each in kind.types
        )
    words = ["__typename"]
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        sizes = "(first: 3)" if "first" in field.args else ""
        if not is_composite_type(inner):
            words.append(name)
        elif depth:
            words.append(f"{name}{sizes} {{ {everything(inner, depth - 1)} }}")
    return " ".join(words)


@pytest.mark.parametrize("name", sorted(executable_schema().query_type.fields))  # type: ignore[union-attr]  # it has one
def test_every_kept_field_can_be_read(name: str) -> None:
    world = open_world(public_url="http://127.0.0.1:1")
    root = executable_schema().query_type
    assert isinstance(root, GraphQLObjectType)
    field = root.fields[name]
    given = [ARGUMENTS[name]] if name in ARGUMENTS else []
    given += ["first: 5"] if "first" in field.args else []
    needed = {arg for arg, each in field.args.items() if isinstance(each.type, GraphQLNonNull)}
    inner = get_named_type(field.type)
    written = f"({', '.join(given)})" if given else ""
    document = parse(f"{{ {name}{written} {{ {everything(inner, 3)} }} }}")

    result = execute_sync(
        executable_schema(),
        document,
        context_value=Context(world, world.shops[ACME], frozenset(ALL_SCOPES)),
        field_resolver=resolve_field,
    )

    assert not needed or name in ARGUMENTS
    assert result.errors is None, result.errors
    assert isinstance(document.definitions[0], OperationDefinitionNode)
    assert isinstance(document.definitions[0].selection_set.selections[0], FieldNode)
