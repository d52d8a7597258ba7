"""What could not be looked at is said."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Context, Finding, Rule, Step

NAME = "not-observed"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    if step.unseen is not None:
        yield Finding(
            NAME,
            step.file,
            f"what revision {step.revision} does could not be observed: {step.unseen}",
            "read it by hand, or let it run its statements through Alembic's connection",
            "warning",
            step.revision,
        )
    for table, reason in step.without_rows:
        touching = next((e for e in step.effects for item in e.touched if item.relation == table and item.taken), None)
        if touching is not None:
            yield Finding(
                NAME,
                touching.where,
                f"no row could be put into {table} ({reason}): whether the statement reads or rewrites it does not"
                " show",
                "read it by hand; the locks are as observed",
                "note",
                touching.revision,
                touching.sql,
                None,
                table,
            )


RULE = Rule(NAME, "What a revision does could not be observed.", judge, "warning", ("up", "down"))
