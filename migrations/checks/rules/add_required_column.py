"""ADD COLUMN ... NOT NULL without a value for the rows that are there."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..impact import Impact, Table, impacts
from ..model import Context, Finding, Rule, Step
from ..trees import Command, default_of, is_null, type_name
from .serial_or_generated_column import SERIALS

NAME = "add-required-column"
_REQUIRED = (pg_query_pb2.CONSTR_NOTNULL, pg_query_pb2.CONSTR_PRIMARY)
_FILLED = (pg_query_pb2.CONSTR_IDENTITY, pg_query_pb2.CONSTR_GENERATED)


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for command, table in impact.altered(pg_query_pb2.AT_AddColumn):
            if _is_required(command.column) and not _has_value(command.column) and not _was_taken(impact, table):
                yield impact.finding(
                    NAME,
                    table,
                    f"column {_name(command)} of {table} is NOT NULL and has no default: this fails where there are"
                    " rows, and so do the INSERTs of the release before",
                    "give it a DEFAULT, or add it without NOT NULL, fill it in batches, and require it later",
                )


def _name(command: Command) -> str:
    return command.column.colname


def _is_required(column: pg_query_pb2.ColumnDef) -> bool:
    return any(item.constraint.contype in _REQUIRED for item in column.constraints)


def _has_value(column: pg_query_pb2.ColumnDef) -> bool:
    filled = any(item.constraint.contype in _FILLED for item in column.constraints)
    default = default_of(column)
    return filled or type_name(column.type_name) in SERIALS or (default is not None and not is_null(default))


def _was_taken(impact: Impact, table: Table) -> bool:
    """A domain may bring a default of its own: then PostgreSQL takes the column although there are rows."""
    return table.observed and impact.effect.error is None and table.own.rows


RULE = Rule(NAME, "A column is NOT NULL and has no value for the rows that are there.", _judge)
