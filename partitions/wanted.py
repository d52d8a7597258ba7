"""Which partitions a table lacks: what its policy asks for, less what is there. Pure.

Partitions need not have been made by the policy: bounds of another period or another midnight, MINVALUE and MAXVALUE,
gaps and odd names are taken as they are, and only what nothing covers is missing.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice, takewhile

from ..schema.core.partitioning import Child, HashPartitions, ListPartitions, PartitionPolicy, RangePartitions, floor
from .ledger import Detached
from .runway import Span, spans
from .state import Ladder, Leaf

_STRATEGIES: Mapping[type, str] = {RangePartitions: "r", HashPartitions: "h", ListPartitions: "l"}
_TYPES: Mapping[str, str] = {
    "timestamptz": "timestamp with time zone",
    "timestamp": "timestamp without time zone",
    "date": "date",
    "uuidv7": "uuid",
}
_PRECISION = re.compile(r"\(\d\)")
_BOUNDS = re.compile(r"(?:FOR VALUES )?FROM \((.+)\) TO \((.+)\)\Z")
_HASH = re.compile(r"WITH \(MODULUS (\d+), REMAINDER (\d+)\)", re.IGNORECASE)
_LIST = re.compile(r"FOR VALUES IN \((.*)\)\Z", re.DOTALL)
_VALUE = re.compile(r"\s*(?:(?P<escaped>E?)'(?P<text>(?:[^']|'')*)'|(?P<bare>[^,']+))\s*(?:,|\Z)")


@dataclass(frozen=True, slots=True)
class Gap:
    """A partition to be made. `beside` are partitions that overlap what the policy wants: this is what they leave."""

    child: Child
    beside: tuple[Leaf, ...] = ()


@dataclass(frozen=True, slots=True)
class Return:
    """A detached leaf of ours whose range is missing."""

    child: Child
    leaf: Detached


@dataclass(frozen=True, slots=True)
class Broken:
    """A missing range to which a partition with an unfinished detach still has a claim."""

    child: Child
    leaf: Leaf


@dataclass(frozen=True, slots=True)
class Overlap:
    """A partition that is missing and cannot be made beside those that overlap it."""

    child: Child
    beside: tuple[Leaf, ...]


Missing = Gap | Return | Broken | Overlap


def misfit(ladder: Ladder, policy: PartitionPolicy) -> str | None:
    """In what a live table is partitioned in another way than its policy says, in words."""
    if ladder.strategy != _STRATEGIES[type(policy)] or ladder.key != policy.key:
        key = ladder.key_definition if ladder.key else f"{ladder.key_definition} of an expression or several columns"
        return f"is partitioned by {key}, and its policy says {policy.clause}"
    if isinstance(policy, RangePartitions):
        found = _PRECISION.sub("", ladder.key_type or "")
        if found != _TYPES[policy.key_type]:
            return f"has a key of type {found}, and its policy says {policy.key_type}"
    return None


def missing_ranges(
    ladder: Ladder,
    policy: RangePartitions,
    wanted: Sequence[Child],
    *,
    detached: Sequence[Detached] = (),
    ended: datetime | None = None,
) -> tuple[Missing, ...]:
    """What of the `wanted` ranges no partition covers, in their order.

    `detached` are leaves that may come back. Before `ended` nothing new is made.
    """
    line = _TimeLine(ladder, policy, detached, ended)
    return tuple(missing for child in wanted for missing in line.missing(child))


def not_again(policy: RangePartitions, ended: datetime | None, now: datetime) -> datetime | None:
    """Up to where nothing is made again though the clock went back or retention grew: never beyond rows of now."""
    return None if ended is None else min(ended, floor(now.astimezone(UTC), policy.period))


def bound_literals(bound: str) -> tuple[str, str]:
    """The two sides of a range bound of one column, as PostgreSQL prints them."""
    sides = _BOUNDS.match(bound)
    assert sides is not None, bound
    return sides[1], sides[2]


@dataclass(frozen=True, slots=True)
class _Piece:
    lower: datetime
    upper: datetime


class _TimeLine:
    """The ranges of one table."""

    def __init__(
        self, ladder: Ladder, policy: RangePartitions, detached: Sequence[Detached], ended: datetime | None
    ) -> None:
        self._policy = policy
        self._spans = spans(ladder)
        self._ends = [span.upper for span in self._spans]
        self._pending = spans(replace(ladder, leaves=tuple(replace(leaf, pending=False) for leaf in ladder.pending)))
        self._detached = detached
        self._ended = ended
        self._edges = dict(self._literals())

    def _literals(self) -> Iterator[tuple[datetime, str]]:
        """The literals at which there are neighbours: they may be finer than the moments that are read from them."""
        for span in self._spans:
            for moment, literal in zip((span.lower, span.upper), bound_literals(span.leaf.bound), strict=True):
                if literal.startswith("'"):
                    yield moment, literal

    def missing(self, child: Child) -> Iterator[Missing]:
        assert child.lower is not None
        assert child.upper is not None
        whole = _Piece(child.lower, child.upper)
        beside = self._overlapping(whole)
        for piece in _without(whole, [_Piece(span.lower, span.upper) for span in beside]):
            yield from self._filled(child, piece, tuple(span.leaf for span in beside))

    def _overlapping(self, piece: _Piece) -> list[Span]:
        # partitions never overlap, so their ends are in the order of their beginnings
        later = islice(self._spans, bisect_right(self._ends, piece.lower), None)
        return list(takewhile(lambda span: span.lower < piece.upper, later))

    def _filled(self, child: Child, piece: _Piece, beside: tuple[Leaf, ...]) -> Iterator[Missing]:
        broken = [span for span in self._pending if span.lower < piece.upper and span.upper > piece.lower]
        if broken:
            yield from (Broken(child, span.leaf) for span in broken)
            return
        returning = [(leaf, part) for leaf in self._detached if (part := _within(leaf, piece)) is not None]
        for leaf, part in returning:
            bound = str(leaf.details["bound"]).removeprefix("FOR VALUES ")
            yield Return(Child(leaf.name, bound, part.lower, part.upper), leaf)
        for rest in _without(piece, [part for _, part in returning]):
            if self._ended is None or self._ended < rest.upper:
                begun = rest if self._ended is None else _Piece(max(rest.lower, self._ended), rest.upper)
                yield Gap(self._clipped(child, begun), beside)

    def _clipped(self, child: Child, piece: _Piece) -> Child:
        lower, upper = (self._edges.get(end) or self._policy.literal(end) for end in (piece.lower, piece.upper))
        return Child(child.name, f"FROM ({lower}) TO ({upper})", piece.lower, piece.upper)


def _without(piece: _Piece, covered: Sequence[_Piece]) -> list[_Piece]:
    """What of the piece none of the others covers."""
    left: list[_Piece] = []
    reached = piece.lower
    for other in sorted(covered, key=lambda other: other.lower):
        if other.lower > reached:
            left.append(_Piece(reached, min(other.lower, piece.upper)))
        reached = max(reached, other.upper)
    if reached < piece.upper:
        left.append(_Piece(reached, piece.upper))
    return left


def _within(leaf: Detached, piece: _Piece) -> _Piece | None:
    """The range of a detached leaf when it lies within the piece."""
    lower, upper = leaf.lower, leaf.upper
    if lower is None or upper is None or "bound" not in leaf.details or lower < piece.lower or upper > piece.upper:
        return None
    return _Piece(lower, upper)


def missing_sets(ladder: Ladder, policy: HashPartitions | ListPartitions, now: datetime) -> tuple[Missing, ...]:
    """The hash or list partitions that are missing, or what those that are there leave of them."""
    leaves = [leaf for leaf in ladder.leaves if not leaf.is_default]
    if isinstance(policy, HashPartitions):
        return tuple(missing for child in policy.children(now) for missing in _missing_hash(child, leaves))
    return tuple(_missing_lists(policy, leaves, now))


def _missing_hash(child: Child, leaves: Sequence[Leaf]) -> Iterator[Missing]:
    modulus, remainder = _hash(child.bound)
    others = [(leaf, *_hash(leaf.bound)) for leaf in leaves]
    finest = math.lcm(modulus, *(other for _, other, _ in others))
    left = set(range(remainder, finest, modulus))
    beside: list[Leaf] = []
    for leaf, other, rest in others:
        if taken := left.intersection(range(rest, finest, other)):
            left -= taken
            beside.append(leaf)
    if left:
        yield Overlap(child, tuple(beside)) if beside else Gap(child)


def _hash(bound: str) -> tuple[int, int]:
    found = _HASH.search(bound)
    assert found is not None, bound
    return int(found[1]), int(found[2])


def _missing_lists(policy: ListPartitions, leaves: Sequence[Leaf], now: datetime) -> Iterator[Missing]:
    places = {value: leaf for leaf in leaves for value in listed(leaf.bound)}
    for name, values in policy.partitions.items():
        rest = tuple(value for value in values if _plain(value) not in places)
        if not rest:
            continue
        beside = tuple(dict.fromkeys(places[_plain(value)] for value in values if _plain(value) in places))
        (child,) = ListPartitions(policy.key, {name: rest}).children(now)
        yield Gap(child, beside)


def _plain(value: str | int | None) -> str | None:
    return None if value is None else str(value)


def listed(bound: str) -> Iterator[str | None]:
    """The values of `FOR VALUES IN (...)` as plain text; None for NULL."""
    inside = _LIST.match(bound)
    for value in _VALUE.finditer(inside[1]) if inside else ():
        if value["bare"] is not None:
            bare = value["bare"].strip()
            yield None if bare == "NULL" else bare
        else:
            text = value["text"].replace("''", "'")
            yield text.replace("\\\\", "\\") if value["escaped"] else text
