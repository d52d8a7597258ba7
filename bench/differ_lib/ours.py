"""Airside's own way: read both catalogs, compare, plan both ways, apply, read again."""

from __future__ import annotations

from airside.schema.core.catalog.model import Catalog
from airside.schema.core.compare import Change, compare
from airside.schema.core.plan import plan
from airside.schema.core.plan.model import Plan, Unplanned

from .ground import Side
from .outcome import Outcome

SHOWN = 12


def judge(outcome: Outcome, old: Side, new: Side) -> None:
    """Fill in `outcome`. Leaves `old` as new and `new` as old, if all goes well."""
    case = outcome.case
    before, after = old.catalog(dependencies=True), new.catalog(dependencies=True)
    changes = compare(before, after)
    outcome.found = bool(changes) if not case.changes else _as_expected(outcome, changes)
    if not case.changes:
        outcome.notes += [str(change) for change in changes]
        return
    up = plan(before, after, online=True)
    if case.refused:
        outcome.named = _as_named(outcome, up.unplanned)
        return
    outcome.planned, outcome.up = _prove(outcome, "up", up, old, after)
    down = plan(after, before, online=False)
    if case.down_refused:
        outcome.named = _as_named(outcome, down.unplanned)
        return
    planned, outcome.down = _prove(outcome, "down", down, new, before)
    outcome.planned = outcome.planned and planned
    outcome.named = all(proven or made.unplanned for proven, made in ((outcome.up, up), (outcome.down, down)))


def _as_expected(outcome: Outcome, changes: tuple[Change, ...]) -> bool:
    seen = frozenset((change.action, change.key) for change in changes)
    outcome.notes += [f"not found: {action} {key}" for action, key in sorted(outcome.case.changes - seen)]
    outcome.notes += [f"not expected: {action} {key}" for action, key in sorted(seen - outcome.case.changes)]
    return seen == outcome.case.changes


def _as_named(outcome: Outcome, unplanned: tuple[Unplanned, ...]) -> bool:
    reasons = [f"{one.change}: {one.reason}" for one in unplanned]
    if any(outcome.case.reason in reason for reason in reasons):
        return True
    outcome.notes.append(f"no refusal speaks of {outcome.case.reason!r}: {reasons}")
    return False


def _prove(outcome: Outcome, way: str, made: Plan, side: Side, wanted: Catalog) -> tuple[bool, bool]:
    """Whether the plan is complete and ran, and whether it led to `wanted`."""
    if made.unplanned:
        outcome.notes += [f"{way}: refused {one.change}: {one.reason}" for one in made.unplanned]
        return False, False
    if complaint := _apply(made, side):
        outcome.notes.append(f"{way}: {complaint}")
        return False, False
    left = compare(side.catalog(), wanted)
    outcome.notes += [f"{way}: left over: {change}" for change in left[:SHOWN]]
    return True, not left


def _apply(made: Plan, side: Side) -> str | None:
    """Run the plan; the complaint and the statement it is about when PostgreSQL refuses one."""
    connection = side.connection
    statement = ""
    try:
        for stage in made.stages:
            if stage.transactional:
                connection.execute("begin")
            for one in stage.statements:
                statement = one.sql
                connection.execute(statement.encode())
            if stage.transactional:
                connection.execute("commit")
    except Exception as error:
        connection.rollback()
        return f"{str(error).splitlines()[0]} in: {' '.join(statement.split())}"
    return None
