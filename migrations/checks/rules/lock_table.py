"""LOCK TABLE in a mode that stops writes."""

from __future__ import annotations

from collections.abc import Iterator

from ..effects import Lock
from ..impact import impacts
from ..model import Context, Finding, Rule, Severity, Step
from ..trees import relation

NAME = "lock-table"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for node in impact.of_kind("lock_stmt"):
            mode = Lock(node.lock_stmt.mode)
            if "writes" not in mode.blocks:
                continue
            severity: Severity = "error" if mode == Lock.ACCESS_EXCLUSIVE and not node.lock_stmt.nowait else "warning"
            stopped = "use" if "reads" in mode.blocks else "write to"
            for item in node.lock_stmt.relations:
                for table in impact.named(relation(item.range_var)):
                    yield impact.finding(
                        NAME,
                        table,
                        f"LOCK TABLE ... IN {mode} MODE: nobody can {stopped} {table} until the transaction ends",
                        "leave it out, PostgreSQL takes the lock that a statement needs; or SHARE UPDATE EXCLUSIVE"
                        " to keep other migrations away",
                        severity,
                    )


RULE = Rule(NAME, "A table is locked against writes until the transaction ends.", _judge)
