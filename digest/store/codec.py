"""Store room: frozen dataclasses to JSON text and back, by their type hints.

Touched only when a noun needs a kind of value that is not here. Times are ISO 8601 in UTC; a field that the stored
text lacks takes its default, one that the noun no longer has is ignored, so that nouns may gain and lose fields
without a migration.
"""

import dataclasses
import itertools
import json
import re
import types
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def encode(value: Any) -> str:
    """`value`, a dataclass or a tuple of them, as compact JSON. Raises TypeError for what JSON cannot hold."""
    return _JSON.encode(value)


def decode(kind: type[T], text: str) -> T:
    """The value of type `kind` that `encode` wrote. Raises KeyError where a field without a default is missing."""
    read: Any = _reader
    value: T = read(kind)(json.loads(text))
    return value


def plain(value: Any) -> Any:
    """`value` in dicts, lists and scalars alone."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return plain(_plainer(value))


def _plainer(value: Any) -> Any:
    """One step from a noun towards what JSON knows, which is all that `json` has to be told."""
    kind: Any = type(value)
    names = _names(kind)
    if names:
        return {name: getattr(value, name) for name in names}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, frozenset):
        return sorted(plain(item) for item in value)
    raise TypeError(f"no JSON for {type(value).__name__}")


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plainer)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass; none of anything else."""
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """A function from JSON to `kind`, made once a type: reflecting per value would cost more than parsing it."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        some = _reader(next(arg for arg in args if arg is not type(None)))
        return lambda value: None if value is None else some(value)
    if origin is tuple:
        return _tuple_reader(args)
    if origin is frozenset:
        return frozenset
    if origin is Mapping:
        item = _reader(args[1])
        return lambda value: {key: item(each) for key, each in value.items()}
    if kind is datetime or kind is date:
        return kind.fromisoformat
    if dataclasses.is_dataclass(kind):
        return _dataclass_reader(kind)
    return lambda value: value


def _tuple_reader(args: tuple[Any, ...]) -> Callable[[Any], Any]:
    if args[-1] is Ellipsis:
        item = _reader(args[0])
        return lambda value: tuple([item(each) for each in value])
    items = [_reader(arg) for arg in args]
    return lambda value: tuple([read(each) for read, each in zip(items, value, strict=True)])


def _dataclass_reader(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = [(name, _reader(hints[name])) for name in _names(kind)]
    required = [
        field.name
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]

    def read(value: Any) -> Any:
        for name in required:
            value[name]  # a KeyError that names the field, before a TypeError that does not
        return kind(**{name: reader(value[name]) for name, reader in readers if name in value})

    return read


def fits(kind: Any, value: Any) -> bool:
    """Whether `value`, decoded from text of strangers, is what `kind` says down to the last string: `decode` takes any
    scalar for any other. No string may hold control characters but line breaks and tabs; no time may lack its zone."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return any(fits(arg, value) for arg in args)
    if origin is Literal:
        return value in args
    if origin is tuple:
        kinds = itertools.repeat(args[0]) if args[-1] is Ellipsis else args
        right = isinstance(value, tuple) and (args[-1] is Ellipsis or len(value) == len(args))
        return right and all(fits(arg, item) for arg, item in zip(kinds, value, strict=False))
    if origin is Mapping:
        return isinstance(value, dict) and all(fits(args[0], k) and fits(args[1], v) for k, v in value.items())
    if origin is frozenset:
        return isinstance(value, frozenset) and all(fits(args[0], item) for item in value)
    if dataclasses.is_dataclass(kind):
        return isinstance(value, cast("type", kind)) and all(
            fits(of, getattr(value, name)) for name, of in get_type_hints(kind).items()
        )
    if kind is str:
        return isinstance(value, str) and not _CONTROL.search(value)
    if kind is datetime:
        return isinstance(value, datetime) and value.tzinfo is not None
    wanted = (int, float) if kind is float else kind
    return kind is Any or (isinstance(value, wanted) and (kind is bool or not isinstance(value, bool)))


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
