"""Typed reading of catalog properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from ..catalog.model import CatalogObject, Json


def text(thing: CatalogObject, name: str) -> str | None:
    """A property or extra as text; None when absent."""
    value = _value(thing, name)
    return None if value is None else str(value)


def required(thing: CatalogObject, name: str) -> str:
    """A property that the contract promises. Raises KeyError when the catalog breaks the contract."""
    value = text(thing, name)
    if value is None:
        raise KeyError(f"{thing.key} has no {name}")
    return value


def flag(thing: CatalogObject, name: str) -> bool:
    """A property that is true or absent."""
    return _value(thing, name) is True


def items(thing: CatalogObject, name: str) -> tuple[str, ...]:
    """A list of texts; empty when absent."""
    value = _value(thing, name)
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def rows(thing: CatalogObject, name: str) -> tuple[tuple[Json, ...], ...]:
    """A list of lists; empty when absent."""
    value = _value(thing, name)
    if not isinstance(value, list):
        return ()
    return tuple(tuple(row) for row in value if isinstance(row, list))


def mapping(thing: CatalogObject, name: str) -> Mapping[str, Json]:
    """An object; empty when absent."""
    value = _value(thing, name)
    return value if isinstance(value, dict) else cast("dict[str, Json]", {})


def _value(thing: CatalogObject, name: str) -> Json:
    value = thing.properties.get(name)
    return thing.extra.get(name) if value is None else value
