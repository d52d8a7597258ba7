"""How each column of a table travels: what is asked of PostgreSQL for it, and what stands for it in a file. Pure.

A column is carried natively where the file's type holds every value that occurs; else as PostgreSQL's own text, with
its type beside it. Values that a native type cannot hold (infinity, NaN, years beyond 9999, arrays of several
dimensions) are looked for, and a column with such values is carried as text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from ...schema.core.sql import query

QUERIES = Path(__file__).parent / "queries"

Carrier = Literal[
    "int16", "int32", "int64", "bool", "float32", "float64", "string", "binary", "timestamptz", "timestamp", "date",
    "time", "uuid", "json", "decimal", "list<int16>", "list<int32>", "list<int64>", "list<float32>", "list<float64>",
    "list<bool>", "list<string>", "text",
]  # fmt: skip
"""What stands for a column in a file; `text` is PostgreSQL's own text of a value."""

_CARRIERS: Mapping[str, Carrier] = {
    "int2": "int16",
    "int4": "int32",
    "int8": "int64",
    "bool": "bool",
    "float4": "float32",
    "float8": "float64",
    "text": "string",
    "varchar": "string",
    "bpchar": "string",
    "bytea": "binary",
    "timestamptz": "timestamptz",
    "timestamp": "timestamp",
    "date": "date",
    "time": "time",
    "uuid": "uuid",
    "json": "json",
    "jsonb": "json",
    "_int2": "list<int16>",
    "_int4": "list<int32>",
    "_int8": "list<int64>",
    "_float4": "list<float32>",
    "_float8": "list<float64>",
    "_bool": "list<bool>",
    "_text": "list<string>",
    "_varchar": "list<string>",
}
_HASHED_AS_THEY_ARE = frozenset({
    "int2", "int4", "int8", "oid", "bool", "text", "varchar", "bpchar", "bytea", "uuid", "date", "time", "timetz",
    "timestamp", "timestamptz", "inet", "cidr", "macaddr", "macaddr8", "jsonb", "name", "char",
})  # fmt: skip
_WIDEST_DECIMAL = 38
_WIDEST_SUMMED = 28
_VARIABLE_HEADER = 4

SETTINGS: Mapping[str, str] = {
    "search_path": "",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "lc_monetary": "C",
    "row_security": "off",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}
"""What a session must have for the texts of values to be the same at any time; policies must not hide rows."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `type` is PostgreSQL's text for its type, `base` the name of the built-in type under every domain
    (empty when it is none), `kind` pg_type.typtype, `modifier` that of the base type.
    """

    name: str
    type: str
    base: str
    kind: str
    modifier: int
    is_domain: bool
    deterministic: bool
    not_null: bool
    generated: str
    has_default: bool

    @property
    def decimal(self) -> tuple[int, int] | None:
        """Precision and scale of a constrained numeric that a file's decimal can hold."""
        if self.base != "numeric" or self.modifier < _VARIABLE_HEADER:
            return None
        precision, scale = (self.modifier - _VARIABLE_HEADER) >> 16, (self.modifier - _VARIABLE_HEADER) & 0x7FF
        # eleven bits, signed: PostgreSQL 15 has negative scales and scales above the precision
        return (precision, scale) if precision <= _WIDEST_DECIMAL and scale <= precision else None

    def carrier(self, awkward: Collection[str] = ()) -> Carrier:
        """How the column travels; columns named in `awkward` hold values that only text can."""
        if self.name in awkward:
            return "text"
        return "decimal" if self.decimal else _CARRIERS.get(self.base, "text")

    def selected(self, awkward: Collection[str] = ()) -> sql.Composable:
        """What is selected for it from the table `t`."""
        column = sql.Identifier("t", self.name)
        if self.carrier(awkward) == "text":
            return sql.SQL("{}::text").format(column)
        if self.is_domain:
            return sql.SQL("{}::{}").format(column, sql.SQL(cast("Any", f"pg_catalog.{self.base}")))
        return column

    def hashed(self) -> sql.Composable:
        """What goes into the digest of a row: equal only when the values are."""
        column = sql.Identifier("t", self.name)
        if not self.deterministic:
            return sql.SQL('{}::text COLLATE "C"').format(column)
        exact = self.base in _HASHED_AS_THEY_ARE or self.decimal
        return column if exact else sql.SQL("{}::text").format(column)

    def awkward(self) -> sql.Composable | None:
        """A condition on rows of `t` whose value the native carrier cannot hold."""
        condition = _AWKWARD.get(self.carrier().partition("<")[0])
        return condition.format(c=sql.Identifier("t", self.name)) if condition is not None else None

    def measured(self, awkward: Collection[str] = ()) -> Mapping[str, sql.Composable]:
        """Statistics by name, as aggregates over rows of `t`. A file gives the same ones."""
        carrier = self.carrier(awkward)
        measures = _MEASURES.get(carrier.partition("<")[0], _NUMBERS)
        if carrier == "string" and self.base == "bpchar":
            # trailing blanks do not count in its order, so the smallest is not one value
            measures = _MEASURES["binary"]
        if self.decimal and self.decimal[0] > _WIDEST_SUMMED:
            measures = {name: measure for name, measure in measures.items() if name != "sum"}
        column = sql.Identifier("t", self.name)
        return {name: measure.format(c=column) for name, measure in {"nulls": _NULLS, **measures}.items()}


_NULLS = sql.SQL("count(*) FILTER (WHERE {c} IS NULL)")
_AWKWARD: Mapping[str, sql.SQL] = {
    "timestamptz": sql.SQL("NOT (isfinite({c}) AND {c} >= '0001-01-01 00:00+00' AND {c} < '10000-01-01 00:00+00')"),
    "timestamp": sql.SQL("NOT (isfinite({c}) AND {c} >= '0001-01-01' AND {c} < '10000-01-01')"),
    "date": sql.SQL("NOT (isfinite({c}) AND {c} >= '0001-01-01' AND {c} < '10000-01-01')"),
    "time": sql.SQL("{c} = '24:00'"),
    "decimal": sql.SQL("{c} = 'NaN'"),
    # a file has no dimensions and counts from the first
    "list": sql.SQL("array_ndims({c}) > 1 OR array_lower({c}, 1) <> 1"),
}
_NUMBERS = {
    "min": sql.SQL("min({c})"),
    "max": sql.SQL("max({c})"),
    "sum": sql.SQL("sum({c})"),
}
_MOMENTS = {
    "min": sql.SQL("extract(epoch FROM min({c}))"),
    "max": sql.SQL("extract(epoch FROM max({c}))"),
    "sum": sql.SQL("sum(extract(epoch FROM {c}))"),
}
# the order in which floats are added changes their sum, and the two sides order NaN differently
_FLOATS = {
    "nan": sql.SQL("count(*) FILTER (WHERE {c} = 'NaN')"),
    "min": sql.SQL("min({c}::float8) FILTER (WHERE {c} <> 'NaN')"),
    "max": sql.SQL("max({c}::float8) FILTER (WHERE {c} <> 'NaN')"),
}
_MEASURES: Mapping[str, Mapping[str, sql.SQL]] = {
    "bool": {"sum": sql.SQL("count(*) FILTER (WHERE {c})")},
    "float32": _FLOATS,
    "float64": _FLOATS,
    "string": {
        "min": sql.SQL('min({c} COLLATE "C")'),
        "max": sql.SQL('max({c} COLLATE "C")'),
        "length": sql.SQL("sum(octet_length({c}))"),
    },
    "binary": {"length": sql.SQL("sum(octet_length({c}))")},
    "uuid": {"min": sql.SQL("min({c}::text)"), "max": sql.SQL("max({c}::text)")},
    "json": {"length": sql.SQL("sum(octet_length({c}::text))")},
    "text": {"length": sql.SQL("sum(octet_length({c}::text))")},
    "list": {"length": sql.SQL("sum(cardinality({c}))")},
    "timestamptz": _MOMENTS,
    "timestamp": _MOMENTS,
    "time": _MOMENTS,
    "date": {
        # a subtraction fails on infinity, which is looked for in the same query
        "min": sql.SQL("min({c} - '1970-01-01'::date) FILTER (WHERE isfinite({c}))"),
        "max": sql.SQL("max({c} - '1970-01-01'::date) FILTER (WHERE isfinite({c}))"),
        "sum": sql.SQL("sum({c} - '1970-01-01'::date) FILTER (WHERE isfinite({c}))"),
    },
}


def read_columns(connection: psycopg.Connection[Any], table_oid: int) -> tuple[Column, ...]:
    """The columns of a table. The session has SETTINGS."""
    with connection.cursor(row_factory=class_row(Column)) as cursor:
        return tuple(cursor.execute(query(QUERIES, "columns"), {"table_oid": table_oid}).fetchall())


def settle(connection: psycopg.Connection[Any]) -> None:
    """Give the session SETTINGS; inside a transaction they end with it."""
    local = connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE
    for name, value in SETTINGS.items():
        connection.execute("SELECT pg_catalog.set_config(%s, %s, %s)", [name, value, local])


def row_digest(columns: Sequence[Column]) -> sql.Composable:
    """The digest of all rows of `t` as an aggregate: the sum of a 64-bit hash of each row, order and server aside.

    Two rows alike do not cancel each other. The hash may differ between major versions.
    """
    return sql.SQL("coalesce(sum(pg_catalog.hash_record_extended(ROW({}), 0)), 0)").format(
        sql.SQL(", ").join(column.hashed() for column in columns)
    )
