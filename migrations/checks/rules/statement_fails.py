"""A statement that PostgreSQL refused."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Context, Finding, Rule, Step, about
from . import concurrently_in_transaction, concurrently_on_partitioned_parent, enum_value

NAME = "statement-fails"


def judge(step: Step, context: Context) -> Iterator[Finding]:
    named = {
        finding.statement
        for rule in (concurrently_in_transaction.RULE, concurrently_on_partitioned_parent.RULE, enum_value.RULE)
        for finding in rule.judge(step, context)
        if finding.severity == "error"
    }
    for effect in step.effects:
        if effect.error is not None and effect.sql not in named:
            yield about(
                NAME,
                effect,
                f"PostgreSQL refused the statement: {effect.error}",
                "correct it; what stands after it was not run and not looked at",
                observed=effect.error,
            )


RULE = Rule(NAME, "PostgreSQL refused a statement of the migration.", judge, directions=("up", "down"))
