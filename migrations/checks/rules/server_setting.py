"""A migration changes settings of the server, the database or a role."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Context, Finding, Rule, Step, about
from ..places import statements

NAME = "server-setting"
_KINDS = {
    "alter_system_stmt": "the whole server",
    "alter_database_set_stmt": "every new session of the database",
    "alter_role_set_stmt": "every new session of the role",
}


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, tree in statements(step, *_KINDS):
        yield about(
            NAME,
            effect,
            f"the setting changes for {_KINDS[tree.WhichOneof('node') or '']}, not for this migration: pools mix"
            " sessions"
            " with the old and the new one, and no way back restores what it was",
            "SET LOCAL for the migration itself; settings of servers, databases and roles belong where they are"
            " provisioned",
            severity="warning",
        )


RULE = Rule(NAME, "A migration changes settings of the server, the database or a role.", judge, "warning")
