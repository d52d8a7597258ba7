"""Indexes and constraints that only changed their name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from ..catalog.model import Catalog, CatalogObject, Json, Key
from .quote import qualified, quote_ident
from .read import required, text

_INDEX_NAME = re.compile(r'(CREATE (?:UNIQUE )?INDEX )(?:"(?:[^"]|"")*"|[^\s"]+)( ON )')
_RELATIONS = ("table", "index", "sequence", "view", "materialized_view", "composite", "foreign_table")


def find(current: Catalog, desired: Catalog) -> dict[Key, Key]:
    """Old key to new key, where one dropped and one created object of a table are alike but for the name."""
    dropped = _by_shape(current, desired)
    created = _by_shape(desired, current)
    found = {
        dropped[shape][0]: created[shape][0]
        for shape in dropped.keys() & created.keys()
        if len(dropped[shape]) == len(created[shape]) == 1
    }
    return {old: new for old, new in sorted(found.items()) if not _is_taken(current, new)}


def renamed(catalog: Catalog, names: Mapping[Key, Key]) -> Catalog:
    """The catalog after the renames."""
    objects = [_renamed_object(thing, names) for thing in catalog.values()]
    dependencies = {
        names.get(key, key): frozenset(names.get(need, need) for need in needs)
        for key, needs in catalog.dependencies.items()
    }
    return Catalog({thing.key: thing for thing in objects}, catalog.major, catalog.owner, dependencies)


def statement(old: Key, new: Key) -> str:
    """ALTER ... RENAME."""
    to = quote_ident(new.identity[-1])
    if old.kind == "index":
        return f"ALTER INDEX {qualified(*old.identity)} RENAME TO {to}"
    return f"ALTER TABLE {qualified(*old.identity[:2])} RENAME CONSTRAINT {quote_ident(old.identity[2])} TO {to}"


def _by_shape(catalog: Catalog, other: Catalog) -> dict[str, list[Key]]:
    shapes: dict[str, list[Key]] = {}
    for key, thing in catalog.items():
        if key.kind in ("index", "constraint") and key not in other:
            shapes.setdefault(_shape(thing), []).append(key)
    return shapes


def _shape(thing: CatalogObject) -> str:
    properties: dict[str, Json] = dict(thing.properties)
    if thing.key.kind == "index":
        properties["definition"] = _INDEX_NAME.sub(r"\1?\2", required(thing, "definition"), count=1)
    else:
        properties["table"] = list(thing.key.identity[:2])
    return json.dumps([thing.key.kind, properties], sort_keys=True)


def _is_taken(catalog: Catalog, key: Key) -> bool:
    schema, name = key.identity[0], key.identity[-1]
    if any(Key(kind, (schema, name)) in catalog for kind in _RELATIONS):
        return True
    return any(
        other.kind == "constraint" and other.identity[0] == schema and other.identity[2] == name for other in catalog
    )


def _renamed_object(thing: CatalogObject, names: Mapping[Key, Key]) -> CatalogObject:
    key = names.get(thing.key)
    if key is not None:
        properties: dict[str, Json] = dict(thing.properties)
        if key.kind == "index":
            written = rf"\g<1>{quote_ident(key.identity[1])}\g<2>"
            properties["definition"] = _INDEX_NAME.sub(written, required(thing, "definition"), count=1)
        return CatalogObject(key, properties, thing.extra)
    if thing.key.kind in ("comment", "security_label"):
        return CatalogObject(_renamed_comment(thing.key, names), thing.properties, thing.extra)
    if thing.key.kind == "table":
        return CatalogObject(thing.key, _renamed_anchors(thing, names), thing.extra)
    return thing


def _renamed_comment(key: Key, names: Mapping[Key, Key]) -> Key:
    tail = 1 if key.kind == "security_label" else 0
    end = len(key.identity) - tail
    new = names.get(Key(key.identity[0], key.identity[1:end]))
    return key if new is None else Key(key.kind, (new.kind, *new.identity, *key.identity[end:]))


def _renamed_anchors(table: CatalogObject, names: Mapping[Key, Key]) -> dict[str, Json]:
    properties: dict[str, Json] = dict(table.properties)
    schema, name = table.key.identity
    for old, new in names.items():
        on_table = old.identity[:2] == (schema, name) if old.kind == "constraint" else old.identity[0] == schema
        if not on_table:
            continue
        if text(table, "clustered_on") == old.identity[-1]:
            properties["clustered_on"] = new.identity[-1]
        if text(table, "replica_identity") == f"i {old.identity[-1]}":
            properties["replica_identity"] = f"i {new.identity[-1]}"
    return properties
