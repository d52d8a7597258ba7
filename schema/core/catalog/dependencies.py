"""Which object of a catalog needs which: from PostgreSQL's own record, and from what hangs on what. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from .model import CatalogObject, Key

Address = tuple[int, int, int]
Edge = tuple[int, int, int, int, int, int]
Alias = tuple[int, int, int, int, int]

IN_TABLE = frozenset({"column", "constraint", "trigger", "policy", "rule"})
IN_SCHEMA = IN_TABLE | {
    "table",
    "index",
    "sequence",
    "enum",
    "domain",
    "composite",
    "range",
    "function",
    "aggregate",
    "view",
    "materialized_view",
    "statistics",
    "partition",
}
RELATIONS = ("table", "view", "materialized_view")
WITH_COLUMNS = (*RELATIONS, "composite", "foreign_table")
# How many parts of the identity follow that of the object it is on: a grantee, a provider.
ATTACHED = {"grant": 1, "security_label": 1, "comment": 0}


def dependencies_of(
    objects: Mapping[Key, CatalogObject],
    names: Mapping[Address, Key],
    edges: Iterable[Edge],
    aliases: Iterable[Alias],
) -> dict[Key, frozenset[Key]]:
    """Each object with those it needs directly; only keys of `objects`, nothing needs itself.

    `names` tells who has which address, `edges` are the rows of pg_depend (an object, one that it needs), `aliases`
    say which address stands for which other (an array type for its element type, an index for its constraint).
    """
    stands_for = {(classid, objid): target for classid, objid, *target in aliases}
    resolved: dict[Address, Key | None] = {}

    def resolve(address: Address) -> Key | None:
        if address not in resolved:
            resolved[address] = _resolve(address, objects, names, stands_for)
        return resolved[address]

    needs: dict[Key, set[Key]] = {key: set() for key in objects}
    for *dependent, refclassid, refobjid, refobjsubid in edges:
        source = resolve(cast("Address", tuple(dependent)))
        target = resolve((refclassid, refobjid, refobjsubid))
        if source is not None and target is not None:
            needs[source].add(target)
    substitutes = {key: target for address, key in names.items() if (target := resolve(address)) not in (None, key)}
    for key, item in objects.items():
        needs[key].update(_structural(key, item, objects, substitutes))
    for key, needed in needs.items():
        needed.update([_relation(target, objects) for target in needed if target.kind == "column"])
        needed.discard(key)
    return {key: frozenset(needed) for key, needed in needs.items() if needed}


def _resolve(
    address: Address,
    objects: Mapping[Key, CatalogObject],
    names: Mapping[Address, Key],
    stands_for: Mapping[tuple[int, int], list[int]],
) -> Key | None:
    """The object at an address, or the relation of a column that is none of ours, or what the address stands for."""
    seen: set[Address] = set()
    while address not in seen:
        seen.add(address)
        for candidate in (address, (*address[:2], 0)):
            key = names.get(candidate)
            if key in objects:
                return key
        classid, objid, objsubid = stands_for.get(address[:2], address)
        address = (classid, objid, objsubid)
    return None


def _structural(
    key: Key, item: CatalogObject, objects: Mapping[Key, CatalogObject], substitutes: Mapping[Key, Key | None]
) -> Iterator[Key]:
    """What follows from the names alone: schema, table, the object of a comment or a grant."""
    schema = (
        key.identity[:1] if key.kind in IN_SCHEMA else key.identity[1:2] if key.kind == "default_privilege" else None
    )
    if schema is not None and (found := Key("schema", schema)) in objects:
        yield found
    if key.kind in IN_TABLE:
        yield from _relations(key.identity[:2], objects)
    if key.kind in ("index", "statistics"):
        table = cast("list[str]", item.properties.get("table") or item.extra.get("table") or [])
        yield from _relations(tuple(table), objects)
    if key.kind in ATTACHED:
        on = Key(key.identity[0], key.identity[1 : len(key.identity) - ATTACHED[key.kind]])
        if on in objects:
            yield on
        elif on.kind == "column":
            holders = (Key(kind, on.identity[:-1]) for kind in WITH_COLUMNS)
            yield from (holder for holder in holders if holder in objects)
        elif (substitute := substitutes.get(on)) is not None:
            yield substitute


def _relations(identity: tuple[str, ...], objects: Mapping[Key, CatalogObject]) -> Iterator[Key]:
    return (found for kind in RELATIONS if (found := Key(kind, identity)) in objects)


def _relation(column: Key, objects: Mapping[Key, CatalogObject]) -> Key:
    return next(_relations(column.identity[:2], objects), column)
