"""What is to be done to partitions, from what is there: pure functions of a state and a moment.

A plan is a tuple of actions in the order in which they are to be done. `plan_roll` makes room for rows to come,
`plan_expire` ends what is past its retention; neither does any of the other's work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ..schema.core.partitioning import Child, PartitionPolicy, RangePartitions, floor
from ..schema.core.quote import qualified
from .actions import (
    Action,
    Attach,
    Create,
    Detach,
    Drain,
    Drop,
    DropForeignKey,
    Finalize,
    ForeignKey,
    Refuse,
    Skip,
    Table,
)
from .closure import Closure
from .ledger import Detached
from .runway import Span, is_over, spans
from .state import Ladder, Leaf
from .wanted import Broken, Gap, Missing, Overlap, Return, misfit, missing_ranges, missing_sets, not_again

GRACE = timedelta(days=7)
"""How long a detached partition stays before it is dropped, where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Unpartitioned:
    """A table that is declared to be partitioned: missing, or (`exists`) a plain one."""

    table: Table
    exists: bool


@dataclass(frozen=True, slots=True)
class State:
    """Everything that a plan depends on but the time.

    `taken` are the relations of the schemas of partitioned tables. `prepared` are the oids of tables that a killed run
    made as partitions and did not attach. `ended` says up to where the partitions of a parent were ended before. `held`
    are the oids of partitions that stay although they are past their retention; `archived` those that have an archive;
    `referenced` says why a partition cannot leave its table. `crowded` are, by parent's oid, the beginnings of the
    periods of which rows are in a DEFAULT partition, none where that could not be read; of the parents `draining` a
    drain was cut off. The parents `elsewhere` are rolled by pg_partman: two that make and end the same partitions get
    into each other's way.
    """

    ladders: tuple[Ladder, ...]
    unpartitioned: tuple[Unpartitioned, ...] = ()
    detached: tuple[Detached, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    taken: Mapping[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    prepared: frozenset[int] = frozenset()
    ended: Mapping[int, datetime] = field(default_factory=dict[int, datetime])
    held: frozenset[int] = frozenset()
    archived: frozenset[int] = frozenset()
    referenced: Mapping[int, str] = field(default_factory=dict[int, str])
    closures: tuple[Closure, ...] = ()
    crowded: Mapping[int, frozenset[datetime]] = field(default_factory=dict[int, frozenset[datetime]])
    draining: frozenset[int] = frozenset()
    elsewhere: frozenset[int] = frozenset()

    def declared(self, *, children_first: bool) -> tuple[Ladder, ...]:
        """The ladders that have a policy, in the order in which they are worked on."""
        place = {oid: number for number, oid in enumerate(oid for closure in self.closures for oid in closure.parents)}
        last = len(place)
        found = sorted(
            (ladder for ladder in self.ladders if ladder.policy is not None),
            key=lambda ladder: (place.get(ladder.oid, last), ladder.schema, ladder.table),
        )
        return tuple(found if children_first else reversed(found))

    def detached_from(self, ladder: Ladder) -> tuple[Detached, ...]:
        name = qualified(ladder.schema, ladder.table)
        return tuple(leaf for leaf in self.detached if leaf.parent == name)


def parent_of(ladder: Ladder) -> Table:
    return Table(ladder.oid, ladder.schema, ladder.table)


def table_of(leaf: Leaf | Detached) -> Table:
    return Table(leaf.oid, leaf.schema, leaf.name)


def plan_roll(state: State, now: datetime, *, span: tuple[datetime, datetime] | None = None) -> tuple[Action, ...]:
    """What makes room for the rows that policies expect at `now`; with `span` for rows of that time instead."""
    plan: list[Action] = [_not_partitioned(table) for table in state.unpartitioned]
    for ladder in state.declared(children_first=False):
        actions = tuple(_roll(state, ladder, now, span))
        plan += actions if ladder.oid not in state.elsewhere or not actions else (_rolled_elsewhere(ladder),)
    return tuple(plan)


def _rolled_elsewhere(ladder: Ladder) -> Refuse:
    parent = parent_of(ladder)
    return Refuse(
        parent,
        str(parent),
        "is rolled by pg_partman, which has not made what is declared",
        f"take it over: airside partitions adopt TARGET {ladder.name} --write; or run pg_partman's maintenance",
    )


def _not_partitioned(found: Unpartitioned) -> Refuse:
    if found.exists:
        return Refuse(
            found.table, str(found.table), "is a plain table", f"airside partitions convert TARGET {found.table}"
        )
    return Refuse(found.table, str(found.table), "does not exist", "airside upgrade TARGET")


def _roll(state: State, ladder: Ladder, now: datetime, span: tuple[datetime, datetime] | None) -> Iterator[Action]:
    policy = ladder.policy
    assert policy is not None
    parent = parent_of(ladder)
    if wrong := misfit(ladder, policy):
        yield Refuse(parent, str(parent), wrong, "airside drift TARGET shows how table and declaration differ")
        return
    names = _Names(state, ladder, {leaf.name for leaf in ladder.leaves if leaf.schema == ladder.schema})
    finished: set[int] = set()
    found = _missing(state, ladder, policy, now, span)
    crowded = [missing for missing in found if isinstance(missing, Gap) and _is_crowded(state, ladder, missing)]
    if isinstance(policy, RangePartitions) and (crowded or ladder.oid in state.draining):
        # first, for whatever is attached beside a DEFAULT partition is compared with all rows of it
        yield Drain(parent, table_of(ladder.default) if ladder.default else None, policy, now)
    for missing in found:
        if missing in crowded:
            continue
        match missing:
            case Return(child, leaf):
                yield Attach(parent, table_of(leaf), child)
            case Broken(_, leaf) if leaf.oid not in finished:
                # whose the range is shows when the detach is done
                finished.add(leaf.oid)
                yield finalize(ladder, leaf)
            case Broken():
                pass
            case Overlap(child, beside):
                yield Refuse(parent, child.name, f"overlaps {_names(beside)}", "detach that, or change the policy")
            case Gap(child, beside):
                yield from _made(ladder, names, child, beside)
    if isinstance(policy, RangePartitions) and policy.default and ladder.default is None:
        yield from _made(ladder, names, Child(f"{ladder.table}_default", "DEFAULT"), ())


def _is_crowded(state: State, ladder: Ladder, gap: Gap) -> bool:
    policy, lower = ladder.policy, gap.child.lower
    if not isinstance(policy, RangePartitions) or lower is None:
        return False
    return floor(lower, policy.period) in state.crowded.get(ladder.oid, ())


def plan_drain(state: State, now: datetime) -> tuple[Action, ...]:
    """What empties DEFAULT partitions, also of rows that no policy expects."""
    return tuple(
        Drain(parent_of(ladder), table_of(ladder.default) if ladder.default else None, ladder.policy, now)
        for ladder in state.declared(children_first=False)
        if (ladder.oid in state.crowded or ladder.oid in state.draining) and isinstance(ladder.policy, RangePartitions)
    )


def _made(ladder: Ladder, names: _Names, child: Child, beside: tuple[Leaf, ...]) -> Iterator[Action]:
    parent = parent_of(ladder)
    named = names.free(child)
    if named is None:
        yield _taken(parent, child)
        return
    if beside:
        yield Skip(parent, _names(beside), f"it overlaps {child.name}, which gets what is left: {child.bound}")
    default = ladder.default
    yield Create(parent, named, ladder.key, names.leftover(named), table_of(default) if default else None)


def _missing(
    state: State, ladder: Ladder, policy: PartitionPolicy, now: datetime, span: tuple[datetime, datetime] | None
) -> tuple[Missing, ...]:
    if not isinstance(policy, RangePartitions):
        return missing_sets(ladder, policy, now)
    if span is not None:
        return missing_ranges(ladder, policy, policy.between(*span))
    cutoff = policy.cutoff(now)
    mine = tuple(
        leaf
        for leaf in state.detached_from(ladder)
        if leaf.oid not in state.archived and leaf.upper is not None and (cutoff is None or leaf.upper > cutoff)
    )
    ended = not_again(policy, state.ended.get(ladder.oid), now)
    found = missing_ranges(ladder, policy, policy.children(now), detached=mine, ended=ended)
    # rows of now and of the future come first, those of the past hardly ever
    return tuple(sorted(found, key=lambda missing: missing.child.upper is not None and missing.child.upper <= now))


@dataclass(slots=True)
class _Names:
    """Names for new partitions of a ladder; those of its partitions, old and new, are `used`."""

    state: State
    ladder: Ladder
    used: set[str]

    def free(self, child: Child) -> Child | None:
        """The child under the first name that is free: its own, or `name_2` where a sibling has that.

        None where a relation that is no partition has the name.
        """
        number = 1
        name = child.name
        while name in self.used:
            number += 1
            name = f"{child.name}_{number}"
        oid = self.state.taken.get((self.ladder.schema, name))
        if oid is not None and oid not in self.state.prepared:
            return None
        self.used.add(name)
        return replace(child, name=name)

    def leftover(self, child: Child) -> int | None:
        return self.state.taken.get((self.ladder.schema, child.name))


def _taken(parent: Table, child: Child) -> Refuse:
    name = qualified(parent.schema, child.name)
    return Refuse(
        parent,
        name,
        f"exists and is no partition of {parent}",
        f"attach it (ALTER TABLE {parent} ATTACH PARTITION {qualified(child.name)} ...) or rename it,"
        " then run the command again",
        protects=True,
    )


def plan_expire(state: State, now: datetime, grace: timedelta = GRACE) -> tuple[Action, ...]:
    """What ends the partitions that are past their retention at `now`, and drops those detached for `grace`."""
    plan: list[Action] = []
    for ladder in state.declared(children_first=True):
        if ladder.oid in state.elsewhere:
            continue
        plan += (finalize(ladder, leaf) for leaf in ladder.pending)
        if isinstance(ladder.policy, RangePartitions) and ladder.policy.at_end != "keep":
            cutoff = ladder.policy.cutoff(now)
            if cutoff is not None:
                plan += _Ending(state, ladder, ladder.policy, cutoff, now, grace).actions()
    return tuple(plan)


def finalize(ladder: Ladder, leaf: Leaf) -> Finalize:
    return Finalize(parent_of(ladder), table_of(leaf), leaf.bound, leaf.lower, leaf.upper)


@dataclass(frozen=True, slots=True)
class _Ending:
    state: State
    ladder: Ladder
    policy: RangePartitions
    cutoff: datetime
    now: datetime
    grace: timedelta

    @property
    def parent(self) -> Table:
        return parent_of(self.ladder)

    def actions(self) -> Iterator[Action]:
        if wrong := misfit(self.ladder, self.policy):
            next_step = "airside drift TARGET shows how table and declaration differ"
            yield Refuse(self.parent, str(self.parent), wrong, next_step)
            return
        past = [span for span in spans(self.ladder) if self._is_past(span)]
        if self.policy.at_end == "archive":
            if past:
                yield Skip(
                    self.parent, _names([span.leaf for span in past]), "its policy archives it: airside archive run"
                )
            return
        yield from self._detaches(past)
        for leaf in self.state.detached_from(self.ladder):
            yield from self._after_detach(leaf)

    def _is_past(self, span: Span) -> bool:
        return is_over(span, self.cutoff) and not span.leaf.is_default

    def _detaches(self, past: list[Span]) -> Iterator[Action]:
        unindexed = [key for key in self.state.foreign_keys if key.referred.oid == self.ladder.oid and not key.indexed]
        leaving = [span for span in past if self._stays_because(span.leaf) is None]
        for span in past:
            if reason := self._stays_because(span.leaf):
                yield Skip(self.parent, str(table_of(span.leaf)), reason)
        if leaving and unindexed:
            yield from (_unindexed(self.parent, key) for key in unindexed)
            return
        for span in leaving:
            leaf = span.leaf
            yield Detach(
                self.parent,
                table_of(leaf),
                leaf.bound,
                leaf.lower,
                leaf.upper,
                self.cutoff,
                concurrently=self.ladder.default is None,
            )

    def _stays_because(self, leaf: Leaf) -> str | None:
        if leaf.kind != "r":
            return "it is partitioned itself" if leaf.kind == "p" else "it is a foreign table"
        if leaf.oid in self.state.held:
            return "it was restored, and is held for a while"
        return self.state.referenced.get(leaf.oid)

    def _after_detach(self, leaf: Detached) -> Iterator[Action]:
        if leaf.end is None or leaf.end > self.cutoff or leaf.oid in self.state.archived | self.state.held:
            return
        table = table_of(leaf)
        keys = [key for key in self.state.foreign_keys if key.table.oid == leaf.oid]
        if self.policy.at_end == "detach":
            yield from (DropForeignKey(self.parent, table, key) for key in keys if self._bars_another(key))
        elif leaf.at + self.grace > self.now:
            yield from (DropForeignKey(self.parent, table, key) for key in keys if self._bars_another(key))
            until = leaf.at + self.grace
            yield Skip(self.parent, str(table), f"detached on {leaf.at:%Y-%m-%d}, dropped after {until:%Y-%m-%d %H:%M}")
        else:
            yield from (DropForeignKey(self.parent, table, key) for key in keys)
            yield Drop(self.parent, table, str(leaf.details.get("bound", "")), leaf.lower, leaf.upper)

    def _bars_another(self, key: ForeignKey) -> bool:
        """Whether the key keeps a partition of another table that expires, too, from being detached."""
        return any(
            ladder.oid == key.referred.oid
            and isinstance(ladder.policy, RangePartitions)
            and ladder.policy.at_end != "keep"
            for ladder in self.state.ladders
        )


def _unindexed(parent: Table, key: ForeignKey) -> Refuse:
    columns = ", ".join(map(qualified, key.columns))
    return Refuse(
        parent,
        str(parent),
        f"is referred to by {key} without an index: a detach would read all of {key.table} under a lock",
        f"CREATE INDEX CONCURRENTLY ON {key.table} ({columns})",
    )


def _names(leaves: Sequence[Leaf]) -> str:
    named = ", ".join(qualified(leaf.name) for leaf in leaves[:3])
    return named + (f" and {len(leaves) - 3} more" if len(leaves) > 3 else "")
