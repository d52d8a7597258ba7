"""What hangs on what within one catalog."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from ..catalog.model import Catalog, CatalogObject, Key
from .read import items, text

RELATIONS = ("table", "view", "materialized_view", "foreign_table")
ATTACHED = ("comment", "security_label", "grant")
TYPES = ("enum", "domain", "composite", "range")
ROUTINES = ("function", "aggregate")


class Ties:
    """The dependencies of a catalog: those PostgreSQL records, and those that lie in the names."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def relation(self, schema: str, name: str) -> Key | None:
        """The table, view, ... of this name."""
        found = (Key(kind, (schema, name)) for kind in RELATIONS)
        return next((key for key in found if key in self.catalog), None)

    def target(self, key: Key) -> Key | None:
        """What a comment, label or grant is on; for a column of a view, the view."""
        kind, rest = key.identity[0], key.identity[1:]
        if key.kind in ("grant", "security_label"):
            rest = rest[:-1]
        found = Key(kind, rest)
        if found in self.catalog:
            return found
        if kind == "domain_constraint":
            return Key("domain", rest[:2])
        if kind == "index":
            return self._backed.get(rest)
        return self.relation(*rest[:2]) if kind == "column" and len(rest) > 2 else None

    @cached_property
    def _backed(self) -> dict[tuple[str, ...], Key]:
        """Constraints by the name of the index behind them."""
        return {
            (key.identity[0], key.identity[2]): key
            for key, thing in self.catalog.items()
            if key.kind == "constraint" and text(thing, "type") in ("p", "u", "x")
        }

    def carriers(self, key: Key) -> frozenset[Key]:
        """Whatever takes `key` with it, silently, when it is dropped."""
        return self._carriers.get(key, frozenset())

    def carried(self, key: Key) -> frozenset[Key]:
        """What vanishes with `key`."""
        return self._carried.get(key, frozenset())

    def needs(self, key: Key) -> frozenset[Key]:
        """What `key` depends on."""
        return self._needs.get(key, frozenset())

    def dependants(self, key: Key) -> frozenset[Key]:
        """What depends on `key`."""
        return self._dependants.get(key, frozenset())

    @cached_property
    def _carriers(self) -> dict[Key, frozenset[Key]]:
        found = {key: frozenset(self._carriers_of(thing)) for key, thing in self.catalog.items()}
        return {key: carriers for key, carriers in found.items() if carriers}

    @cached_property
    def _carried(self) -> dict[Key, frozenset[Key]]:
        return _reversed(self._carriers)

    @cached_property
    def _needs(self) -> dict[Key, frozenset[Key]]:
        recorded = self.catalog.dependencies
        found: dict[Key, frozenset[Key]] = {}
        for key, thing in self.catalog.items():
            all_of_it = recorded.get(key, frozenset()) | self.carriers(key) | set(self._named(thing))
            # A sequence is made before the column that owns it, whatever pg_depend says.
            usable = (other for other in all_of_it if not (key.kind == "sequence" and other.kind in _OWNERS))
            found[key] = frozenset(other for other in usable if other != key and other in self.catalog)
        return found

    @cached_property
    def _dependants(self) -> dict[Key, frozenset[Key]]:
        return _reversed(self._needs)

    def _carriers_of(self, thing: CatalogObject) -> Iterable[Key]:
        key = thing.key
        match key.kind:
            case "column" | "constraint":
                yield Key("table", key.identity[:2])
                yield from inherited_from(self.catalog, key)
                yield from self._columns(key, key.identity[:2], items(thing, "columns"))
            case "index" | "statistics":
                yield from self._carriers_on(thing, items(thing, "table"))
            case "trigger" | "rule" | "policy":
                yield from self._carriers_on(thing, key.identity[:2])
            case "sequence" if items(thing, "owned_by"):
                yield Key("column", items(thing, "owned_by"))
            case "comment" | "security_label" | "grant" if self.target(key) is not None:
                yield self.target(key) or key
            case "default_privilege" if key.identity[1]:
                yield Key("schema", (key.identity[1],))
            case _:
                return

    def _carriers_on(self, thing: CatalogObject, table: tuple[str, ...]) -> Iterable[Key]:
        relation = self.relation(*table)
        if relation is None:
            return
        yield relation
        if thing.key.kind in ("index", "statistics"):
            yield from self._columns(thing.key, table, items(thing, "columns"))

    def _columns(self, key: Key, table: Iterable[str], named: Iterable[str]) -> Iterable[Key]:
        schema, name = tuple(table)
        yield from (Key("column", (schema, name, column)) for column in named)
        for other in () if key.kind == "column" else self.catalog.dependencies.get(key, frozenset()):
            if other.kind == "column" and other.identity[:2] == (schema, name):
                yield other

    def _named(self, thing: CatalogObject) -> Iterable[Key]:
        key = thing.key
        if key.kind not in ATTACHED and key.kind in _IN_SCHEMA:
            yield Key("schema", key.identity[:1])
        match key.kind:
            case "constraint":
                referenced = items(thing, "references")
                if referenced:
                    yield Key("table", referenced)
            case "trigger":
                yield from self._routines(items(thing, "function"))
            case "extension":
                yield Key("schema", (text(thing, "schema") or "",))
            case "table":
                yield from (parent for parent in parents(thing))
            case "default_privilege" if key.identity[1]:
                yield Key("schema", (key.identity[1],))
            case _:
                return

    def _routines(self, name: tuple[str, ...]) -> Iterable[Key]:
        return (key for key in self._functions_by_name.get(name, ()))

    @cached_property
    def _functions_by_name(self) -> dict[tuple[str, ...], list[Key]]:
        found: dict[tuple[str, ...], list[Key]] = {}
        for key in self.catalog:
            # A trigger function has no declared arguments.
            if key.kind == "function" and key.identity[2] == "":
                found.setdefault(key.identity[:2], []).append(key)
        return found


_OWNERS = ("column", "table")
_IN_SCHEMA = frozenset(
    {"table", "index", "sequence", "view", "materialized_view", "statistics", *TYPES, *ROUTINES, "foreign_table"}
)


def parents(table: CatalogObject) -> tuple[Key, ...]:
    """The tables that a table inherits from."""
    return tuple(Key("table", tuple(split_name(name))) for name in items(table, "inherits"))


def inherited_from(catalog: Catalog, column: Key) -> tuple[Key, ...]:
    """The columns of parent tables that this column is inherited from; none for what is no column."""
    if column.kind != "column":
        return ()
    table = catalog.get(Key("table", column.identity[:2]))
    if table is None:
        return ()
    found = (Key("column", (*parent.identity, column.identity[2])) for parent in parents(table))
    return tuple(key for key in found if key in catalog)


def split_name(text: str) -> list[str]:
    """The bare parts of a qualified, quoted name."""
    parts: list[str] = [""]
    quoted = False
    for position, letter in enumerate(text):
        if letter == '"':
            if quoted and text[position + 1 : position + 2] == '"':
                parts[-1] += '"'
            quoted = not quoted
        elif letter == "." and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _reversed(edges: dict[Key, frozenset[Key]]) -> dict[Key, frozenset[Key]]:
    found: dict[Key, set[Key]] = {}
    for key, others in edges.items():
        for other in others:
            found.setdefault(other, set()).add(key)
    return {key: frozenset(others) for key, others in found.items()}
