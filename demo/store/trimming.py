"""Cut Shopify's full Admin schema down to the types and fields named in kept.txt.

Run it when kept.txt changes: `python -m demo.store.trimming FULL.json.gz > demo/store/schema.graphql`, where FULL is
an introspection answer (plain or gzipped JSON). Nothing is renamed or loosened, so what validates here validates there.
"""

import gzip
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

from graphql import IntrospectionQuery, build_client_schema, print_schema

KEPT = Path(__file__).with_name("kept.txt")
STANDARD_DIRECTIVES = frozenset({"include", "skip", "deprecated", "specifiedBy"})

Json: TypeAlias = dict[str, Any]
Wanted: TypeAlias = dict[str, set[str]]


class CannotTrim(Exception):
    """kept.txt and the full schema do not fit together; the message names the type or field."""


def read_kept(text: str) -> Wanted:
    """Type name -> field (or union member) names. A type may take several lines; `#` begins a comment line."""
    wanted: Wanted = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, fields = line.partition(":")
            wanted.setdefault(name, set()).update(fields.split())
    return wanted


def trim(full: Json, wanted: Wanted) -> Json:
    """The introspection answer `full` cut down to `wanted` and the scalars and enums it needs, without descriptions."""
    schema = full["data"]["__schema"]
    types = {entry["name"]: entry for entry in schema["types"]}
    if unknown := wanted.keys() - types.keys():
        raise CannotTrim(f"not in the full schema: {', '.join(sorted(unknown))}")
    leaves: set[str] = set()
    kept = [_trim_type(types[name], wanted, types, leaves) for name in sorted(wanted)]
    kept += [_bare(types[name]) for name in sorted(leaves)]
    directives = [_bare(entry) for entry in schema["directives"] if entry["name"] in STANDARD_DIRECTIVES]
    return {
        "__schema": {
            "queryType": schema["queryType"],
            "mutationType": schema["mutationType"],
            "subscriptionType": None,
            "types": kept,
            "directives": directives,
        }
    }


def _trim_type(entry: Json, wanted: Wanted, types: dict[str, Json], leaves: set[str]) -> Json:
    name, names = entry["name"], wanted[entry["name"]]
    trimmed = _bare(entry) | {"interfaces": [ref for ref in entry.get("interfaces") or () if ref["name"] in wanted]}
    if entry["possibleTypes"] is not None:
        # A union lists its members in kept.txt; an interface is implemented by whatever was kept.
        trimmed["possibleTypes"] = [ref for ref in entry["possibleTypes"] if ref["name"] in wanted]
    if entry["kind"] == "UNION":
        _refuse_unknown(name, names, (ref["name"] for ref in trimmed["possibleTypes"]))
        return trimmed
    group = "inputFields" if entry["kind"] == "INPUT_OBJECT" else "fields"
    _refuse_unknown(name, names, (member["name"] for member in entry[group]))
    chosen = [member for member in entry[group] if member["name"] in names]
    trimmed[group] = [_trim_member(name, member, wanted, types, leaves) for member in chosen]
    return trimmed


def _refuse_unknown(name: str, wanted: set[str], known: Iterable[str]) -> None:
    if unknown := wanted - set(known):
        raise CannotTrim(f"{name} has no {', '.join(sorted(unknown))}")


def _trim_member(owner: str, member: Json, wanted: Wanted, types: dict[str, Json], leaves: set[str]) -> Json:
    if not _is_kept(member["type"], wanted, types, leaves):
        raise CannotTrim(f"{owner}.{member['name']} needs {_named(member['type'])}, which kept.txt does not name")
    trimmed = _bare(member)
    if "args" in member:
        trimmed["args"] = [_bare(arg) for arg in member["args"] if _is_kept(arg["type"], wanted, types, leaves)]
    return trimmed


def _is_kept(reference: Json, wanted: Wanted, types: dict[str, Json], leaves: set[str]) -> bool:
    name = _named(reference)
    if types[name]["kind"] in ("SCALAR", "ENUM"):
        leaves.add(name)
        return True
    return name in wanted


def _named(reference: Json) -> str:
    while reference["ofType"]:
        reference = reference["ofType"]
    return str(reference["name"])


def _bare(entry: Json) -> Json:
    bare = {key: value for key, value in entry.items() if key != "description"}
    for group in ("enumValues", "args"):
        if bare.get(group):
            bare[group] = [_bare(member) for member in bare[group]]
    return bare


def print_trimmed(full: Json) -> str:
    """The trimmed schema in the schema language, as it stands in schema.graphql."""
    trimmed: Any = trim(full, read_kept(KEPT.read_text()))
    introspection: IntrospectionQuery = trimmed
    return print_schema(build_client_schema(introspection)) + "\n"


def read_full(path: Path) -> Json:
    """An introspection answer from a JSON file, gzipped when its name ends in .gz."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    loaded: Json = json.loads(raw)
    return loaded


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m demo.store.trimming FULL.json.gz > demo/store/schema.graphql")
    sys.stdout.write(print_trimmed(read_full(Path(sys.argv[1]))))
