"""CREATE INDEX IF NOT EXISTS that takes the INVALID remains of a failed build for the index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from postgast import pg_query_pb2

from ....schema.core.catalog import Catalog
from ..impact import impacts
from ..model import Context, Finding, Rule, Step, about
from ..trees import names, object_name, relation

NAME = "invalid-index-leftover"
_SAFE = "DROP INDEX CONCURRENTLY IF EXISTS first, so that a second try builds it anew"


def _judge(step: Step, context: Context) -> Iterator[Finding]:
    dropped: set[str] = set()
    for impact in impacts(step):
        for node in impact.of_kind("drop_stmt"):
            if node.drop_stmt.remove_type == pg_query_pb2.OBJECT_INDEX:
                dropped.update(object_name(item).rpartition(".")[2] for item in node.drop_stmt.objects)
        for node in impact.of_kind("index_stmt"):
            index = node.index_stmt
            # ON ONLY a partitioned table makes an index that is INVALID until its parts are attached
            if not index.if_not_exists or not index.relation.inh or index.idxname in dropped:
                continue
            found = _invalid(step.before, index)
            if found is not None:
                yield about(
                    NAME,
                    impact.effect,
                    f"index {index.idxname} is there and INVALID: IF NOT EXISTS keeps it, and no query will use it",
                    _SAFE,
                    relation=found,
                    observed="the index was INVALID before the statement and no other was built",
                )
            elif index.concurrent and not context.runner_sets_timeouts:
                yield about(
                    NAME,
                    impact.effect,
                    f"a failed build leaves {index.idxname} INVALID, and IF NOT EXISTS then takes it for the index",
                    _SAFE,
                    severity="note",
                )


def _invalid(catalog: Catalog, index: pg_query_pb2.IndexStmt) -> str | None:
    """The table of the index that has the name already and is INVALID."""
    for key, item in catalog.items():
        if key.kind == "index" and key.identity[1] == index.idxname and item.properties.get("invalid"):
            table = ".".join(cast("list[str]", item.properties["table"]))
            if names(relation(index.relation), table):
                return table
    return None


RULE = Rule(NAME, "IF NOT EXISTS takes the INVALID remains of a failed build for the index.", _judge)
