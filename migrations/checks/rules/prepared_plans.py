"""Plans that clients prepared stop working when a table's columns or their types change."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..model import Context, Finding, Rule, Step, about
from ..places import alterations

NAME = "prepared-plans"
_STAR = (pg_query_pb2.AT_AddColumn, pg_query_pb2.AT_DropColumn)


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    told_of: set[tuple[str, bool]] = set()
    for effect, command, relation in alterations(step):
        by_type = command.subtype == pg_query_pb2.AT_AlterColumnType
        if (not by_type and command.subtype not in _STAR) or (relation, by_type) in told_of:
            continue
        told_of.add((relation, by_type))
        which = f"every plan that returns {relation}.{command.name}" if by_type else f"every `SELECT *` of {relation}"
        yield about(
            NAME,
            effect,
            f"{which} that a session has prepared fails from now on with `cached plan must not change result type`,"
            " until"
            " the session drops it (psycopg prepares after five executions)",
            "name columns instead of `*`; let clients run DISCARD PLANS, DEALLOCATE or reconnect after the"
            " migration, and"
            " try again on SQLSTATE 0A000",
            relation=relation,
            severity="note",
        )


RULE = Rule(NAME, "Prepared statements that return the table's columns fail once they have changed.", judge, "note")
