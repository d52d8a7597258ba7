"""How far ahead a ladder of partitions takes rows. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from ..schema.core.partitioning import RangePartitions, floor, step
from .state import Ladder, Leaf

_BEGINNING = datetime.min.replace(tzinfo=UTC)
_FOR_EVER = datetime.max.replace(tzinfo=UTC)
_MOST_PERIODS = 1_000_000


@dataclass(frozen=True, slots=True)
class Span:
    """What a partition covers, `lower` to `upper` (exclusive); ends of the calendar stand for no end."""

    leaf: Leaf
    lower: datetime
    upper: datetime


@dataclass(frozen=True, slots=True)
class Runway:
    """Until when rows find a partition: `until` is where contiguous coverage from now ends, None when it has no end.

    `covered` says whether a row of now finds one. `periods` are the whole periods after the current one that are
    covered (None: no end, or no policy), `wanted` how many the policy asks for.
    """

    covered: bool
    until: datetime | None
    periods: int | None = None
    wanted: int | None = None

    @property
    def short(self) -> bool:
        """Whether a policy asks for more than there is."""
        if self.wanted is None:
            return False
        return not self.covered or (self.periods is not None and self.periods < self.wanted)


def spans(ladder: Ladder) -> tuple[Span, ...]:
    """The partitions by time that take rows: neither DEFAULT nor pending a detach, in the order of time."""
    return tuple(sorted(_spans(ladder), key=lambda span: span.lower))


def is_over(span: Span, cutoff: datetime) -> bool:
    """Whether no row of a partition is of `cutoff` or later."""
    return span.upper <= cutoff and (span.leaf.end is None or span.leaf.end <= cutoff)


def _spans(ladder: Ladder) -> Iterator[Span]:
    for leaf in ladder.leaves:
        lower = leaf.lower or (_BEGINNING if _open(leaf, "FROM (MINVALUE)", "FROM ('-infinity')") else None)
        upper = leaf.upper or (_FOR_EVER if _open(leaf, "TO (MAXVALUE)", "TO ('infinity')") else None)
        if lower is not None and upper is not None and not leaf.pending:
            yield Span(leaf, lower, upper)


def _open(leaf: Leaf, *signs: str) -> bool:
    return any(sign in leaf.bound for sign in signs)


def by_time(ladder: Ladder) -> bool:
    """Whether the partitions are ranges of time, as far as one can tell."""
    return isinstance(ladder.policy, RangePartitions) or any(
        leaf.lower is not None or leaf.upper is not None for leaf in ladder.leaves
    )


def runway(ladder: Ladder, now: datetime) -> Runway | None:
    """The runway of a ladder by time; None for others."""
    if not by_time(ladder):
        return None
    policy = ladder.policy if isinstance(ladder.policy, RangePartitions) else None
    wanted = policy.ahead if policy else None
    until = now
    for span in spans(ladder):
        if span.lower <= until < span.upper:
            until = span.upper
    if until == _FOR_EVER:
        return Runway(covered=True, until=None, wanted=wanted)
    covered = until > now
    return Runway(covered, until, _periods(policy, now, until) if policy else None, wanted)


def _periods(policy: RangePartitions, now: datetime, until: datetime) -> int:
    current = floor(now.astimezone(UTC), policy.period)
    count = 0
    while count < _MOST_PERIODS and step(current, policy.period, count + 2) <= until:
        count += 1
    return count


def gaps(ladder: Ladder) -> tuple[tuple[datetime, datetime], ...]:
    """The times between the first and the last partition that no partition covers."""
    found: list[tuple[datetime, datetime]] = []
    reached: datetime | None = None
    for span in spans(ladder):
        if reached is not None and span.lower > reached:
            found.append((reached, span.lower))
        reached = span.upper if reached is None else max(reached, span.upper)
    return tuple(found)


def absent(ladder: Ladder, now: datetime) -> tuple[str, ...]:
    """The hash and list partitions that the policy asks for and that are not there: their rows are refused."""
    if ladder.policy is None or isinstance(ladder.policy, RangePartitions):
        return ()
    taking = [leaf for leaf in ladder.leaves if not leaf.pending]
    names = {leaf.name for leaf in taking}
    # PostgreSQL prints the words of a hash bound in lower case
    bounds = {leaf.bound.removeprefix("FOR VALUES ").casefold() for leaf in taking}
    return tuple(
        child.name
        for child in ladder.policy.children(now)
        if child.name not in names and child.bound.casefold() not in bounds
    )
