"""What tables hold, as text that is the same wherever and whenever it is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from ...schema.core.catalog import Catalog

Table = tuple[str, str]
"""Schema and name."""
Row = tuple[str | None, ...]

MOST_ROWS = 50_000
HEAD = 200
"""Characters of a long value that are kept; the rest is a digest."""
_SETTINGS = """
SELECT
    set_config('role', 'none', true), set_config('search_path', '', true), set_config('timezone', 'UTC', true),
    set_config('datestyle', 'ISO, YMD', true), set_config('intervalstyle', 'postgres', true),
    set_config('extra_float_digits', '1', true), set_config('bytea_output', 'hex', true)
"""
_SEES_ALL = "SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = current_user"


@dataclass(frozen=True, slots=True)
class Shape:
    """How a table is read: its stored columns with their types, and those that tell its rows apart (or none)."""

    columns: Mapping[str, str]
    key: tuple[str, ...]
    defaults: Mapping[str, str]
    ordinary: bool
    guarded: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table; None when there are more than `MOST_ROWS`."""

    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: tuple[Row, ...] | None


Contents = Mapping[Table, Rows]


def shapes(catalog: Catalog) -> dict[Table, Shape]:
    """How each table of a catalog is read. Generated columns are not: their values follow from the others. Pure."""
    found: dict[Table, Shape] = {}
    columns: dict[Table, dict[str, tuple[int, str]]] = {}
    defaults: dict[Table, dict[str, str]] = {}
    needed: dict[Table, set[str]] = {}
    keys: dict[Table, dict[str, list[tuple[str, ...]]]] = {}
    for key, item in catalog.items():
        if key.kind == "column" and "generated" not in item.properties:
            schema, table, column = key.identity
            position = cast("int", item.extra["position"])
            columns.setdefault((schema, table), {})[column] = (position, str(item.properties["type"]))
            if item.properties.get("not_null"):
                needed.setdefault((schema, table), set()).add(column)
            if default := item.properties.get("default"):
                defaults.setdefault((schema, table), {})[column] = str(default)
        elif key.kind == "constraint" and item.properties["type"] in ("p", "u"):
            named = tuple(cast("list[str]", item.extra.get("columns") or []))
            kind = str(item.properties["type"])
            keys.setdefault((key.identity[0], key.identity[1]), {}).setdefault(kind, []).append(named)
    for key, item in catalog.items():
        if key.kind == "table":
            table = (key.identity[0], key.identity[1])
            ordered = sorted(columns.get(table, {}).items(), key=lambda pair: pair[1])
            found[table] = Shape(
                columns={name: kind for name, (_, kind) in ordered},
                key=_key(keys.get(table, {}), needed.get(table, set())),
                defaults=defaults.get(table, {}),
                ordinary=item.properties["relkind"] == "r",
                guarded=bool(item.properties.get("rls")),
            )
    return found


def _key(keys: Mapping[str, list[tuple[str, ...]]], needed: Collection[str]) -> tuple[str, ...]:
    whole = (*keys.get("p", ()), *(key for key in sorted(keys.get("u", ())) if needed and set(key) <= set(needed)))
    return whole[0] if whole else ()


def read(connection: psycopg.Connection[Any], wanted: Mapping[Table, Shape]) -> dict[Table, Rows]:
    """The rows of tables, in one round trip; those whose policies would hide rows from the login role are left out.

    Works inside the transaction that is open, if one is, and leaves role and settings as they were.
    """
    with connection.transaction(force_rollback=True):
        connection.execute(_SETTINGS)
        answer = connection.cursor(row_factory=tuple_row).execute(_SEES_ALL).fetchone()
        sees_all = bool(answer and answer[0])
        readable = {table: shape for table, shape in wanted.items() if sees_all or not shape.guarded}
        with connection.pipeline():
            cursors = [
                (table, shape, connection.cursor(row_factory=tuple_row).execute(_select(table, shape), prepare=False))
                for table, shape in readable.items()
                if shape.columns
            ]
            return {table: _rows(shape, cursor.fetchall()) for table, shape, cursor in cursors}


def _rows(shape: Shape, rows: Iterable[Row]) -> Rows:
    every = tuple(rows)
    return Rows(tuple(shape.columns), shape.key, every if len(every) <= MOST_ROWS else None)


def _select(table: Table, shape: Shape) -> sql.Composed:
    texts = (
        sql.SQL(
            "CASE WHEN length({0}::text) > {1} THEN left({0}::text, {1}) || md5({0}::text) ELSE {0}::text END"
        ).format(sql.Identifier(column), sql.Literal(HEAD))
        for column in shape.columns
    )
    # the children of an ordinary table are tables of their own, those of a partitioned one are not
    only = sql.SQL("ONLY " if shape.ordinary else "")
    return sql.SQL("SELECT {} FROM {}{} LIMIT {}").format(
        sql.SQL(", ").join(texts), only, sql.Identifier(*table), sql.Literal(MOST_ROWS + 1)
    )
