"""SET NOT NULL that reads the whole table under ACCESS EXCLUSIVE."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..impact import Impact, Table, constraints, impacts
from ..model import Context, Finding, Rule, Step
from ..trees import Command

NAME = "set-not-null-scan"


def _judge(step: Step, context: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for command, table in _made_required(impact):
            if table.scanned and table.shut and not table.rewritten:
                yield impact.finding(
                    NAME,
                    table,
                    f"SET NOT NULL on {command.name or 'a column'} reads {table} whole while nobody can use it",
                    _safe(context.major),
                )
            elif not table.observed:
                message = f"SET NOT NULL on {command.name or 'a column'} reads {table} whole unless a CHECK proves it"
                yield impact.finding(NAME, table, message, _safe(context.major), "note")


def _made_required(impact: Impact) -> Iterator[tuple[Command, Table]]:
    yield from impact.altered(pg_query_pb2.AT_SetNotNull)
    # PostgreSQL 18: ADD CONSTRAINT name NOT NULL column
    for command, constraint, table in constraints(impact, pg_query_pb2.CONSTR_NOTNULL):
        if command.subtype == pg_query_pb2.AT_AddConstraint and not constraint.skip_validation:
            yield command, table


def _safe(major: int) -> str:
    if major >= 18:
        return "ADD CONSTRAINT ... NOT NULL column NOT VALID, commit, then VALIDATE CONSTRAINT"
    return (
        "ADD CONSTRAINT ... CHECK (column IS NOT NULL) NOT VALID, commit, VALIDATE CONSTRAINT, commit,"
        " then SET NOT NULL and drop the CHECK"
    )


RULE = Rule(NAME, "SET NOT NULL reads the whole table while nobody can use it.", _judge)
