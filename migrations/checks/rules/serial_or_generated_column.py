"""A new column that PostgreSQL fills row by row: serial, identity, stored generated."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..impact import impacts
from ..model import Context, Finding, Rule, Step
from ..trees import type_name

NAME = "serial-or-generated-column"
SERIALS = frozenset({"serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"})


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for command, table in impact.altered(pg_query_pb2.AT_AddColumn):
            what = filled_as(command.column)
            if what is not None and table.copied:
                yield impact.finding(
                    NAME,
                    table,
                    f"the {what} column {command.column.colname} is filled by writing {table} anew while nobody can"
                    " use it",
                    "add a plain column, a trigger that fills it for new rows, fill the old ones in batches",
                )
        for command, table in impact.altered(pg_query_pb2.AT_SetExpression):
            if table.rewritten:
                yield impact.finding(
                    NAME,
                    table,
                    f"the new expression of {command.name} is stored by writing {table} anew while nobody can use it",
                    "add a plain column, a trigger that fills it for new rows, fill the old ones in batches",
                )


def filled_as(column: pg_query_pb2.ColumnDef) -> str | None:
    """`serial`, `identity` or `generated` where PostgreSQL computes and stores the value of each row."""
    if type_name(column.type_name) in SERIALS:
        return "serial"
    for item in column.constraints:
        if item.constraint.contype == pg_query_pb2.CONSTR_IDENTITY:
            return "identity"
        if item.constraint.contype == pg_query_pb2.CONSTR_GENERATED and item.constraint.generated_kind != "v":
            return "generated"
    return None


RULE = Rule(NAME, "A serial, identity or stored generated column rewrites the table.", _judge)
