"""REFRESH MATERIALIZED VIEW without CONCURRENTLY."""

from __future__ import annotations

from collections.abc import Iterator

from ..impact import impacts
from ..model import Context, Finding, Rule, Step
from ..trees import relation

NAME = "refresh-not-concurrent"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for node in impact.of_kind("refresh_mat_view_stmt"):
            statement = node.refresh_mat_view_stmt
            if statement.concurrent:
                continue
            for table in impact.named(relation(statement.relation)):
                message = f"REFRESH keeps everybody from reading {table.relation} until its query has run"
                if statement.skip_data:
                    message = f"REFRESH ... WITH NO DATA empties {table.relation}, and every query of it then fails"
                yield impact.finding(
                    NAME, table, message, "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on it"
                )


RULE = Rule(NAME, "A materialized view cannot be read while it is refreshed.", _judge)
