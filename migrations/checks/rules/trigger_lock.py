"""Triggers and rules that are made, dropped or renamed on a table in use."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..impact import Impact, impacts
from ..model import Context, Finding, Rule, Step
from ..trees import object_name, relation

NAME = "trigger-lock"
_WORDS = {
    pg_query_pb2.OBJECT_TRIGGER: "TRIGGER",
    pg_query_pb2.OBJECT_RULE: "RULE",
}


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for what, written in _changed(impact):
            for table in impact.named(written):
                stopped = "writes to" if what == "CREATE TRIGGER" else "reads of and writes to"
                yield impact.finding(
                    NAME,
                    table,
                    f"{what} stops {stopped} {table}, and from then on it acts for the release that runs",
                    "a transaction of its own with a short lock_timeout and another try; what it calls must suit both"
                    " releases",
                    "warning",
                )


def _changed(impact: Impact) -> Iterator[tuple[str, str]]:
    for node in impact.of_kind("create_trig_stmt"):
        yield "CREATE TRIGGER", relation(node.create_trig_stmt.relation)
    for node in impact.of_kind("rule_stmt"):
        yield "CREATE RULE", relation(node.rule_stmt.relation)
    for node in impact.of_kind("rename_stmt"):
        if node.rename_stmt.rename_type in _WORDS:
            yield f"ALTER {_WORDS[node.rename_stmt.rename_type]}", relation(node.rename_stmt.relation)
    for node in impact.of_kind("drop_stmt"):
        if node.drop_stmt.remove_type in _WORDS:
            # the last part is its own name, what stands before is the table's
            names = [object_name(item).rpartition(".")[0] for item in node.drop_stmt.objects]
            yield from ((f"DROP {_WORDS[node.drop_stmt.remove_type]}", name) for name in names)


RULE = Rule(NAME, "A trigger or rule is changed on a table that the running release uses.", _judge, severity="warning")
