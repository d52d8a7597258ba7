"""A CHECK that is added and validated at once."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..impact import constraints, impacts
from ..model import Context, Finding, Rule, Step

NAME = "check-not-valid"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for command, constraint, table in constraints(impact, pg_query_pb2.CONSTR_CHECK):
            new_column = command.subtype == pg_query_pb2.AT_AddColumn
            if constraint.skip_validation or not (table.read and table.shut) or (new_column and table.rewritten):
                continue
            if not constraint.is_enforced:
                continue
            yield impact.finding(
                NAME,
                table,
                f"the CHECK{f' {constraint.conname}' if constraint.conname else ''} is tried on every row of {table}"
                " while nobody can use it",
                ("add the column first, then " if new_column else "")
                + "ADD CONSTRAINT ... CHECK (...) NOT VALID, commit, then VALIDATE CONSTRAINT",
            )


RULE = Rule(NAME, "A CHECK is tried on every row while nobody can use the table.", _judge)
