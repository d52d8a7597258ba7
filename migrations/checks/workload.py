"""What clients ask of a table, made from its catalog: read by key, read all columns, insert, update; and its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString, cast

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from ...schema.core.sql import query

QUERIES = Path(__file__).parent / "queries"
KINDS = ("select", "select *", "insert", "update")
"""The kinds of statements, each with a process of its own."""
_KEYS = 500
_TEMPLATES = 3
_FREE = 1_000_000
_PATIENCE = "60s"
_HEX = 8
_AMPLE = 32
_FRESH: Mapping[str, LiteralString] = {
    "smallint": "100 + {n}",
    **dict.fromkeys(("integer", "bigint", "numeric", "real", "double precision", "oid"), "1000000 + {n}"),
    "uuid": "md5({n}::text)::uuid",
    "text": "'canary ' || {n}",
    "date": "date '2040-01-01' + ({n} % 2000000)::int",
    **dict.fromkeys(
        ("timestamp without time zone", "timestamp with time zone"),
        "timestamp '2040-01-01' + {n} * interval '1 second'",
    ),
    "bytea": "decode(md5({n}::text), 'hex')",
    "inet": "inet '10.0.0.0' + {n}",
}
_FROM = 20_000_000
"""Rows of clients have numbers from here on, far from those of rows that were there."""


@dataclass(frozen=True, slots=True)
class Column:
    """`required`: an INSERT must name it; `given`: it gets another value in each row by itself; `fixed`: it should
    keep its value. `base` is the type under a domain, `sequence` what a serial column counts with.
    """

    name: str
    type: str
    base: str
    required: bool
    given: bool
    fixed: bool
    sequence: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table, its columns and unique keys."""

    schema: str
    name: str
    columns: tuple[Column, ...]
    keys: tuple[tuple[str, ...], ...]

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.name)

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def fresh(self) -> dict[str, LiteralString]:
        """Columns that need another value in every row, with an expression of a number `n` that gives it."""
        made: dict[str, LiteralString] = {}
        columns = {column.name: column for column in self.columns}
        for key in self.keys:
            if any(name in made or columns[name].given for name in key):
                continue
            for name in sorted(key, key=lambda name: columns[name].fixed):
                expression = _expression(columns[name].base)
                if expression is not None and not (columns[name].fixed and len(key) > 1):
                    made[name] = expression
                    break
        return made


@dataclass(frozen=True, slots=True)
class Statement:
    """What a client runs on `table`, with one of `arguments` in turn; None: with a new number each time."""

    table: str
    kind: str
    text: str
    arguments: tuple[tuple[str, ...], ...] | None = None


@dataclass(frozen=True, slots=True)
class Workload:
    """The statements of all tables, and what is not possible with some, with PostgreSQL's reason."""

    statements: tuple[Statement, ...]
    impossible: tuple[tuple[str, str], ...]


def tables_of(connection: psycopg.Connection[Any], names: Iterable[str]) -> tuple[Table, ...]:
    """Those of the tables `schema.name` that are there."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query(QUERIES, "workload"), {"tables": list(names)}).fetchall()
    return tuple(
        Table(
            row["schema"],
            row["name"],
            tuple(Column(**column) for column in row["columns"] or ()),
            tuple(tuple(key) for key in row["keys"] or () if key),
        )
        for row in rows
    )


def grow(connection: psycopg.Connection[Any], table: Table, rows: int) -> str | None:
    """Multiply the rows of a table up to a number; why not, where PostgreSQL refuses. Commits.

    Triggers and foreign keys are not asked where the session may leave them out: the values are those of rows that
    were taken before.
    """
    reason = None
    for templates in (_TEMPLATES, 1):
        try:
            with connection.transaction():
                with suppress(psycopg.errors.InsufficientPrivilege), connection.transaction():
                    connection.execute("SET LOCAL session_replication_role = replica")
                connection.execute(sql.SQL("SET LOCAL statement_timeout = {}").format(_PATIENCE))
                _count_on(connection, table)
                missing = rows - _count(connection, table)
                if missing > 0:
                    connection.execute(_multiplied(table, templates, missing))
        except psycopg.Error as error:
            reason = error.diag.message_primary or str(error)
        else:
            return _analyzed(connection, table, rows)
    return reason


def _analyzed(connection: psycopg.Connection[Any], table: Table, rows: int) -> str | None:
    held = _count(connection, table)
    connection.commit()
    autocommit, connection.autocommit = connection.autocommit, True
    # autovacuum would come for so many new rows, and stand in the way of the migration
    connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(table.identifier))
    connection.autocommit = autocommit
    return None if held >= rows else f"{held} rows only: there is none to copy" if not held else None


def _count_on(connection: psycopg.Connection[Any], table: Table) -> None:
    """Rows that were made up have numbers that their sequence knows nothing of."""
    for column in table.columns:
        if column.sequence is not None:
            connection.execute(
                sql.SQL("SELECT setval({}, coalesce(max({c}) FILTER (WHERE {c} < {}), 0) + 1) FROM {}").format(
                    column.sequence, _FREE, table.identifier, c=sql.Identifier(column.name)
                )
            )


def _count(connection: psycopg.Connection[Any], table: Table) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table.identifier)).fetchone()
    return cast("int", row[0]) if row else 0


def _multiplied(table: Table, templates: int, missing: int) -> sql.Composed:
    fresh = table.fresh
    columns = [column for column in table.columns if not column.given]
    number = sql.SQL("(s.g * {} + r.airside_number)").format(templates)
    if not columns:
        return sql.SQL("INSERT INTO {} DEFAULT VALUES").format(table.identifier)
    return sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values} FROM (SELECT t.*, row_number() OVER () AS airside_number"
        " FROM {table} AS t LIMIT {templates}) AS r CROSS JOIN generate_series(0, {last}) AS s (g) LIMIT {missing}"
    ).format(
        table=table.identifier,
        names=sql.SQL(", ").join(sql.Identifier(column.name) for column in columns),
        values=sql.SQL(", ").join(
            _as(sql.SQL(fresh[column.name]).format(n=number), column)
            if column.name in fresh
            else sql.Identifier("r", column.name)
            for column in columns
        ),
        templates=templates,
        last=missing // templates,
        missing=missing,
    )


def _as(value: sql.Composable, column: Column) -> sql.Composed:
    # format_type of the catalog, which quotes what needs it
    return sql.SQL("CAST({} AS {})").format(value, sql.SQL(cast("LiteralString", column.type)))


def workload(connection: psycopg.Connection[Any], tables: Sequence[Table]) -> Workload:
    """The statements that PostgreSQL takes; each is tried and rolled back."""
    statements: list[Statement] = []
    impossible: list[tuple[str, str]] = []
    for table in tables:
        for kind, made in _statements(connection, table).items():
            reason = "no column that may change" if made is None else _tried(connection, made)
            if made is None or reason is not None:
                impossible.append((f"{kind} on {table}", reason or ""))
            else:
                statements.append(made)
    connection.rollback()
    return Workload(tuple(statements), tuple(impossible))


def _tried(connection: psycopg.Connection[Any], statement: Statement) -> str | None:
    arguments = statement.arguments[0] if statement.arguments else (str(_FROM),)
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(statement.text.encode(), arguments)
    except psycopg.Error as error:
        return error.diag.message_primary or str(error)
    return None


def _statements(connection: psycopg.Connection[Any], table: Table) -> Mapping[str, Statement | None]:
    key = table.keys[0] if table.keys else ()
    where = sql.SQL(" WHERE {}").format(
        sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in key)
    )
    found = where if key else sql.SQL(" LIMIT 1")
    arguments = _keys(connection, table, key)
    texts: dict[str, sql.Composed | None] = {
        "select": sql.SQL("SELECT {} FROM {}").format(_listed(table.columns), table.identifier) + found,
        "select *": sql.SQL("SELECT * FROM {}").format(table.identifier) + found,
        "insert": _insert(connection, table),
        "update": None,
    }
    unique = {name for columns in table.keys for name in columns}
    for column in table.columns:
        if key and not column.fixed and column.name not in unique:
            texts["update"] = (
                sql.SQL("UPDATE {} SET {column} = {column}").format(
                    table.identifier, column=sql.Identifier(column.name)
                )
                + where
            )
    made: dict[str, Statement | None] = {}
    for kind, composed in texts.items():
        text = composed.as_string(connection) if composed is not None else ""
        numbered = kind == "insert" and "%s" in text
        given = None if numbered else ((),) if kind == "insert" else arguments
        made[kind] = Statement(str(table), kind, text, given) if text else None
    return made


def _listed(columns: Iterable[Column]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)


def _keys(connection: psycopg.Connection[Any], table: Table, key: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    if not key:
        return ((),)
    texts = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in key)
    filled = sql.SQL(" AND ").join(sql.SQL("{} IS NOT NULL").format(sql.Identifier(name)) for name in key)
    rows = connection.execute(
        sql.SQL("SELECT {} FROM {} WHERE {} LIMIT {}").format(texts, table.identifier, filled, _KEYS)
    ).fetchall()
    return tuple(cast("list[tuple[str, ...]]", rows)) or (("0",) * len(key),)


def _insert(connection: psycopg.Connection[Any], table: Table) -> sql.Composed | None:
    """An INSERT of the columns that must be named and those that must differ, else with the values of a row."""
    fresh = table.fresh
    columns = [column for column in table.columns if column.required or column.name in fresh]
    if not columns:
        return sql.SQL("INSERT INTO {} DEFAULT VALUES").format(table.identifier)
    row = connection.execute(
        sql.SQL("SELECT {} FROM {} LIMIT 1").format(
            sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column.name)) for column in columns),
            table.identifier,
        )
    ).fetchone()
    values = dict(zip((column.name for column in columns), row or (None,) * len(columns), strict=True))
    number = sql.SQL("CAST(%s AS bigint)")
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        table.identifier,
        _listed(columns),
        sql.SQL(", ").join(
            _as(
                sql.SQL(fresh[column.name]).format(n=number)
                if column.name in fresh
                else sql.SQL(cast("LiteralString", _literal(connection, values[column.name]))),
                column,
            )
            for column in columns
        ),
    )


def _literal(connection: psycopg.Connection[Any], value: str | None) -> str:
    # the text is a client's, with placeholders
    return sql.Literal(value).as_string(connection).replace("%", "%%")


def _expression(base: str) -> LiteralString | None:
    """A value of a type for a number, another for each; None for types that have too few."""
    name, _, modifier = base.partition("(")
    if name in ("character varying", "character"):
        length = int(modifier.partition(")")[0] or _AMPLE)
        return "lpad(to_hex({n}), 8, '0')" if length >= _HEX else "to_hex({n})"
    return _FRESH.get(base if base.startswith("timestamp") else name)
