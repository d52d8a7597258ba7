"""Read a database into a `Catalog`: a query per kind, one snapshot, two round trips at most.

Every query in `queries/` gives `classid, objid, objsubid` (PostgreSQL's address of the object), `names`, then a
column for each property; `extra_` begins the name of what is not compared. Plain columns, because building JSON in
the server and reading it again takes longer than all the rest. Comments, grants and security labels know only the
address of what they are on; the names come from the rows of the other kinds. The texts serve PostgreSQL 15 and later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg.rows import tuple_row

from ..sql import query
from .dependencies import Address, Alias, Edge, dependencies_of
from .model import Catalog, CatalogObject, Json, Key
from .spelling import spelled

QUERIES = Path(__file__).parent / "queries"

ALWAYS = ("schema", "extension", "table", "column", "constraint", "index")
SOMETIMES = (
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
TRIES = 5
# The bodies of routines are kept by PostgreSQL as they were written.
AS_WRITTEN = ("function", "aggregate")
WITHOUT_ADDRESS = ("default_privilege", "partition")

Cursor = psycopg.Cursor[tuple[Any, ...]]
NOTHING: Mapping[str, Json] = {}


def inspect(connection: psycopg.Connection[Any], *, dependencies: bool = False) -> Catalog:
    """Everything that is declared in the connected database, and with `dependencies` what needs what.

    Works in the transaction of `connection` if one is open (and then sees what that has done), else in a read-only
    one of its own; either way settings and locks are given back. No superuser is needed. Raises psycopg's errors.
    """
    for _ in range(TRIES - 1):
        # PostgreSQL spells definitions from what is there now, not in the snapshot: another session's DROP stops it.
        with suppress(psycopg.errors.InternalError_):
            return _read(connection, dependencies=dependencies)
    return _read(connection, dependencies=dependencies)


def _read(connection: psycopg.Connection[Any], *, dependencies: bool) -> Catalog:
    idle = connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    # Rolling back to the savepoint also takes back the settings; releasing it would keep them.
    with connection.transaction(force_rollback=True), connection.pipeline():
        if idle:
            connection.execute("set transaction isolation level repeatable read, read only", prepare=False)
        _send(connection, "session")
        database, census = _send(connection, "database"), _send(connection, "census")
        kinds = {kind: _send(connection, kind) for kind in ALWAYS}
        nameable = _send(connection, "nameable")
        attached = {kind: _send(connection, kind) for kind in ("grant", "comment")}
        present = cast("tuple[list[str]]", census.fetchone())[0]
        kinds |= {kind: _send(connection, kind) for kind in SOMETIMES if kind in present}
        if "security_label" in present:
            attached["security_label"] = _send(connection, "security_label")
        edges, aliases = (_send(connection, "dependency"), _send(connection, "alias")) if dependencies else (None, None)

        owner, major = cast("tuple[str, int]", database.fetchone())
        names: dict[Address, Key] = {}
        objects: dict[Key, CatalogObject] = {}
        for kind, cursor in kinds.items():
            _collect(kind, cursor, objects, names)
        for classid, objid, identity in cast("Iterable[tuple[int, int, list[str]]]", nameable.fetchall()):
            names.setdefault((classid, objid, 0), Key(identity[0], tuple(identity[1:])))
        for kind, cursor in attached.items():
            _attach(kind, cursor, objects, names)
        needs = (
            dependencies_of(
                objects, names, cast("list[Edge]", edges.fetchall()), cast("list[Alias]", aliases.fetchall())
            )
            if edges and aliases
            else {}
        )
    return Catalog(objects=objects, major=major, owner=owner, dependencies=needs)


def _send(connection: psycopg.Connection[Any], name: str) -> Cursor:
    # Not prepared: a prepared statement would stay behind in the caller's session.
    return connection.cursor(row_factory=tuple_row).execute(query(QUERIES, name), prepare=False)


def _collect(kind: str, cursor: Cursor, objects: dict[Key, CatalogObject], names: dict[Address, Key]) -> None:
    addressed = kind not in WITHOUT_ADDRESS
    as_written = kind in AS_WRITTEN
    for address, identity, properties, extra in _rows(cursor):
        key = Key(kind, tuple(cast("list[str]", identity)))
        objects[key] = CatalogObject(key, properties if as_written else spelled(properties), extra)
        if addressed:
            names[address] = key


def _attach(kind: str, cursor: Cursor, objects: dict[Key, CatalogObject], names: dict[Address, Key]) -> None:
    """Add what sits on other objects; a row on something that is left out is left out too."""
    for (classid, objid, objsubid), (column, *tail), properties, extra in _rows(cursor):
        holder = names.get((classid, objid, 0))
        if holder is None or (objsubid and column is None):
            continue
        on = Key("column", (*holder.identity, column)) if column is not None else holder
        key = Key(kind, (on.kind, *on.identity, *cast("list[str]", tail)))
        objects[key] = CatalogObject(key, properties, extra)


def _rows(cursor: Cursor) -> Iterator[tuple[Address, list[str | None], dict[str, Json], Mapping[str, Json]]]:
    """The rows of a query as (address, identity, properties, extra); what is null is absent."""
    rows = cursor.fetchall()
    columns = [column.name for column in cursor.description or ()]
    compared = [(at, name) for at, name in enumerate(columns) if at > 3 and not name.startswith("extra_")]
    others = [(at, name[6:]) for at, name in enumerate(columns) if name.startswith("extra_")]
    for row in rows:
        properties = {name: row[at] for at, name in compared if row[at] is not None}
        extra = {name: row[at] for at, name in others if row[at] is not None} if others else NOTHING
        yield row[:3], row[3], properties, extra
