"""DETACH PARTITION without CONCURRENTLY."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..effects import Lock
from ..impact import Impact, Table, impacts
from ..model import Context, Finding, Rule, Step
from ..trees import Command, names, relation

NAME = "detach-not-concurrent"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for command, table in impact.altered(pg_query_pb2.AT_DetachPartition):
            if command.partition.concurrent:
                continue
            message = (
                f"DETACH PARTITION {relation(command.partition.name)} waits for everybody who uses {table.relation},"
                " and all others queue behind it"
            )
            if _has_default(impact, command, table):
                # PostgreSQL refuses CONCURRENTLY then
                safe = "a short lock_timeout and another try: there is a DEFAULT partition, so not CONCURRENTLY"
                yield impact.finding(NAME, table, message, safe, "note")
            else:
                safe = "DETACH PARTITION ... CONCURRENTLY, outside a transaction"
                yield impact.finding(NAME, table, message, safe, "warning")


def _has_default(impact: Impact, command: Command, table: Table) -> bool:
    """A DEFAULT partition is locked against everybody whenever another one leaves."""
    detached = relation(command.partition.name)
    return any(
        item.taken == Lock.ACCESS_EXCLUSIVE and item.root == table.relation and not names(detached, item.relation)
        for item in impact.effect.touched
        if item.is_table
    )


RULE = Rule(NAME, "A partition is detached under a lock that stops all reads and writes.", _judge, severity="warning")
