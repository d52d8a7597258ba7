"""Whatever else reads a table whole under a lock that stops writes."""

from __future__ import annotations

from collections.abc import Iterator

from ..effects import Lock
from ..impact import Impact, Table, impacts
from ..model import Context, Finding, Rule, Step
from ..trees import kind_of, names, relation
from . import (
    add_required_column,
    attach_partition_scan,
    check_not_valid,
    collation_change,
    default_partition_scan,
    exclusion_constraint,
    foreign_key_not_valid,
    index_not_concurrent,
    primary_key_scan,
    reindex_not_concurrent,
    set_not_null_scan,
    table_rewrite,
    unique_without_index,
    validate_in_same_transaction,
)

NAME = "scan-under-lock"
_SPECIFIC = (
    *table_rewrite.SPECIFIC,
    add_required_column.RULE,
    attach_partition_scan.RULE,
    check_not_valid.RULE,
    collation_change.RULE,
    default_partition_scan.RULE,
    exclusion_constraint.RULE,
    foreign_key_not_valid.RULE,
    index_not_concurrent.RULE,
    primary_key_scan.RULE,
    reindex_not_concurrent.RULE,
    set_not_null_scan.RULE,
    table_rewrite.RULE,
    unique_without_index.RULE,
    validate_in_same_transaction.RULE,
)
_QUERIES = frozenset(
    {
        "select_stmt",
        "insert_stmt",
        "update_stmt",
        "delete_stmt",
        "merge_stmt",
        "copy_stmt",
        "explain_stmt",
        "create_table_as_stmt",
        "refresh_mat_view_stmt",
        "vacuum_stmt",
    }
)


def _judge(step: Step, context: Context) -> Iterator[Finding]:
    said = {(item.where, item.statement) for rule in _SPECIFIC for item in rule.judge(step, context)}
    for impact in impacts(step):
        if (impact.effect.where, impact.effect.sql) in said or default_partition_scan.adds_partition(impact):
            continue
        for table in impact.tables:
            if _is_read_under_lock(impact, table):
                yield impact.finding(
                    NAME,
                    table,
                    f"{table} is read whole while {_stopped(table)}",
                    "split it: what only declares (NOT VALID) first, what reads the rows in a transaction of its own",
                )


def _is_read_under_lock(impact: Impact, table: Table) -> bool:
    if not table.scanned or table.rewritten or table.own.dropped or (table.lock or Lock.ACCESS_SHARE) < Lock.SHARE:
        return False
    if table.own.kind == "m" and table.lock != Lock.ACCESS_EXCLUSIVE:
        # only other refreshes wait
        return False
    if any(item.written for item in table.all) or _is_referred_to(impact, table):
        return False
    # a query under a lock that an earlier statement took is told of with that one
    # (what does not parse has parameters: DDL takes none)
    inner = [kind for kind in map(kind_of, impact.nodes) if kind != "do_stmt"]
    only_asks = impact.effect.tree is None or (bool(inner) and set(inner) <= _QUERIES)
    return not only_asks or (table.newly or Lock.ACCESS_SHARE) >= Lock.SHARE


def _is_referred_to(impact: Impact, table: Table) -> bool:
    """A foreign key of a table that is new and empty: the one it refers to is at most glanced at."""
    return table.lock != Lock.ACCESS_EXCLUSIVE and any(
        names(relation(constraint.pktable), table.relation)
        for command in impact.commands
        for constraint in command.constraints
    )


def _stopped(table: Table) -> str:
    return "nobody can use it" if table.lock == Lock.ACCESS_EXCLUSIVE else "nobody can write to it"


RULE = Rule(NAME, "A table is read whole under a lock that stops writes.", _judge)
