"""Every operation fits Shopify's schema: the full one where it lies beside the project, the trimmed one always."""

import gzip
import json
from pathlib import Path

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_client_schema, build_schema, parse, validate

from integrations.shopify.client import QUERIES, document

ROOT = Path(__file__).resolve().parents[3]
FULL = ROOT.parent / "shared" / "data" / "shopify" / "admin_2026-10.json.gz"
TRIMMED = ROOT / "demo" / "store" / "schema.graphql"
OPERATIONS = sorted(path.stem for path in QUERIES.glob("*.graphql"))


@pytest.fixture(scope="module")
def schemas() -> list[GraphQLSchema]:
    trimmed = build_schema(TRIMMED.read_text(encoding="utf-8"))
    if not FULL.is_file():
        return [trimmed]
    return [trimmed, build_client_schema(json.loads(gzip.decompress(FULL.read_bytes()))["data"])]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operation_fits_the_schema(operation: str, schemas: list[GraphQLSchema]) -> None:
    parsed = parse(document(operation))

    assert [len(validate(schema, parsed)) for schema in schemas] == [0] * len(schemas)
    assert [type(definition) for definition in parsed.definitions] == [OperationDefinitionNode]


def test_found_and_fetched_customers_have_the_same_fields() -> None:
    found, fetched = document("find_customers").split(), document("customer").split()

    assert found[found.index("id") :][:-1] == fetched[fetched.index("id") :]
