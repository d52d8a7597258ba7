"""Rows are changed in the transaction that changes their table: its lock is held through all of them."""

from __future__ import annotations

from collections.abc import Iterator

from ..effects import Effect
from ..holding import Writing, while_held, writings, written_by
from ..model import Context, Finding, Rule, Step, about
from ..places import is_opaque, made_here, shown

NAME = "ddl-with-backfill"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    told_of: set[int] = set()
    for writing in writings(step):
        if writing.amid and writing.reach != "few rows" and id(writing.effect) not in told_of:
            told_of.add(id(writing.effect))
            yield _finding(writing)
    made = made_here(step)
    for effect, held in while_held(step):
        written = written_by(effect, made)
        if held and written and is_opaque(effect) and id(effect) not in told_of and not _has_known_writes(step, effect):
            yield about(
                NAME,
                effect,
                f"the statement writes rows of {', '.join(written)} while its transaction holds"
                f" {', '.join(map(str, held))}",
                _SAFE,
                relation=written[0],
                observed=shown(effect),
                severity="warning",
            )


def _has_known_writes(step: Step, effect: Effect) -> bool:
    return any(writing.effect is effect for writing in writings(step))


def _finding(writing: Writing) -> Finding:
    locks = ", ".join(map(str, writing.amid))
    earlier = any(lock.effect is not writing.effect for lock in writing.amid)
    return about(
        NAME,
        writing.effect,
        f"the statement changes {writing.reach} of {writing.relation} in one transaction with {locks}:"
        + (" everybody waits until all rows are done" if earlier else " the rows stay locked until then"),
        _SAFE,
        relation=writing.relation,
        observed=shown(writing.effect),
    )


_SAFE = "change the table in one migration, the rows in the next: in batches, each in a transaction of its own"
RULE = Rule(
    NAME, "Rows are changed in the transaction that holds a strong lock for a change of a table.", judge,
    directions=("up", "down"),
)  # fmt: skip
