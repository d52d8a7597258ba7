"""Several ALTER TABLEs of one table in a transaction: one statement with several commands takes its lock once."""

from __future__ import annotations

from collections.abc import Iterator

from ..holding import altered_table
from ..model import Context, Finding, Rule, Step, about
from ..places import is_old

NAME = "combine-alters"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    seen: set[tuple[int, str]] = set()
    told_of: set[tuple[int, str]] = set()
    for effect in step.effects:
        relation = altered_table(step, effect)
        if relation is None or not is_old(step, relation):
            continue
        key = (effect.transaction, relation)
        if key in seen and key not in told_of:
            told_of.add(key)
            yield about(
                NAME,
                effect,
                f"{relation} was altered before in this transaction; each statement is one more round"
                " trip"
                " under the lock, and rewrites or scans are done anew",
                f"one statement: ALTER TABLE {relation} ..., ...",
                relation=relation,
                severity="note",
            )
        seen.add(key)


RULE = Rule(NAME, "Several ALTER TABLEs of one table could be one statement.", judge, "note")
