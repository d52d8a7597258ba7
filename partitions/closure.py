"""Which tables hang together by foreign keys, and in which order their partitions end. Pure.

DDL on one table of such a closure takes locks on the others. So one run at a time works on a closure, and
partitions of referencing tables end before those they refer to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..schema.core.locks import LockMode, WantedLock
from ..schema.core.quote import qualified
from .actions import Attach, Create, Detach, Drain, Drop, DropForeignKey, Finalize, ForeignKey, Step
from .ledger import Detached
from .state import Ladder


@dataclass(frozen=True, slots=True)
class Closure:
    """Partitioned tables, by oid, children of foreign keys first; `tables` are all that hang together with them."""

    parents: tuple[int, ...]
    tables: frozenset[int]

    @property
    def key(self) -> int:
        """The same for every run that works on these tables."""
        return min(self.tables)


def closures(
    ladders: Sequence[Ladder], foreign_keys: Iterable[ForeignKey], detached: Sequence[Detached] = ()
) -> tuple[Closure, ...]:
    """The closures that have a partitioned table, in the order of their parents' names."""
    roots = _roots(ladders, detached)
    edges = {
        (roots.get(key.table.oid, key.table.oid), roots.get(key.referred.oid, key.referred.oid)) for key in foreign_keys
    }
    groups = connected([ladder.oid for ladder in ladders], edges)
    order = children_first([ladder.oid for ladder in ladders], edges)
    return tuple(
        Closure(tuple(oid for oid in order if oid in group), group) for group in sorted(groups, key=lambda g: sorted(g))
    )


def _roots(ladders: Sequence[Ladder], detached: Sequence[Detached]) -> Mapping[int, int]:
    """The parent of each partition, and of what was one: a key of a detached leaf belongs to its former table."""
    roots = {leaf.oid: ladder.oid for ladder in ladders for leaf in ladder.leaves}
    named = {qualified(ladder.schema, ladder.table): ladder.oid for ladder in ladders}
    roots |= {leaf.oid: named[leaf.parent] for leaf in detached if leaf.parent in named}
    return roots


def connected(oids: Sequence[int], edges: Iterable[tuple[int, int]]) -> list[frozenset[int]]:
    """The groups of tables that hang together by `edges`, those that have one of `oids`."""
    groups: list[set[int]] = [{oid} for oid in oids]
    for edge in edges:
        touched = [group for group in groups if group & set(edge)]
        groups = [group for group in groups if group not in touched]
        groups.append(set(edge).union(*touched))
    return [frozenset(group) for group in groups if group & set(oids)]


def children_first(oids: Sequence[int], edges: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """The tables so that each comes after those that refer to it, directly or through others; circles anyhow."""
    referring: dict[int, set[int]] = {}
    for table, referred in edges:
        referring.setdefault(referred, set()).add(table)
    placed: dict[int, None] = {}

    def place(oid: int, on_the_way: frozenset[int]) -> None:
        for child in sorted(referring.get(oid, ())):
            if child not in placed and child not in on_the_way:
                place(child, on_the_way | {oid})
        placed.setdefault(oid)

    for oid in oids:
        place(oid, frozenset())
    wanted = set(oids)
    return tuple(oid for oid in placed if oid in wanted)


def locks_of(step: Step, foreign_keys: Iterable[ForeignKey], *, finishing: bool = False) -> tuple[WantedLock, ...]:
    """The locks on tables that somebody may be using that a step asks for; `finishing` the second half of a detach.

    Observed in `pg_locks` on PostgreSQL 15, 17 and 18.
    """
    keys = tuple(foreign_keys)
    out = {key.referred.oid for key in keys if key.table.oid == step.parent.oid}
    into = {key.table.oid for key in keys if key.referred.oid == step.parent.oid}
    mode: LockMode
    match step:
        case Create() | Attach():
            default = {step.default.oid} if isinstance(step, Create) and step.default else set[int]()
            alone, mode, others = default, "ShareRowExclusiveLock", out | into
        case Detach() if not step.concurrently:
            alone, mode, others = {step.parent.oid, step.leaf.oid} | into, "ShareRowExclusiveLock", out
        case Detach() if not finishing:
            alone, mode, others = set[int](), "ShareLock", into
        case Detach() | Finalize():
            alone, mode, others = {step.leaf.oid} | into, "ShareRowExclusiveLock", out
        case DropForeignKey():
            return _wanted({step.leaf.oid, step.key.referred.oid}, "AccessExclusiveLock")
        case Drop():
            return _wanted({step.leaf.oid}, "AccessExclusiveLock")
        case Drain():
            # of many steps, which look for themselves
            return ()
    return (
        *_wanted(alone, "AccessExclusiveLock"),
        *_wanted({step.parent.oid} - alone, "ShareUpdateExclusiveLock"),
        *_wanted(others - alone, mode),
    )


def _wanted(oids: set[int], mode: LockMode) -> tuple[WantedLock, ...]:
    return tuple(WantedLock(oid, mode) for oid in sorted(oids))
