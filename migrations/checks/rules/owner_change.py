"""What was there gets another owner: the old one loses every right that came with owning it."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..model import Context, Finding, Rule, Step
from ..places import alterations, statements, told

NAME = "owner-change"
_SAFE = "GRANT the old owner what it needs in the same transaction, or change owners where roles are provisioned"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, command, relation in alterations(step):
        if command.subtype == pg_query_pb2.AT_ChangeOwner:
            yield told(
                NAME, step, effect, f"{relation} belongs to {command.newowner.rolename or 'another role'} from now"
                " on: a release"
                " that connects as its old owner loses its rights, and policies bind it that did not", _SAFE,
                relation=relation, severity="warning",
            )  # fmt: skip
    for effect, _ in statements(step, "reassign_owned_stmt"):
        yield told(
            NAME, step, effect, "everything that a role owns belongs to another from now on: a release that connects"
            " as the"
            " old owner loses its rights", _SAFE, severity="warning",
        )  # fmt: skip


RULE = Rule(NAME, "A table gets another owner, and the old one loses its rights.", judge, "warning")
