"""CONCURRENTLY, VACUUM and the like inside a transaction."""

from __future__ import annotations

from collections.abc import Iterator

from ...outside import runs_outside
from ..model import Context, Finding, Rule, Step, about

NAME = "concurrently-in-transaction"
_REFUSALS = ("cannot run inside a transaction block", "cannot be executed from a function", "cannot be executed from")


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect in step.effects:
        by_message = effect.error is not None and any(words in effect.error for words in _REFUSALS)
        by_text = (
            effect.error is None and effect.transactional and effect.tree is not None and runs_outside(effect.tree)
        )
        if by_message or by_text:
            yield about(
                NAME,
                effect,
                "PostgreSQL refuses this statement inside a transaction, and the migration runs in one",
                "give it a migration of its own without a transaction: `-- airside: transaction = off`,"
                " or with Alembic `with op.get_context().autocommit_block():`",
                observed=effect.error,
            )


RULE = Rule(
    NAME, "A statement that PostgreSQL refuses in a transaction stands in one.", judge, directions=("up", "down")
)
