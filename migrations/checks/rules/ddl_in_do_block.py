"""DDL within a DO block or a function: whoever reads the migration does not see it."""

from __future__ import annotations

from collections.abc import Iterator

from ..effects import Lock
from ..model import Context, Finding, Rule, Step, about
from ..places import is_opaque, made_here, shown

NAME = "ddl-in-do-block"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    made = made_here(step)
    for effect in step.effects:
        locked = sorted(
            item.relation
            for item in effect.others()
            if item.is_table and item.relation not in made and (item.taken or 0) >= Lock.SHARE
        )
        if is_opaque(effect) and locked:
            yield about(
                NAME,
                effect,
                f"the block changed {', '.join(locked)}; what it does depends on what it finds, and may be something"
                " else"
                " in another database",
                "write the statement itself, with IF EXISTS or IF NOT EXISTS where it may be done already",
                relation=locked[0],
                observed=shown(effect),
                severity="note",
            )


RULE = Rule(NAME, "A DO block or function changes tables: what it does is not seen by reading.", judge, "note")
