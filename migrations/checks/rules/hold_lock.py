"""A strong lock is held while something runs that takes time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import postgast
from postgast import pg_query_pb2

from ..bounded import reach, reads_few, unique_keys
from ..effects import Effect, Lock
from ..holding import DML, Held, altered_table, scanned, while_held
from ..model import Context, Finding, Rule, Step, about
from ..places import kind_of, qualified, shown
from . import ddl_with_backfill

NAME = "hold-lock"
_CHANGES = ("update_stmt", "delete_stmt", "merge_stmt")
_ALTERS = ("alter_table_stmt", "rename_stmt", "drop_stmt", "truncate_stmt")


def judge(step: Step, context: Context) -> Iterator[Finding]:
    backfills = {finding.statement for finding in ddl_with_backfill.RULE.judge(step, context)}
    for effect, held in while_held(step):
        if not held or effect.error or kind_of(effect) in _CHANGES or effect.sql in backfills:
            continue
        held = _more_than_its_own(step, effect, held)
        why = _pause(effect) or (_work(step, effect, held) if held else "")
        if held and why:
            yield about(
                NAME,
                effect,
                f"the statement {why}, while its transaction holds {', '.join(map(str, held))}:"
                f" {' and '.join(_blocked(held))} wait until it ends",
                "commit first: put what takes the lock into a migration of its own, or last into this one",
                relation=held[0].relation,
                observed=shown(effect),
            )


def _more_than_its_own(step: Step, effect: Effect, held: Sequence[Held]) -> Sequence[Held]:
    """Building an index stops the writes to its table by itself; only what is beyond that is a lock held too long."""
    if effect.tree is None or kind_of(effect) != "index_stmt":
        return held
    own = qualified(step, effect, effect.tree.index_stmt.relation.schemaname, effect.tree.index_stmt.relation.relname)
    return [lock for lock in held if lock.relation != own or lock.lock == Lock.ACCESS_EXCLUSIVE]


def _pause(effect: Effect) -> str:
    calls = postgast.find_nodes(effect.tree, pg_query_pb2.FuncCall) if effect.tree is not None else ()
    return "sleeps" if any(call.funcname[-1].string.sval.startswith("pg_sleep") for call in calls) else ""


def _work(step: Step, effect: Effect, held: Sequence[Held]) -> str:
    """What it reads whole. What an ALTER reads of the table that it locks itself, other rules tell."""
    read = scanned(step, effect)
    own = altered_table(step, effect)
    if own is not None:
        read = tuple(item for item in read if (item.root or item.relation) not in {lock.relation for lock in held})
    if not read or kind_of(effect) in _ALTERS[1:] or _needs_few(step, effect):
        return ""
    names = ", ".join(sorted({item.root or item.relation for item in read}))
    if kind_of(effect) in DML:
        return f"copies rows of {names}"
    return f"rewrites {names}" if all(item.rewritten for item in read) else f"reads all of {names}"


def _needs_few(step: Step, effect: Effect) -> bool:
    """Over three rows the planner reads the whole table also where it would use an index over millions."""
    if effect.tree is None or kind_of(effect) not in ("select_stmt", "insert_stmt"):
        return False
    if kind_of(effect) == "insert_stmt" and reach(effect.tree, ()) == "few rows":
        return True
    select = effect.tree if kind_of(effect) == "select_stmt" else effect.tree.insert_stmt.select_stmt
    named = [item.range_var for item in select.select_stmt.from_clause if item.WhichOneof("node") == "range_var"]
    if not named:
        return False
    table = qualified(step, effect, named[0].schemaname, named[0].relname)
    return reads_few(select, unique_keys(step.before, table))


def _blocked(held: Sequence[Held]) -> tuple[str, ...]:
    found = dict.fromkeys(what for lock in held for what in lock.lock.blocks if what in ("reads", "writes"))
    return tuple(found)


RULE = Rule(NAME, "A strong lock is held while another statement takes its time.", judge, directions=("up", "down"))
