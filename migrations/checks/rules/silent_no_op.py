"""IF NOT EXISTS that found something: what is there may be something else."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..model import Context, Finding, Rule, Step, about
from ..places import alterations, column, find, made_here, place, statements

NAME = "silent-no-op"
_SAFE = (
    "say what differs with ALTER TABLE, or delete the statement; leave out IF NOT EXISTS in what runs in a transaction"
)


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, tree in statements(step, "create_stmt"):
        relation = place(step, effect, tree.create_stmt.relation)
        there = find(step.before, relation) is not None and relation not in made_here(step)
        if tree.create_stmt.if_not_exists and there:
            yield about(
                NAME,
                effect,
                f"{relation} is there already: the statement did nothing, whatever columns it names",
                _SAFE,
                relation=relation,
                severity="warning",
            )
    for effect, command, relation in alterations(step):
        name = getattr(command, "def").column_def.colname
        adds = command.subtype == pg_query_pb2.AT_AddColumn and command.missing_ok
        if adds and column(step.before, relation, name) is not None:
            yield about(
                NAME,
                effect,
                f"{relation}.{name} is there already: the command did nothing, whatever type it names",
                _SAFE,
                relation=relation,
                severity="warning",
            )


RULE = Rule(NAME, "IF NOT EXISTS found something there and did nothing.", judge, "warning")
