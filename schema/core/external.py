"""Tables in a declared database that another application makes and owns. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .catalog.model import Catalog, CatalogObject, Json, Key

_OF_A_TABLE = frozenset({"table", "view", "materialized_view", "column", "constraint", "trigger", "rule", "policy"})
_ENDS_WITH_A_NAME = frozenset({"grant", "security_label"})


def without_external(catalog: Catalog, names: Iterable[str | tuple[str, str]]) -> Catalog:
    """The catalog without some tables and what hangs on them: `table` in `public`, `schema.table`, or both apart."""
    external = {_qualified(name) for name in names}
    if not external:
        return catalog
    gone = {key for key, found in catalog.items() if _table(key, found) in external}
    gone |= {key for key in catalog if _holder(key) in gone}
    return replace(
        catalog,
        objects={key: found for key, found in catalog.items() if key not in gone},
        dependencies={key: needs - gone for key, needs in catalog.dependencies.items() if key not in gone},
    )


def _qualified(name: str | tuple[str, str]) -> tuple[str, ...]:
    if isinstance(name, tuple):
        return name
    schema, _, table = name.rpartition(".")
    return (schema or "public", table)


def _table(key: Key, found: CatalogObject) -> tuple[str, ...]:
    """Schema and name of the table that an object is or belongs to; empty when it belongs to none."""
    if key.kind in _OF_A_TABLE:
        return key.identity[:2]
    match key.kind:
        case "index":
            return _names(found.properties.get("table"))
        case "sequence":
            return _names(found.properties.get("owned_by"))
        case "statistics":
            return _names(found.extra.get("table"))
        case _:
            return ()


def _names(value: Json) -> tuple[str, ...]:
    return tuple(str(part) for part in value[:2]) if isinstance(value, list) else ()


def _holder(key: Key) -> Key | None:
    """What a grant, a label or a comment is on."""
    if key.kind in _ENDS_WITH_A_NAME:
        return Key(key.identity[0], key.identity[1:-1])
    return Key(key.identity[0], key.identity[1:]) if key.kind == "comment" else None
