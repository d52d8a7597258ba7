"""Rows for the tables of a scratch database, so that what migrations do to rows can be seen.

Values come from column types, CHECKs and foreign keys. A row that PostgreSQL refuses is mended where it says: other
values for the columns of the constraint that it names, until the row is taken or the tries are used up.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString, cast

import psycopg
from psycopg import errors, sql
from psycopg.rows import dict_row

from ...schema.core.sql import query
from .values import Column, candidates

QUERIES = Path(__file__).parent / "queries"
ROWS = 3
_TRIES = 120
_FEW_TRIES = 20
_FREE = 1_000_000
_CHOICE = 20
_NULLS = 0.4
_OWN = frozenset({"id", "created_at", "updated_at"})


Send = Callable[[Mapping[str, str | None]], None]
"""Inserts one row of these values, as text."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A CHECK (`c`) or foreign key (`f`) of a table; `target` is the oid of the referenced one."""

    name: str
    kind: str
    definition: str
    columns: tuple[str, ...]
    target: int | None
    target_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be filled. `partition_key` is empty for one that is not partitioned."""

    oid: int
    schema: str
    name: str
    owner: str
    partition_key: str
    has_partitions: bool
    columns: tuple[Column, ...]
    constraints: tuple[Constraint, ...]
    all_columns: tuple[str, ...]

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.name)

    @property
    def keys(self) -> tuple[Constraint, ...]:
        return tuple(item for item in self.constraints if item.kind == "f")

    def checks_of(self, column: str) -> tuple[str, ...]:
        return tuple(c.definition for c in self.constraints if c.kind == "c" and (column in c.columns or not c.columns))


def fill(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Put rows into every table that holds none; why not, by table, where PostgreSQL took none.

    A partitioned table without partitions gets three first. Commits.
    """
    tables = fillable(connection)
    refused: dict[str, str] = {}
    for table in _referenced_first(tables):
        if table.partition_key and not table.has_partitions:
            _give_partitions(connection, table)
        if _has_rows(connection, table):
            continue
        reason = _insert_rows(connection, table, {item.oid: item for item in tables})
        if reason is not None:
            refused[f"{table.schema}.{table.name}"] = reason
    connection.commit()
    return refused


def more(connection: psycopg.Connection[Any], names: Collection[tuple[str, str]], numbers: Iterable[int]) -> int:
    """Put further rows, with other values, into the tables `names` (schema and name); how many PostgreSQL took.

    Rows of other numbers have other values (`fill` uses 0 to 2). Does not commit.
    """
    tables = fillable(connection)
    by_oid = {table.oid: table for table in tables}
    taken = 0
    for table in _referenced_first([table for table in tables if (table.schema, table.name) in names]):
        for number in numbers:
            attempt = Attempt(connection, table, by_oid, number)
            attempt.take_free_key()
            taken += attempt.insert(_FEW_TRIES) is None
    return taken


def fillable(connection: psycopg.Connection[Any]) -> tuple[Table, ...]:
    """The tables that rows can be put into, partitions apart."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return tuple(map(_table, cursor.execute(query(QUERIES, "fillable")).fetchall()))


def _table(row: Mapping[str, Any]) -> Table:
    columns = [
        Column(
            name=item["name"],
            type=item["type"],
            not_null=item["not_null"],
            has_default=item["has_default"],
            element=item["element"] or "",
            category=item["category"],
            labels=tuple(item["labels"] or ()),
        )
        for item in row["columns"] or ()
        if not item["filled"]
    ]
    constraints = [
        Constraint(
            name=item["name"],
            kind=item["kind"],
            definition=item["definition"],
            columns=tuple(item["columns"] or ()),
            target=item["target"] or None,
            target_columns=tuple(item["target_columns"] or ()),
        )
        for item in row["constraints"] or ()
    ]
    return Table(
        row["oid"],
        row["schema"],
        row["name"],
        row["owner"],
        row["partition_key"],
        row["has_partitions"],
        tuple(columns),
        tuple(constraints),
        tuple(item["name"] for item in row["columns"] or ()),
    )


def _referenced_first(tables: Sequence[Table]) -> Iterator[Table]:
    """Tables after those they refer to; in a circle, whichever comes first."""
    waiting = {table.oid: table for table in tables}
    while waiting:
        ready = [
            table
            for table in waiting.values()
            if not any(key.target in waiting and key.target != table.oid for key in table.keys)
        ]
        for table in ready or list(waiting.values())[:1]:
            yield waiting.pop(table.oid)


def _has_rows(connection: psycopg.Connection[Any], table: Table) -> bool:
    row = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(table.identifier)).fetchone()
    return bool(row and row[0])


def _insert_rows(connection: psycopg.Connection[Any], table: Table, tables: Mapping[int, Table]) -> str | None:
    """Insert a few rows; PostgreSQL's last word when it took not even one."""
    last = None
    taken = 0
    for number in range(ROWS):
        last = Attempt(connection, table, tables, number).insert()
        taken += last is None
    return last if not taken else None


class Attempt:
    """One row, tried and mended until PostgreSQL takes it.

    `send` inserts the values by its own statement; without one all columns are named. Rows of other numbers have
    other values.
    """

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        table: Table,
        tables: Mapping[int, Table],
        number: int,
        send: Send | None = None,
    ) -> None:
        self.connection = connection
        self.send: Send = send or self._insert
        self.table = table
        self.number = number
        self.refusal: psycopg.Error | None = None
        self.options = {column.name: self._options(column) for column in table.columns}
        self.chosen = {name: values[0] if values else None for name, values in self.options.items()}
        self.random = random.Random(f"{table.schema}.{table.name}.{number}")
        self.tables = tables
        for key in table.keys:
            self._follow(key)

    def _options(self, column: Column) -> tuple[str | None, ...]:
        return candidates(column, self.table.checks_of(column.name), self.number)

    def _follow(self, key: Constraint, *, anyhow: bool = False) -> None:
        """Take the key of a row that is there, NULL when there is none; with `anyhow` that of any row.

        What the row says under the same names is taken over: a refund is in its payment's currency.
        """
        target = self.tables.get(key.target or 0)
        if target is None:
            return
        rows = self._rows_of(target)
        if not rows:
            self.chosen.update(dict.fromkeys(key.columns))
            return
        row = self.random.choice(rows) if anyhow else rows[self.number % len(rows)]
        theirs = {column.name: column.type for column in target.columns}
        for column in self.table.columns:
            if theirs.get(column.name) == column.type and column.name not in _OWN and not self._follows(column.name):
                self.chosen[column.name] = row[column.name]
        self.chosen.update((ours, row[name]) for ours, name in zip(key.columns, key.target_columns, strict=True))

    def _rows_of(self, target: Table) -> list[dict[str, str | None]]:
        with self.connection.cursor(row_factory=dict_row) as cursor:
            texts = sql.SQL("SELECT {} FROM {} LIMIT {}").format(
                sql.SQL(", ").join(
                    sql.SQL("{0}::text AS {0}").format(sql.Identifier(name)) for name in target.all_columns
                ),
                target.identifier,
                sql.Literal(_CHOICE),
            )
            return cast("list[dict[str, str | None]]", cursor.execute(texts).fetchall())

    def take_free_key(self) -> None:
        """A number for the key that `fill` never uses."""
        for column in self.table.columns:
            if column.name == "id" and column.type in ("integer", "bigint") and not self._follows(column.name):
                self.options[column.name] = (str(_FREE + self.number),)
                self.chosen[column.name] = self.options[column.name][0]

    def insert(self, tries: int = _TRIES) -> str | None:
        """None when the row was taken, else what PostgreSQL said last."""
        said = ""
        for _ in range(tries):
            try:
                with self.connection.transaction():
                    self.send(self.chosen)
            except psycopg.Error as error:
                said = error.diag.message_primary or str(error)
                self.refusal = error
                self._mend(error)
            else:
                return None
        return said

    def _insert(self, _chosen: Mapping[str, str | None]) -> None:
        self.connection.execute(self._statement())

    def _statement(self) -> sql.Composed:
        types = {column.name: column.type for column in self.table.columns}
        columns = [name for name in self.chosen if name in types]
        if not columns:
            return sql.SQL("INSERT INTO {} DEFAULT VALUES").format(self.table.identifier)
        return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            self.table.identifier,
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(
                sql.SQL("CAST({} AS {})").format(
                    # format_type of the catalog, which quotes what needs it
                    sql.Literal(self.chosen[name]),
                    sql.SQL(cast("LiteralString", types[name])),
                )
                for name in columns
            ),
        )

    def _mend(self, error: psycopg.Error) -> None:
        names = self._blamed(error)
        if isinstance(error, errors.NotNullViolation):
            for name in names:
                self.chosen[name] = next((value for value in self.options[name] if value is not None), "")
            if names:
                return
        for name in names or list(self.options):
            keys = self._follows(name)
            if keys and None in self.options[name] and self.random.random() < _NULLS:
                self.chosen[name] = None
            elif keys:
                self._follow(self.random.choice(keys), anyhow=True)
            elif self.options[name]:
                self.chosen[name] = self.random.choice(self.options[name])

    def _blamed(self, error: psycopg.Error) -> list[str]:
        """The columns that an error is about."""
        if error.diag.column_name in self.options:
            return [error.diag.column_name]
        named = [c for c in self.table.constraints if c.name == error.diag.constraint_name]
        if named:
            return [name for name in named[0].columns if name in self.options]
        detail = error.diag.message_detail or ""
        listed = detail.partition("Key (")[2].partition(")=")[0]
        return [name for name in (part.strip().strip('"') for part in listed.split(",")) if name in self.options]

    def _follows(self, name: str) -> list[Constraint]:
        """The foreign keys that a column is part of."""
        return [key for key in self.table.keys if name in key.columns]


def _give_partitions(connection: psycopg.Connection[Any], table: Table) -> None:
    """Three partitions for a parent that has none: a change of the parent reaches each of them."""
    with connection.transaction():
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(table.owner)))
        for number, bound in enumerate(_bounds(table), start=1):
            child = sql.Identifier(table.schema, f"{table.name[:50]}_airside_{number}")
            connection.execute(
                sql.SQL("CREATE TABLE {} PARTITION OF {} {}").format(
                    child, table.identifier, sql.SQL(cast("LiteralString", bound))
                )
            )
        # a savepoint that is released keeps what was SET LOCAL in it
        connection.execute("RESET ROLE")


def _bounds(table: Table) -> Iterator[str]:
    strategy, _, rest = table.partition_key.partition(" (")
    keys = rest.rstrip(")").split(", ")
    if strategy == "HASH":
        yield from (f"FOR VALUES WITH (MODULUS 3, REMAINDER {n})" for n in range(3))
        return
    kinds = {column.name: column.type for column in table.columns}
    kind = kinds.get(keys[0].strip('"'), "")
    if strategy == "RANGE" and len(keys) == 1 and (kind.startswith("timestamp") or kind == "date"):
        yield "FOR VALUES FROM (MINVALUE) TO ('2026-01-01')"
        yield "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
        yield "FOR VALUES FROM ('2027-01-01') TO (MAXVALUE)"
    elif strategy == "RANGE" and len(keys) == 1 and kind in ("integer", "bigint", "smallint"):
        yield "FOR VALUES FROM (MINVALUE) TO (2)"
        yield "FOR VALUES FROM (2) TO (1000)"
        yield "FOR VALUES FROM (1000) TO (MAXVALUE)"
    elif strategy == "RANGE":
        yield f"FOR VALUES FROM ({', '.join(['MINVALUE'] * len(keys))}) TO ({', '.join(['MAXVALUE'] * len(keys))})"
    else:
        yield "DEFAULT"
