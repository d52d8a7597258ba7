"""A change of a partitioned table locks every partition."""

from __future__ import annotations

from collections.abc import Iterator

from ..effects import Lock
from ..model import Context, Finding, Rule, Step, about
from ..places import kind_of, made_here, shown

NAME = "partition-recursion"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    made = made_here(step)
    for effect in step.effects:
        if kind_of(effect) == "lock_stmt":
            continue
        children: dict[str, int] = {}
        for item in effect.others():
            exclusive = item.taken == Lock.ACCESS_EXCLUSIVE and item.kind in "rp"
            if item.root and exclusive and not item.dropped and item.relation not in made:
                children[item.root] = children.get(item.root, 0) + 1
        for root, count in sorted(children.items()):
            if count > 1 and any(item.relation == root and item.taken for item in effect.touched):
                yield about(
                    NAME,
                    effect,
                    f"the statement locks {root} and each of its partitions ({count} here) against reads and writes:"
                    " with many partitions it waits for any query on any of them",
                    "run it under a short lock_timeout and try again; look that max_locks_per_transaction is enough",
                    relation=root,
                    observed=shown(effect),
                    severity="note",
                )


RULE = Rule(NAME, "A change of a partitioned table locks every one of its partitions.", judge, "note")
