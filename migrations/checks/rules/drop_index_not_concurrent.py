"""DROP INDEX without CONCURRENTLY on a table in use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from postgast import pg_query_pb2

from ....schema.core.catalog import Key
from ..effects import Lock, Touched
from ..impact import Impact, Table, impacts
from ..model import Context, Finding, Rule, Step, about
from ..trees import names, object_name

NAME = "drop-index-not-concurrent"
_SAFE = "DROP INDEX CONCURRENTLY, outside a transaction"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    made: set[str] = set()
    for impact in impacts(step):
        made.update(node.index_stmt.idxname for node in impact.of_kind("index_stmt"))
        written = [name for node in impact.of_kind("drop_stmt") for name in _dropped(node.drop_stmt)]
        written = [name for name in written if name.rpartition(".")[2] not in made]
        if not written:
            continue
        if not step.before.major:
            message = f"DROP INDEX {', '.join(written)} waits for everybody who uses the table, and all others for it"
            yield about(NAME, impact.effect, message, _SAFE, severity="warning")
        else:
            yield from _observed(impact, _gone(impact, written))


def _dropped(statement: pg_query_pb2.DropStmt) -> Iterator[str]:
    if statement.remove_type == pg_query_pb2.OBJECT_INDEX and not statement.concurrent:
        yield from map(object_name, statement.objects)


def _gone(impact: Impact, written: Sequence[str]) -> tuple[Touched, ...]:
    gone = (item for item in impact.effect.touched if item.kind in "iI" and item.dropped and not item.created)
    return tuple(item for item in gone if any(names(name, item.relation) for name in written))


def _observed(impact: Impact, indexes: Sequence[Touched]) -> Iterator[Finding]:
    tables = _tables(impact, indexes)
    if not indexes or not tables:
        return
    listed = ", ".join(item.relation for item in indexes if item.root is None)
    on = f" on {', '.join(map(str, tables))}"
    # PostgreSQL knows no way to drop the index of a partitioned table concurrently
    partitioned = any(item.kind == "I" for item in indexes)
    yield about(
        NAME,
        impact.effect,
        f"DROP INDEX {listed}{on} waits for everybody who uses the table, and all others queue behind it",
        "a short lock_timeout and another try" if partitioned else _SAFE,
        relation=tables[0].relation,
        observed=tables[0].shown,
        severity="note" if partitioned else "warning",
    )


def _tables(impact: Impact, indexes: Sequence[Touched]) -> list[Table]:
    """The tables in use of the indexes: locked against everybody, or named by the catalog where no lock was seen."""
    locked = [table for table in impact.tables if table.lock == Lock.ACCESS_EXCLUSIVE]
    if locked:
        return locked
    known = (impact.step.before.get(Key("index", tuple(item.relation.split(".", 1)))) for item in indexes)
    owners = {".".join(cast("list[str]", index.properties["table"])) for index in known if index is not None}
    return [table for owner in sorted(owners) for table in impact.named(owner)]


RULE = Rule(NAME, "An index is dropped under a lock that stops reads and writes.", _judge, severity="warning")
