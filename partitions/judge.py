"""What is to be said about a table's partitions, given its ladder and what each of them holds. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from ..schema.core.partitioning import PartitionPolicy, RangePartitions
from .runway import Runway, absent, by_time, gaps, is_over, runway, spans
from .state import Ladder, Leaf

State = Literal["past", "live", "now", "runway", "default", "pending", "part"]

MANY, TOO_MANY = 120, 400
"""Planning without pruning takes 4 ms at 120 partitions, 50 ms and 5,000 locks at 1,000."""

CLOSED = "takes no writes: its move to a second database was cut off"

_FEW = 3
_SHORT = frozenset({"no_partition_now", "short_runway", "absent"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a table's partitions: `kind` for programs, `what` for people."""

    kind: str
    what: str
    next_step: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """What a partition holds: `rows` is None when nobody knows, an estimate unless `exact`; `bytes`, with indexes,
    is None when a lock is in the way."""

    rows: int | None
    exact: bool
    bytes: int | None


@dataclass(frozen=True, slots=True)
class Fault:
    """What some partitions lack: `object` is an index of the parent, None for row-level security. Or that a move to a
    second database left one `closed` to writers."""

    parent_oid: int
    kind: str
    object: str | None
    leaves: list[str]


@dataclass(frozen=True, slots=True)
class LeafStatus:
    """A partition and where it stands: past its retention, live, of now, ahead (`runway`), DEFAULT, pending a detach,
    or simply a part (hash, list)."""

    leaf: Leaf
    state: State
    measure: Measure


@dataclass(frozen=True, slots=True)
class TableStatus:
    """A partitioned table, or a declared one that is not partitioned yet (`partitioned` False)."""

    schema: str
    table: str
    key_definition: str
    policy: PartitionPolicy | None
    leaves: tuple[LeafStatus, ...]
    runway: Runway | None
    problems: tuple[Problem, ...]
    partitioned: bool = True

    @property
    def name(self) -> str:
        return self.table if self.schema == "public" else f"{self.schema}.{self.table}"

    @property
    def rows(self) -> int:
        """The rows that are known of."""
        return sum(leaf.measure.rows or 0 for leaf in self.leaves)

    @property
    def exact(self) -> bool:
        return all(leaf.measure.exact for leaf in self.leaves)

    @property
    def bytes(self) -> int | None:
        sizes = [leaf.measure.bytes for leaf in self.leaves]
        return None if None in sizes else sum(cast("list[int]", sizes))

    @property
    def short(self) -> bool:
        """Whether rows are refused now or sooner than the policy allows."""
        return any(problem.kind in _SHORT for problem in self.problems)

    def count(self, state: State) -> int:
        return sum(leaf.state == state for leaf in self.leaves)


def judge(ladder: Ladder, measures: Mapping[int, Measure], faults: Sequence[Fault], now: datetime) -> TableStatus:
    """The status of one table. `measures` are by the partitions' oid."""
    leaves = tuple(LeafStatus(leaf, state, measures[leaf.oid]) for leaf, state in _states(ladder, now))
    return TableStatus(
        ladder.schema,
        ladder.table,
        ladder.key_definition,
        ladder.policy,
        leaves,
        runway(ladder, now),
        (
            *_of_runway(ladder, now),
            *_of_leaves(ladder, leaves),
            *(_of_fault(ladder, fault) for fault in faults if fault.parent_oid == ladder.oid),
            *_of_number(ladder),
        ),
    )


def unpartitioned(schema: str, table: str, policy: PartitionPolicy, *, exists: bool) -> TableStatus:
    """The status of a table that is declared to be partitioned and is not."""
    problem = (
        Problem("not_partitioned", "a plain table", f"airside partitions convert TARGET {table}")
        if exists
        else Problem("no_table", "does not exist", "airside upgrade TARGET")
    )
    return TableStatus(schema, table, policy.clause, policy, (), None, (problem,), partitioned=False)


def _states(ladder: Ladder, now: datetime) -> Iterator[tuple[Leaf, State]]:
    cutoff = ladder.policy.cutoff(now) if isinstance(ladder.policy, RangePartitions) else None
    placed = {span.leaf.oid: span for span in spans(ladder)}
    for leaf in ladder.leaves:
        span = placed.get(leaf.oid)
        if leaf.pending:
            yield leaf, "pending"
        elif leaf.is_default:
            yield leaf, "default"
        elif span is None:
            yield leaf, "part"
        elif cutoff is not None and is_over(span, cutoff):
            yield leaf, "past"
        elif span.upper <= now:
            yield leaf, "live"
        else:
            yield leaf, "now" if span.lower <= now else "runway"


def _of_runway(ladder: Ladder, now: datetime) -> Iterator[Problem]:
    ahead = runway(ladder, now)
    if ahead is not None and ahead.wanted is not None:
        if not ahead.covered:
            where = "rows of now go to the DEFAULT partition" if ladder.default else "rows of now are refused"
            yield Problem("no_partition_now", f"no partition of now: {where}", "airside partitions roll TARGET")
        elif ahead.short:
            yield Problem(
                "short_runway",
                f"{ahead.periods} of {ahead.wanted} periods ahead: inserts are safe until {ahead.until:%Y-%m-%d %H:%M}",
                "airside partitions roll TARGET",
            )
    if missing := absent(ladder, now):
        yield Problem("absent", f"rows of {_few(missing)} are refused", "airside partitions roll TARGET")
    if by_time(ladder):
        for since, until in gaps(ladder):
            yield Problem("gap", f"no partition from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M}")


def _of_leaves(ladder: Ladder, leaves: Sequence[LeafStatus]) -> Iterator[Problem]:
    if pending := [leaf.name for leaf in ladder.pending]:
        yield Problem(
            "pending_detach",
            f"the detach of {_few(pending)} was broken off: its rows are invisible in the table",
            "airside partitions expire TARGET finishes it",
        )
    for item in leaves:
        if item.state == "default" and item.measure.rows == 0 and item.measure.exact:
            yield Problem("default", f"{item.leaf.name} is a DEFAULT partition: it forbids DETACH CONCURRENTLY")
        elif item.state == "default":
            yield Problem(
                "default_rows", f"rows in the DEFAULT partition {item.leaf.name}", "airside partitions drain TARGET"
            )
    if isinstance(ladder.policy, RangePartitions) and ladder.key is not None:
        unchecked = [s.leaf.name for s in spans(ladder) if s.leaf.kind == "r" and s.leaf.checked is False]
        if unchecked:
            yield Problem("no_range_check", f"no kept CHECK of its range on {_few(unchecked)}: an attach scans it")


def _of_fault(ladder: Ladder, fault: Fault) -> Problem:
    match fault.kind:
        case "closed":
            return Problem(
                fault.kind,
                f"{_few(fault.leaves)} {CLOSED}",
                f"airside archive run TARGET --table {ladder.name} opens it again",
            )
        case "no_row_security":
            return Problem(fault.kind, f"row-level security is on for the table and not for {_few(fault.leaves)}")
        case "index_missing":
            return Problem(fault.kind, f"{_few(fault.leaves)} without a match for the index {fault.object}")
        case _:
            return Problem(fault.kind, f"the index {fault.object} is invalid on {_few(fault.leaves)}")


def _of_number(ladder: Ladder) -> Iterator[Problem]:
    count = len(ladder.leaves)
    if count > TOO_MANY:
        yield Problem("too_many_partitions", f"{count} partitions: unpruned statements plan for tens of milliseconds")
    elif count > MANY:
        yield Problem("many_partitions", f"{count} partitions; up to {MANY} cost little")


def _few(names: Sequence[str]) -> str:
    """The first names, and how many more."""
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return ", ".join(names[:_FEW]) + more
