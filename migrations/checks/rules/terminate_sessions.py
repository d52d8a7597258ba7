"""A migration that ends other people's sessions or statements."""

from __future__ import annotations

from collections.abc import Iterator

import postgast
from postgast import pg_query_pb2

from ..model import Context, Finding, Rule, Step, about
from ..places import statements

NAME = "terminate-sessions"
_KILLERS = frozenset({"pg_terminate_backend", "pg_cancel_backend"})


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, tree in statements(step, "select_stmt"):
        calls = {call.funcname[-1].string.sval for call in postgast.find_nodes(tree, pg_query_pb2.FuncCall)}
        if calls & _KILLERS:
            yield about(
                NAME,
                effect,
                "the statement ends other sessions or their statements: whatever they were doing is lost, also what has"
                " nothing to do with the migration",
                "a short lock_timeout and another try; an operator who sees the sessions ends one where it must be",
                severity="warning",
            )


RULE = Rule(NAME, "A migration ends other sessions or their statements.", judge, "warning", ("up", "down"))
