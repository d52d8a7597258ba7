"""session_replication_role = replica: foreign keys and triggers are off for all that the session writes."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Context, Finding, Rule, Step, about
from ..places import statements

NAME = "session-replication-role"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, tree in statements(step, "variable_set_stmt"):
        statement = tree.variable_set_stmt
        value = statement.args[0].a_const.sval.sval.lower() if statement.args else ""
        if statement.name == "session_replication_role" and value in ("replica", "local"):
            yield about(
                NAME,
                effect,
                "foreign keys and triggers do not look at what the session writes from now on: rows without a target"
                " stay"
                " behind, and no constraint says so",
                "order the statements so that the keys hold, or make them DEFERRABLE",
            )


RULE = Rule(NAME, "Foreign keys and triggers are off for what the migration writes.", judge, directions=("up", "down"))
