"""A copy of a table that takes its place: what others wrote in between is in the old one."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..effects import Effect, Lock
from ..model import Context, Finding, Rule, Step, about

NAME = "copied-and-swapped"
_SAFE = (
    "keep the copy up to date with a trigger while it is filled in batches, and swap the names when it has caught up;"
    " for a small table: LOCK TABLE ... IN SHARE ROW EXCLUSIVE MODE before the copy"
)


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    renamed = {
        effect.tree.rename_stmt.newname: effect.tree.rename_stmt.relation.relname
        for effect in step.effects
        if effect.tree is not None and effect.tree.rename_stmt.rename_type == pg_query_pb2.OBJECT_TABLE
    }
    away = set(renamed.values())
    copies = {copy: table for table, copy in renamed.items() if table in away}
    for effect in step.effects:
        table = copies.get(_filled(effect) or "")
        if table is None:
            continue
        for item in effect.others():
            if item.relation.rpartition(".")[2] == table and item.scanned and (item.held or 0) < Lock.SHARE:
                yield about(
                    NAME,
                    effect,
                    f"{item.relation} is copied while others write to it, and the copy takes its place:"
                    " what they wrote in between is gone from it",
                    _SAFE,
                    relation=item.relation,
                    observed=f"{item.held} on {item.relation}: writes are not blocked",
                )


def _filled(effect: Effect) -> str | None:
    """The table that a query fills."""
    tree = effect.tree
    if tree is None:
        return None
    if tree.HasField("insert_stmt"):
        return tree.insert_stmt.relation.relname
    return tree.create_table_as_stmt.into.rel.relname if tree.HasField("create_table_as_stmt") else None


RULE = Rule(NAME, "A copy of a table takes its place without what was written meanwhile.", judge)
