"""CREATE or DROP INDEX CONCURRENTLY on a partitioned table, which PostgreSQL refuses."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ....schema.core.catalog import Catalog
from ..impact import Impact, impacts
from ..model import Context, Finding, Rule, Step, about
from ..trees import names, object_name, relation

NAME = "concurrently-on-partitioned-parent"
_BUILD = (
    "CREATE INDEX ... ON ONLY the parent, CREATE INDEX CONCURRENTLY on each partition,"
    " then ALTER INDEX ... ATTACH PARTITION"
)
_DROP = "DROP INDEX with a short lock_timeout, and another try: PostgreSQL has no way without the lock"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for node in impact.of_kind("index_stmt"):
            index = node.index_stmt
            written = relation(index.relation)
            if index.concurrent and _is_refused(impact, _partitioned_tables(step.before), written):
                message = f"CREATE INDEX CONCURRENTLY on {written} fails: it is partitioned"
                yield about(NAME, impact.effect, message, _BUILD, relation=written, observed=impact.effect.error)
        for node in impact.of_kind("drop_stmt"):
            if node.drop_stmt.remove_type != pg_query_pb2.OBJECT_INDEX or not node.drop_stmt.concurrent:
                continue
            for written in map(object_name, node.drop_stmt.objects):
                if _is_refused(impact, _partitioned_indexes(step.before), written):
                    message = f"DROP INDEX CONCURRENTLY {written} fails: it is the index of a partitioned table"
                    yield about(NAME, impact.effect, message, _DROP, observed=impact.effect.error)


def _is_refused(impact: Impact, partitioned: Iterator[str], written: str) -> bool:
    error = impact.effect.error
    return error is not None and ("partitioned" in error or any(names(written, name) for name in partitioned))


def _partitioned_tables(catalog: Catalog) -> Iterator[str]:
    for key, item in catalog.items():
        if key.kind == "table" and item.properties["relkind"] == "p":
            yield ".".join(key.identity)


def _partitioned_indexes(catalog: Catalog) -> Iterator[str]:
    for key, item in catalog.items():
        if key.kind == "index" and item.extra.get("partitioned"):
            yield ".".join(key.identity)


RULE = Rule(NAME, "CONCURRENTLY is asked for on a partitioned table, which PostgreSQL refuses.", _judge)
