"""The plain table as it is, what it is declared to become, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row, scalar_row
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy import Table as Declared

from ...schema.core.errors import Refused
from ...schema.core.partitioning import PartitionPolicy, RangePartitions
from ...schema.core.quote import qualified
from ...schema.core.sql import query
from ..actions import Table
from ..moving.foreign import KeyIn, KeyOut, keys_in, keys_out
from ..moving.mirror import forced

QUERIES = Path(__file__).parent / "queries"
_EXCLUSIONS = 170000


@dataclass(frozen=True, slots=True)
class Unique:
    """A primary key (`p`), unique (`u`) or excluding (`x`) constraint or unique index (`i`) of the new table;
    `definition` is what makes it."""

    name: str
    kind: str
    columns: tuple[str, ...]
    definition: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain table, read, with what the new one will have in its place."""

    table: Table
    policy: PartitionPolicy
    options: tuple[str, ...]
    forced: bool
    uniques: tuple[Unique, ...]
    indexes: tuple[tuple[str, str, str | None], ...]
    keys_out: tuple[KeyOut, ...]
    keys_in: tuple[KeyIn, ...]

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.table.schema, self.table.name)


def read_plain(connection: psycopg.Connection[Any], declared: Declared, policy: PartitionPolicy) -> Plain:
    """Raises Refused with everything that stands in the way; nothing has been touched then."""
    schema, name = declared.schema or "public", declared.name
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(query(QUERIES, "table"), {"name": qualified(schema, name)}).fetchone()
        assert row is not None
        table = Table(row["oid"], schema, name)
        constraints = cursor.execute(query(QUERIES, "constraints"), {"oid": table.oid}).fetchall()
        indexes = cursor.execute(query(QUERIES, "indexes"), {"oid": table.oid}).fetchall()
    key = policy.key
    obstacles = [
        *_of_table(row),
        *_of_columns(connection, table, declared),
        *_of_constraints(connection, constraints),
        *_of_indexes(indexes),
        *_dependants(connection, table),
    ]
    uniques: list[Unique] = []
    for found in (*constraints, *({**index, "kind": "i"} for index in indexes if index["is_unique"])):
        if found["kind"] == "x":
            uniques.append(Unique(found["name"], "x", (), found["definition"]))
        elif found["kind"] in ("p", "u", "i"):
            unique = _unique(found, declared, key)
            if unique is None:
                obstacles.append(
                    f"{found['name']} is unique over {', '.join(found['columns'])}, and a partitioned table can only be"
                    f" unique over columns with its key {key} among them: declare it so"
                )
            else:
                uniques.append(unique)
    incoming = keys_in(connection, table.oid)
    obstacles += _of_keys_in(table, incoming, uniques)
    if not any(unique.kind == "p" for unique in uniques) and not any(found["kind"] == "p" for found in constraints):
        obstacles.append("it has no primary key, by which to know a row again")
    if isinstance(policy, RangePartitions):
        obstacles += _of_rows(connection, table, policy)
    if obstacles:
        raise Refused(
            "it cannot be converted: " + "; ".join(obstacles),
            where=str(table),
            next_step="see to these, then run it again",
        )
    return Plain(
        table,
        policy,
        tuple(row["options"]),
        forced(connection, table.oid),
        tuple(uniques),
        tuple((i["name"], i["definition"], i["remark"]) for i in indexes if not i["is_unique"]),
        keys_out(connection, table.oid),
        incoming,
    )


def _of_table(row: Mapping[str, Any]) -> Iterator[str]:
    if row["kind"] != "r":
        yield "it is no plain table"
    if row["persistence"] != "p":
        yield "it is UNLOGGED or temporary, and its partitions would not be"
    if row["typed"] or row["inherits"]:
        yield "it is of a type, or has to do with table inheritance"
    if row["replica_identity"] == "i":
        yield "its replica identity is an index (ALTER TABLE ... REPLICA IDENTITY DEFAULT)"
    if row["subscribed"]:
        yield "a subscription writes into it"


def _of_columns(connection: psycopg.Connection[Any], table: Table, declared: Declared) -> Iterator[str]:
    with connection.cursor(row_factory=scalar_row) as cursor:
        live = cursor.execute(
            "SELECT attname::text FROM pg_catalog.pg_attribute WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped",
            [table.oid],
        ).fetchall()
    differing = sorted(set(live) ^ {column.name for column in declared.columns})
    if differing:
        yield f"it and its declaration differ in the columns {', '.join(differing)} (airside drift)"


def _of_constraints(connection: psycopg.Connection[Any], constraints: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for found in constraints:
        if not found["validated"]:
            yield f"{found['name']} is not validated (ALTER TABLE ... VALIDATE CONSTRAINT)"
        if found["kind"] == "x" and connection.info.server_version < _EXCLUSIONS:
            yield f"{found['name']} excludes, which partitioned tables can from PostgreSQL 17 on"


def _of_indexes(indexes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for index in indexes:
        if not index["valid"]:
            yield f"the index {index['name']} is invalid (REINDEX INDEX CONCURRENTLY, or drop it)"


def _dependants(connection: psycopg.Connection[Any], table: Table) -> Iterator[str]:
    with connection.cursor(row_factory=scalar_row) as cursor:
        for what in cursor.execute(query(QUERIES, "in_the_way"), {"oid": table.oid}).fetchall():
            yield f"{what} depends on it and cannot be carried over (drop it, and make it again afterwards)"


def _of_keys_in(table: Table, incoming: Sequence[KeyIn], uniques: Sequence[Unique]) -> Iterator[str]:
    targets = {frozenset(unique.columns) for unique in uniques if unique.kind != "i"}
    for key in incoming:
        if (key.schema, key.table) == (table.schema, table.name):
            yield f"{key.name} refers from the table to itself"
        elif frozenset(key.referred) not in targets:
            yield (
                f"{key.name} of {key.table} refers to ({', '.join(key.referred)}), which will not be unique any more:"
                " let it refer to all columns of the new key, or drop it"
            )


def _of_rows(connection: psycopg.Connection[Any], table: Table, policy: RangePartitions) -> Iterator[str]:
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(
            "SELECT attnotnull FROM pg_catalog.pg_attribute WHERE attrelid = %s AND attname = %s",
            [table.oid, policy.key],
        ).fetchone()
    if row is None or not row["attnotnull"]:
        yield f"its key {policy.key} may be NULL (ALTER TABLE ... SET NOT NULL)"


def _unique(found: Mapping[str, Any], declared: Declared, key: str) -> Unique | None:
    """The unique constraint or index as it can be on a partitioned table; None where neither table nor declaration has
    one with the key."""
    columns = tuple(found["columns"])
    if key in columns:
        return Unique(found["name"], found["kind"], columns, found["definition"])
    wanted = _declared_columns(found["name"], found["kind"], declared)
    if wanted is None or key not in wanted:
        return None
    if found["kind"] == "i":
        before, _, after = found["definition"].partition("(")
        if after.rstrip(")") != ", ".join(map(qualified, columns)):
            return None
        return Unique(found["name"], "i", wanted, f"{before}({', '.join(map(qualified, wanted))})")
    word = "PRIMARY KEY" if found["kind"] == "p" else "UNIQUE"
    tail = found["definition"].partition(")")[2]
    return Unique(found["name"], found["kind"], wanted, f"{word} ({', '.join(map(qualified, wanted))}){tail}")


def _declared_columns(name: str, kind: str, declared: Declared) -> tuple[str, ...] | None:
    for constraint in declared.constraints:
        if (kind == "p" and isinstance(constraint, PrimaryKeyConstraint)) or (
            kind == "u" and isinstance(constraint, UniqueConstraint) and constraint.name == name
        ):
            return tuple(column.name for column in constraint.columns)
    for index in declared.indexes:
        if kind == "i" and index.name == name:
            return tuple(column.name for column in index.columns)
    return None
