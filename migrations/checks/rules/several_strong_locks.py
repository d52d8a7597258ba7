"""A transaction that locks one table after the other waits for the next while it holds the last."""

from __future__ import annotations

from collections.abc import Iterator

from ..effects import Lock
from ..holding import Held, altered_table, strong_locks, while_held
from ..model import Context, Finding, Rule, Step, about
from ..places import kind_of, made_here, shown

NAME = "several-strong-locks"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    told_of: set[int] = set()
    made = made_here(step)
    yield from _foreign_keys(step, made)
    for effect, held in while_held(step):
        dropped = {item.relation for item in effect.touched if item.dropped or item.kind == "m"}
        locks = strong_locks(step, effect, made)
        mine = {name for name, lock in locks.items() if lock == Lock.ACCESS_EXCLUSIVE and name not in dropped}
        before = [lock for lock in held if _is_exclusive(lock)]
        new = mine - {lock.relation for lock in before}
        swaps = kind_of(effect) == "rename_stmt" and all(kind_of(lock.effect) == "rename_stmt" for lock in before)
        if before and new and not swaps and effect.transaction not in told_of:
            told_of.add(effect.transaction)
            yield about(
                NAME,
                effect,
                f"the statement waits for {', '.join(sorted(new))} while its transaction holds"
                f" {', '.join(map(str, before))}: everybody who needs one of them waits too, and a transaction that"
                " takes them in the other order ends in a deadlock",
                "one table a transaction: split the migration",
                relation=sorted(new)[0],
                observed=shown(effect),
                severity="warning",
            )


def _foreign_keys(step: Step, made: frozenset[str]) -> Iterator[Finding]:
    """One ALTER TABLE that adds foreign keys to several tables stops the writes to all of them together."""
    for effect in step.effects:
        own = altered_table(step, effect)
        others = sorted(
            item.relation
            for item in effect.others()
            if item.taken == Lock.SHARE_ROW_EXCLUSIVE and item.is_table and not item.root
            and item.relation not in made and item.relation != own
        )  # fmt: skip
        if own is not None and own not in made and len(others) > 1:
            yield about(
                NAME,
                effect,
                f"the statement stops the writes to {own}, {', '.join(others)} together, waiting for one after the"
                " other",
                "one foreign key a transaction",
                relation=own,
                observed=shown(effect),
                severity="warning",
            )


def _is_exclusive(lock: Held) -> bool:
    gone = any(item.relation == lock.relation and item.dropped for item in lock.effect.touched)
    return lock.lock == Lock.ACCESS_EXCLUSIVE and not gone


RULE = Rule(NAME, "A transaction takes strong locks on several tables, one after the other.", judge, "warning")
