"""Every operation fits Shopify's schema: the full one where it lies beside the project, the trimmed one always."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_client_schema,
    build_schema,
    parse,
    validate,
    visit,
)

from integrations.shopify.client import QUERIES, document

ROOT = Path(__file__).resolve().parents[3]
FULL = ROOT.parent / "shared" / "data" / "shopify" / "admin_2026-10.json.gz"
TRIMMED = ROOT / "demo" / "store" / "schema.graphql"
OPERATIONS = sorted(path.stem for path in QUERIES.glob("*.graphql"))


@pytest.fixture(scope="module")
def introspection() -> Any:
    """Shopify's own description of its API, or None where it is not at hand."""
    return json.loads(gzip.decompress(FULL.read_bytes()))["data"] if FULL.is_file() else None


@pytest.fixture(scope="module")
def schemas(introspection: Any) -> list[GraphQLSchema]:
    """The trimmed schema, and the full one where it is at hand."""
    trimmed = build_schema(TRIMMED.read_text(encoding="utf-8"))
    return [trimmed, build_client_schema(introspection, assume_valid=True)] if introspection else [trimmed]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operation_fits_the_schema(operation: str, schemas: list[GraphQLSchema]) -> None:
    parsed = parse(document(operation))

    assert [len(validate(schema, parsed)) for schema in schemas] == [0] * len(schemas)
    assert [type(definition) for definition in parsed.definitions] == [OperationDefinitionNode]


# Non-nullable fields that may be withheld take their parent along: each here is known to do no harm.
HARMLESS = {"CustomerEmailAddress.emailAddress", "CustomerPhoneNumber.phoneNumber", "Order.statusPageUrl"}


@pytest.mark.skipif(not FULL.is_file(), reason="Shopify's full schema is not on this machine")
def test_no_operation_dies_of_a_withheld_field(introspection: Any, schemas: list[GraphQLSchema]) -> None:
    deadly = {
        f"{entry['name']}.{field['name']}"
        for entry in introspection["__schema"]["types"]
        for field in entry.get("fields") or ()
        if field.get("isProtected") and field["type"]["kind"] == "NON_NULL"
    }
    types = TypeInfo(schemas[-1])
    asked = Asked(types)
    for operation in OPERATIONS:
        visit(parse(document(operation)), TypeInfoVisitor(types, asked))

    assert "Customer.displayName" in deadly
    assert asked.names & deadly == HARMLESS


class Asked(Visitor):
    """Collects "Type.field" of everything a document asks for."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.names: set[str] = set()
        self._types = types

    def enter_field(self, node: FieldNode, *rest: object) -> None:
        self.names.add(f"{self._types.get_parent_type()}.{node.name.value}")


def test_found_and_fetched_customers_have_the_same_fields() -> None:
    found, fetched = document("find_customers").split(), document("customer").split()

    assert found[found.index("id") :][:-1] == fetched[fetched.index("id") :]
