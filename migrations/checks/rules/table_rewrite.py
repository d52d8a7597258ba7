"""Whatever else rewrites a table: what DO blocks and functions do, and forms that no other rule knows."""

from __future__ import annotations

from collections.abc import Iterator

from ..impact import Impact, impacts
from ..model import Context, Finding, Rule, Step
from ..trees import names, relation
from . import (
    domain_constraint_scan,
    refresh_not_concurrent,
    serial_or_generated_column,
    storage_rewrite,
    type_change,
    vacuum_full_or_cluster,
    volatile_default,
)

NAME = "table-rewrite"
SPECIFIC = (
    domain_constraint_scan.RULE,
    refresh_not_concurrent.RULE,
    serial_or_generated_column.RULE,
    storage_rewrite.RULE,
    type_change.RULE,
    vacuum_full_or_cluster.RULE,
    volatile_default.RULE,
)


def _judge(step: Step, context: Context) -> Iterator[Finding]:
    said = {(item.where, item.statement) for rule in SPECIFIC for item in rule.judge(step, context)}
    for impact in impacts(step):
        if (impact.effect.where, impact.effect.sql) in said:
            continue
        for table in impact.tables:
            if table.rewritten and not _is_emptied(impact, table.relation):
                yield impact.finding(
                    NAME,
                    table,
                    f"{table} is written anew while nobody can use it",
                    "a new column or table beside it, filled in batches",
                )


def _is_emptied(impact: Impact, table: str) -> bool:
    return any(
        names(relation(item.range_var), table) or node.truncate_stmt.behavior
        for node in impact.of_kind("truncate_stmt")
        for item in node.truncate_stmt.relations
    )


RULE = Rule(NAME, "A table is rewritten while nobody can use it.", _judge)
