"""Triggers are off: foreign keys, audits and guards do not see what is written meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..model import Context, Finding, Rule, Step
from ..places import alterations, told

NAME = "disable-trigger"
_WHICH = {
    pg_query_pb2.AT_DisableTrigAll: "every trigger, those of foreign keys too, is off",
    pg_query_pb2.AT_DisableTrigUser: "every trigger is off",
    pg_query_pb2.AT_DisableTrig: "the trigger {name} is off",
    pg_query_pb2.AT_DisableRule: "the rule {name} is off",
}


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, command, relation in alterations(step):
        if command.subtype in _WHICH:
            which = _WHICH[command.subtype].format(name=command.name)
            yield told(
                NAME, step, effect, f"{which} on {relation}, for every session: what others write meanwhile is not"
                " checked,"
                " copied or refused, and nothing does it later",
                "leave triggers on; let the trigger's function look at a setting that only the migration's session has",
                relation=relation,
            )  # fmt: skip


RULE = Rule(NAME, "A trigger is switched off for everybody.", judge, directions=("up", "down"))
