"""A foreign key that is added and validated at once."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..impact import Impact, Table, constraints, impacts
from ..model import Context, Finding, Rule, Step
from ..trees import default_of, relation

NAME = "foreign-key-not-valid"


def _judge(step: Step, context: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for command, constraint, table in constraints(impact, pg_query_pb2.CONSTR_FOREIGN):
            new_column = command.subtype == pg_query_pb2.AT_AddColumn
            if constraint.skip_validation or not constraint.is_enforced or not table.read:
                continue
            # a new column without a default holds nothing that could be wrong
            if new_column and not table.observed and default_of(command.column) is None:
                continue
            if new_column and table.rewritten:
                continue
            yield impact.finding(
                NAME,
                table,
                f"every row of {table} is compared with {relation(constraint.pktable)}"
                f" while nobody can write to {_both(impact, table, relation(constraint.pktable))}",
                _safe(table, context.major),
            )


def _both(impact: Impact, table: Table, referenced: str) -> str:
    others = [item for item in impact.named(referenced) if item.relation != table.relation]
    return "either" if others else "it"


def _safe(table: Table, major: int) -> str:
    if table.own.kind == "p" and major < 18:
        return "add it NOT VALID to each partition, VALIDATE each, then to the parent, which takes them over"
    return "ADD CONSTRAINT ... FOREIGN KEY ... NOT VALID, commit, then VALIDATE CONSTRAINT"


RULE = Rule(NAME, "A foreign key compares every row while nobody can write to both tables.", _judge)
