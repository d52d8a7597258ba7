"""CREATE INDEX without CONCURRENTLY on a table in use."""

from __future__ import annotations

from collections.abc import Iterator

from ..effects import Lock
from ..impact import Impact, Table, impacts
from ..model import Context, Finding, Rule, Step
from ..trees import relation

NAME = "index-not-concurrent"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for table in _built_on(impact):
            if table.own.kind == "m":
                yield impact.finding(
                    NAME,
                    table,
                    f"CREATE INDEX keeps {table} from being refreshed until the index is built",
                    "CREATE INDEX CONCURRENTLY, outside a transaction",
                    "note",
                )
            else:
                yield impact.finding(
                    NAME, table, f"CREATE INDEX blocks writes to {table} until the index is built", _safe(table)
                )


def _built_on(impact: Impact) -> tuple[Table, ...]:
    found: dict[str, Table] = {}
    for node in impact.of_kind("index_stmt"):
        index = node.index_stmt
        for table in impact.named(relation(index.relation)):
            if not index.concurrent and table.read and (table.observed or index.relation.inh):
                found[table.relation] = table
    # SHARE is the lock of no other statement that makes an index: an EXECUTE of text that is not in the file
    if any(item.kind in "iI" and item.created for item in impact.effect.touched):
        for table in impact.tables:
            if table.newly == Lock.SHARE and table.scanned and not impact.effect.error:
                found.setdefault(table.relation, table)
    return tuple(found.values())


def _safe(table: Table) -> str:
    if table.own.kind == "p":
        return (
            "CREATE INDEX ... ON ONLY the parent, CREATE INDEX CONCURRENTLY on each partition,"
            " then ALTER INDEX ... ATTACH PARTITION"
        )
    return "CREATE INDEX CONCURRENTLY, outside a transaction"


RULE = Rule(NAME, "An index is built while nobody can write to its table.", _judge)
