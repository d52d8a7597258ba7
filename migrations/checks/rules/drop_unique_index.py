"""A unique index goes: ON CONFLICT on its columns fails, and duplicates come in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ....schema.core.catalog import Key
from ..effects import Effect
from ..indexes import TableIndex, indexes
from ..model import Context, Finding, Rule, Step
from ..places import column, culprit, find, gone, told

NAME = "drop-unique-index"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    lost = set(gone(step, "index"))
    if not lost:
        return
    after = indexes(step.after)
    for items in indexes(step.before).values():
        for item in items:
            relation = ".".join(item.table)
            there = item.key in lost and find(step.after, relation) is not None
            stays = there and all(column(step.after, relation, name) or "(" in name for name in item.terms)
            if not item.unique or item.invalid or not stays or _is_replaced(item, after.get(item.table, ())):
                continue
            yield told(
                NAME, step, _statement(step, item.key) or culprit(step, relation),
                f"the unique index {item.name} of {relation} is gone: ON CONFLICT on its columns fails from now on, and"
                " duplicates come in",
                "build the index that replaces it first, and drop this one when no running release relies on it",
                relation=relation, severity="warning",
            )  # fmt: skip


def _is_replaced(item: TableIndex, others: Iterable[TableIndex]) -> bool:
    """Another index is unique over the same rows and columns."""
    return any(
        other.unique and not other.invalid and set(other.terms) == set(item.terms)
        and other.predicate in (None, item.predicate)
        for other in others
    )  # fmt: skip


def _statement(step: Step, key: Key) -> Effect | None:
    name = ".".join(key.identity)
    return next(
        (effect for effect in step.effects for item in effect.touched if item.dropped and item.relation == name), None
    )


RULE = Rule(NAME, "A dropped unique index breaks ON CONFLICT and lets duplicates in.", judge, "warning")
