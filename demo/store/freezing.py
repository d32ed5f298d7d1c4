"""Turn records into JSON and back: dataclasses, lists, string- or number-keyed maps, moments and decimals."""

import dataclasses
import types
import typing
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

Record = TypeVar("Record")


def freeze(value: Any) -> Any:
    """The record as plain JSON values."""
    if dataclasses.is_dataclass(value):
        return {each.name: freeze(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, list):
        return [freeze(each) for each in value]
    if isinstance(value, dict):
        return {str(key): freeze(each) for key, each in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def thaw(shape: type[Record], frozen: Any) -> Record:
    """The record of type `shape` that `frozen` was made of; keys a record does not know raise TypeError."""
    thawed: Record = _thaw(shape, frozen)
    return thawed


def _thaw(shape: Any, frozen: Any) -> Any:
    if frozen is None:
        return None
    if dataclasses.is_dataclass(shape) and isinstance(shape, type):
        hints = typing.get_type_hints(shape)
        return shape(**{name: _thaw(hints[name], value) for name, value in frozen.items()})
    origin, arguments = typing.get_origin(shape), typing.get_args(shape)
    if origin is types.UnionType:
        return _thaw(arguments[0], frozen)
    if origin is list:
        return [_thaw(arguments[0], each) for each in frozen]
    if origin is dict:
        return {arguments[0](key): _thaw(arguments[1], each) for key, each in frozen.items()}
    if shape is datetime:
        return datetime.fromisoformat(frozen)
    return Decimal(frozen) if shape is Decimal else frozen
