"""An exclusion constraint on a table in use."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..impact import constraints, impacts
from ..model import Context, Finding, Rule, Step

NAME = "exclusion-constraint"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for _command, _constraint, table in constraints(impact, pg_query_pb2.CONSTR_EXCLUSION):
            if table.read and table.shut:
                yield impact.finding(
                    NAME,
                    table,
                    f"EXCLUDE builds its index on {table} and then tries every row, while nobody can use it",
                    "PostgreSQL has no other way: do it while the table is small, or fill a new table that has it",
                )


RULE = Rule(NAME, "An exclusion constraint reads the table twice while nobody can use it.", _judge)
