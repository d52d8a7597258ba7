"""Read a database into a `Catalog`: one query per kind, one snapshot, one round trip.

Every query in `queries/` gives `(classid, objid, objsubid, identity, properties, extra)`; the first three are
PostgreSQL's address of the object. Comments, grants and security labels know only the address of what they are on;
the names come from the rows of the other kinds. The texts are valid for PostgreSQL 15 and later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg.rows import tuple_row

from ..sql import query
from .dependencies import Address, dependencies_of
from .model import Catalog, CatalogObject, Json, Key

QUERIES = Path(__file__).parent / "queries"

PLANNED = (
    "schema",
    "extension",
    "table",
    "column",
    "constraint",
    "index",
    "sequence",
    "enum",
    "domain",
    "composite",
    "range",
    "function",
    "aggregate",
    "trigger",
    "event_trigger",
    "view",
    "materialized_view",
    "rule",
    "policy",
    "statistics",
    "publication",
    "default_privilege",
    "partition",
)
UNPLANNED = (
    "cast",
    "operator",
    "operator_class",
    "operator_family",
    "access_method",
    "collation",
    "conversion",
    "language",
    "text_search_configuration",
    "text_search_dictionary",
    "text_search_parser",
    "text_search_template",
    "transform",
    "foreign_data_wrapper",
    "foreign_server",
    "user_mapping",
    "foreign_table",
    "base_type",
    "subscription",
)
ATTACHED = ("grant", "comment", "security_label")
WITHOUT_ADDRESS = ("default_privilege", "partition")

Row = tuple[int, int, int, list[str], dict[str, Json], dict[str, Json] | None]
AttachedRow = tuple[int, int, int, list[str | None], dict[str, Json], dict[str, Json] | None]
NOTHING: Mapping[str, Json] = {}


def inspect(connection: psycopg.Connection[Any], *, dependencies: bool = False) -> Catalog:
    """Everything that is declared in the connected database, and with `dependencies` what needs what.

    Works in the transaction of `connection` if one is open (and then sees what that has done), else in a read-only
    one of its own; either way settings and locks are given back. No superuser is needed. Raises psycopg's errors.
    """
    idle = connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    # Rolling back to the savepoint also takes back the settings; releasing it would keep them.
    with connection.transaction(force_rollback=True), connection.pipeline():
        if idle:
            connection.execute("set transaction isolation level repeatable read, read only", prepare=False)
        _send(connection, "session")
        database = _send(connection, "database")
        kinds = {kind: _send(connection, kind) for kind in PLANNED + UNPLANNED}
        nameable = _send(connection, "nameable")
        attached = {kind: _send(connection, kind) for kind in ATTACHED}
        edges, aliases = (
            (_send(connection, "dependency"), _send(connection, "alias")) if dependencies else (None, None)
        )

        owner, major = cast("tuple[str, int]", database.fetchone())
        names: dict[Address, Key] = {}
        objects: dict[Key, CatalogObject] = {}
        for kind, cursor in kinds.items():
            _collect(kind, cursor.fetchall(), objects, names)
        known = dict(names)
        for classid, objid, identity in cast("Iterable[tuple[int, int, list[str]]]", nameable.fetchall()):
            names.setdefault((classid, objid, 0), Key(identity[0], tuple(identity[1:])))
        for kind, cursor in attached.items():
            _attach(kind, cursor.fetchall(), objects, names)
        needs = (
            dependencies_of(objects, known, edges.fetchall(), aliases.fetchall()) if edges and aliases else {}
        )
    return Catalog(objects=objects, major=major, owner=owner, dependencies=needs)


def _send(connection: psycopg.Connection[Any], name: str) -> psycopg.Cursor[tuple[Any, ...]]:
    # Not prepared: a prepared statement would stay behind in the caller's session.
    return connection.cursor(row_factory=tuple_row).execute(query(QUERIES, name), prepare=False)


def _collect(
    kind: str, rows: list[tuple[Any, ...]], objects: dict[Key, CatalogObject], names: dict[Address, Key]
) -> None:
    addressed = kind not in WITHOUT_ADDRESS
    for classid, objid, objsubid, identity, properties, extra in cast("list[Row]", rows):
        key = Key(kind, tuple(identity))
        objects[key] = CatalogObject(key, properties, extra or NOTHING)
        if addressed:
            names[classid, objid, objsubid] = key


def _attach(
    kind: str, rows: list[tuple[Any, ...]], objects: dict[Key, CatalogObject], names: dict[Address, Key]
) -> None:
    """Add what sits on other objects; a row on something that is left out is left out too."""
    for classid, objid, objsubid, identity, properties, extra in cast("list[AttachedRow]", rows):
        holder = names.get((classid, objid, 0))
        column, *tail = identity
        if holder is None or (objsubid and column is None):
            continue
        on = Key("column", (*holder.identity, column)) if column is not None else holder
        key = Key(kind, (on.kind, *on.identity, *cast("list[str]", tail)))
        objects[key] = CatalogObject(key, properties, extra or NOTHING)
