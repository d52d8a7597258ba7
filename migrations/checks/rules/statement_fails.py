"""A statement that PostgreSQL refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Context, Finding, Rule, Step, about
from . import concurrently_in_transaction, concurrently_on_partitioned_parent, enum_value

NAME = "statement-fails"
_LACKS = re.compile(
    r'extension "[^"]+" is not available|ICU is not supported in this build|could not (access|load) (file|library)'
    r"|could not open extension control file|compression method \w+ not supported"
)
"""What a server says that was built or installed without something."""
_ROLE = re.compile(r'^role "[^"]+" does not exist')


def judge(step: Step, context: Context) -> Iterator[Finding]:
    named = {
        finding.statement
        for rule in (concurrently_in_transaction.RULE, concurrently_on_partitioned_parent.RULE, enum_value.RULE)
        for finding in rule.judge(step, context)
        if finding.severity == "error"
    }
    for effect in step.effects:
        if effect.error is None or effect.sql in named:
            continue
        if _LACKS.search(effect.error):
            yield about(
                NAME,
                effect,
                f"the server of the check lacks what the statement needs, so it was not looked at: {effect.error}",
                "give --url of a server that has it; what stands after it was not run and not looked at",
                observed=effect.error,
                severity="warning",
            )
        else:
            yield about(
                NAME,
                effect,
                f"PostgreSQL refused the statement: {effect.error}",
                _next(effect.error),
                observed=effect.error,
            )


def _next(error: str) -> str:
    left = "what stands after it was not run and not looked at"
    if _ROLE.search(error):
        return f"make the role on this server, or check on a throw-away one (without --url); {left}"
    return f"correct it; {left}"


RULE = Rule(NAME, "PostgreSQL refused a statement of the migration.", judge, directions=("up", "down"))
