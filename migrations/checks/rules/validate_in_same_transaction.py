"""VALIDATE CONSTRAINT in the transaction that holds a strong lock on the table."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..effects import Lock
from ..impact import Impact, Table, impacts
from ..model import Context, Finding, Rule, Step

NAME = "validate-in-same-transaction"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    added: set[tuple[int, str]] = set()
    for impact in impacts(step):
        for command, table in impact.altered(pg_query_pb2.AT_AddConstraint):
            if command.constraint.skip_validation:
                added.add((impact.effect.transaction, table.relation))
        for command, table in impact.altered(pg_query_pb2.AT_ValidateConstraint):
            if _is_under_lock(impact, table, added):
                yield impact.finding(
                    NAME,
                    table,
                    f"VALIDATE CONSTRAINT {command.name} reads {table} whole while this transaction still holds"
                    f" {table.lock or 'the lock of ADD CONSTRAINT'}",
                    "commit after ADD CONSTRAINT ... NOT VALID: VALIDATE CONSTRAINT in a revision of its own",
                )


def _is_under_lock(impact: Impact, table: Table, added: set[tuple[int, str]]) -> bool:
    if not table.observed:
        return (impact.effect.transaction, table.relation) in added
    return table.scanned and table.lock is not None and table.lock >= Lock.SHARE


RULE = Rule(NAME, "A constraint is validated while the transaction still holds a strong lock.", _judge)
