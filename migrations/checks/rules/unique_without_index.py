"""A UNIQUE constraint that builds its index under ACCESS EXCLUSIVE."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..impact import constraints, impacts
from ..model import Context, Finding, Rule, Step

NAME = "unique-without-index"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for command, constraint, table in constraints(impact, pg_query_pb2.CONSTR_UNIQUE):
            new_column = command.subtype == pg_query_pb2.AT_AddColumn
            if constraint.indexname or not (table.read and table.shut) or (new_column and table.rewritten):
                continue
            yield impact.finding(
                NAME,
                table,
                f"UNIQUE builds its index on {table} while nobody can use it",
                ("add the column, then " if new_column else "")
                + "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... UNIQUE USING INDEX",
            )


RULE = Rule(NAME, "A UNIQUE constraint builds its index while nobody can use the table.", _judge)
