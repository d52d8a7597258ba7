"""VACUUM FULL and CLUSTER."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..impact import Impact, impacts
from ..model import Context, Finding, Rule, Step, about
from ..trees import option, relation

NAME = "vacuum-full-or-cluster"
_SAFE = "plain VACUUM, or pg_repack or pg_squeeze, which copy the table while it is used"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for node in impact.of_kind("vacuum_stmt"):
            if option(node.vacuum_stmt.options, "full"):
                relations = [item.vacuum_relation.relation for item in node.vacuum_stmt.rels]
                yield from _rewriting(impact, "VACUUM FULL", relations)
        for node in impact.of_kind("cluster_stmt"):
            named = [node.cluster_stmt.relation] if node.cluster_stmt.HasField("relation") else []
            yield from _rewriting(impact, "CLUSTER", named)


def _rewriting(impact: Impact, what: str, relations: list[pg_query_pb2.RangeVar]) -> Iterator[Finding]:
    if not relations:
        yield about(NAME, impact.effect, f"{what} writes every table anew while nobody can use it", _SAFE)
    for written in relations:
        for table in impact.named(relation(written)):
            if table.copied:
                message = f"{what} writes {table} and its indexes anew while nobody can use it"
                yield impact.finding(NAME, table, message, _SAFE)


RULE = Rule(NAME, "VACUUM FULL or CLUSTER rewrites the table while nobody can use it.", _judge)
