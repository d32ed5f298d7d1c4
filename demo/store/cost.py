"""What a request costs, in the points Shopify meters: asked for beforehand, and used when the answer is there.

Shopify publishes the parts (scalar 0, object 1, mutation 10, connection "by first and last") but not how a connection
grows. The curve below is linear up to ten and nearly flat beyond, which fits the few costs seen in public (10 nodes:
12, 250 nodes of two objects: 24). It is a fit, not Shopify's own.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

SINGLE_QUERY_LIMIT = 1000
MUTATION_COST = 10
CONNECTION_COST = 2
PASSED_THROUGH = frozenset({"edges", "pageInfo"})


def requested_cost(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> int:
    """Points charged before execution, for a document that was found valid."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    if operation.operation is OperationType.MUTATION:
        return MUTATION_COST * len(operation.selection_set.selections)
    root = schema.query_type
    meter = _Meter(schema, fragments, variables)
    return math.ceil(meter.selections(root, operation.selection_set))


def used_cost(answer: Any, requested: int, operation: OperationDefinitionNode) -> int:
    """Points after execution: the objects that were really there, never more than was asked for."""
    if operation.operation is OperationType.MUTATION:
        return requested
    return min(requested, max(_weigh(answer) - 1, 1))


def _weigh(answer: Any) -> int:
    if isinstance(answer, list):
        return sum(map(_weigh, answer))
    if not isinstance(answer, dict):
        return 0
    own = CONNECTION_COST if "nodes" in answer or "edges" in answer else 1
    return own + sum(_weigh(value) for name, value in answer.items() if name != "pageInfo")


@dataclass(frozen=True)
class _Meter:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    def selections(self, kind: Any, selection_set: SelectionSetNode | None) -> float:
        """The sum of the fields, and of the dearest branch where fragments tell types apart."""
        plain, branches = 0.0, [0.0]
        for selection in selection_set.selections if selection_set else ():
            if isinstance(selection, FieldNode):
                plain += self._field(kind, selection)
                continue
            branch = self._fragment(selection)
            named = branch.type_condition
            inner = self.schema.type_map[named.name.value] if named else kind
            cost = self.selections(inner, branch.selection_set)
            if inner is kind:
                plain += cost
            else:
                branches.append(cost)
        return plain + max(branches)

    def _fragment(self, selection: SelectionNode) -> FragmentDefinitionNode | InlineFragmentNode:
        if isinstance(selection, FragmentSpreadNode):
            return self.fragments[selection.name.value]
        return cast(InlineFragmentNode, selection)

    def _field(self, kind: Any, node: FieldNode) -> float:
        field = getattr(kind, "fields", {}).get(node.name.value)
        inner = get_named_type(field.type) if field else None
        if inner is None or not is_composite_type(inner):
            return 0.0
        children = self.selections(inner, node.selection_set)
        if inner.name.endswith("Connection"):
            return CONNECTION_COST + self._size(node) * children
        if node.name.value in PASSED_THROUGH:
            return children
        return 1 + children

    def _size(self, node: FieldNode) -> float:
        sizes = [self._number(each.value) for each in node.arguments if each.name.value in ("first", "last")]
        size = max(sizes, default=0)
        return size if size <= 10 else 10 + math.log10(size / 10) / 1.4

    def _number(self, value: Any) -> int:
        if isinstance(value, VariableNode):
            value = self.variables.get(value.name.value)
            return value if isinstance(value, int) else 10
        return int(value.value) if isinstance(value, IntValueNode) else 0
