"""A ladder of partitions as a line of characters and as rows of a table. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ...partitions.judge import LeafStatus, Measure, TableStatus

WIDEST = 60
LONGEST = 24
_ENDS = 3

STEPS: Mapping[str, str] = {"past": ".", "live": "#", "now": "|", "runway": ">", "gap": "!"}
BLOCKS: Mapping[str, str] = {"past": "░", "live": "█", "now": "┃", "runway": "▒", "gap": "!"}
COLOURS: Mapping[str, str] = {"past": "dim", "live": "green", "now": "bold", "runway": "cyan", "gap": "bold red"}
MEANING: Mapping[str, str] = {
    "past": "past retention",
    "live": "live",
    "now": "now",
    "runway": "runway",
    "gap": "gap: rows are refused",
}
# what a character that stands for several partitions shows
_FIRST = ("gap", "now", "past", "runway", "live")


@dataclass(frozen=True, slots=True)
class Bar:
    """The ladder by time: one step a partition, or several partitions where there are more than fit."""

    since: str
    steps: tuple[str, ...]
    until: str


def bar(table: TableStatus) -> Bar | None:
    """The ladder of a table that is partitioned by time; None for others and for one without such partitions."""
    placed = [leaf for leaf in table.leaves if leaf.state in STEPS]
    if not placed:
        return None
    steps = tuple(_steps(placed))
    return Bar(moment(placed[0].leaf.lower) or "...", _squeezed(steps), moment(placed[-1].leaf.upper) or "...")


def _steps(placed: Sequence[LeafStatus]) -> Iterator[str]:
    reached: datetime | None = None
    for item in placed:
        if reached is not None and item.leaf.lower is not None and item.leaf.lower > reached:
            yield "gap"
        yield item.state
        reached = item.leaf.upper


def _squeezed(steps: tuple[str, ...]) -> tuple[str, ...]:
    if len(steps) <= WIDEST:
        return steps
    edges = [round(n * len(steps) / WIDEST) for n in range(WIDEST + 1)]
    parts = [steps[since:until] for since, until in pairwise(edges)]
    return tuple(min(part, key=_FIRST.index) for part in parts)


def rows(table: TableStatus) -> list[dict[str, str | None]]:
    """The partitions as rows; those of a long ladder that are neither at its ends nor near now share rows."""
    leaves = table.leaves
    shown = set(range(len(leaves))) if len(leaves) <= LONGEST else set(_shown(leaves))
    listed: list[dict[str, str | None]] = []
    for together, group in groupby(range(len(leaves)), key=lambda n: n not in shown):
        items = [leaves[n] for n in group]
        listed += [_rest(items)] if together and len(items) > 1 else map(_row, items)
    return listed


def _shown(leaves: Sequence[LeafStatus]) -> Iterator[int]:
    yield from range(_ENDS)
    yield from range(len(leaves) - _ENDS, len(leaves))
    for place, item in enumerate(leaves):
        if item.state in ("default", "pending"):
            yield place
        elif item.state == "now":
            yield from range(max(place - _ENDS, 0), min(place + _ENDS + 1, len(leaves)))


def _rest(items: Sequence[LeafStatus]) -> dict[str, str | None]:
    sizes = [item.measure.bytes for item in items]
    return {
        "partition": f"... {len(items)} more",
        "from": moment(items[0].leaf.lower),
        "to": moment(items[-1].leaf.upper),
        "rows": number(sum(item.measure.rows or 0 for item in items), all(item.measure.exact for item in items)),
        "size": None if None in sizes else size(sum(filter(None, sizes))),
        "state": " and ".join(dict.fromkeys(MEANING.get(item.state, item.state) for item in items)),
    }


def _row(item: LeafStatus) -> dict[str, str | None]:
    return {
        "partition": item.leaf.name,
        "from": moment(item.leaf.lower) or (None if item.leaf.upper else item.leaf.bound.removeprefix("FOR VALUES ")),
        "to": moment(item.leaf.upper),
        "rows": _rows(item.measure),
        "size": None if item.measure.bytes is None else size(item.measure.bytes),
        "state": MEANING.get(item.state, item.state),
    }


def _rows(measure: Measure) -> str | None:
    return None if measure.rows is None else number(measure.rows, measure.exact)


def number(count: int, exact: bool) -> str:
    """A number of rows, marked where it is an estimate."""
    return f"{'' if exact else '~'}{count:,}"


def moment(at: datetime | None) -> str | None:
    """A bound, without the time of day where it is midnight."""
    if at is None:
        return None
    return f"{at:%Y-%m-%d}" if (at.hour, at.minute, at.second) == (0, 0, 0) else f"{at:%Y-%m-%d %H:%M:%S}"


def size(count: int) -> str:
    """Bytes as people read them."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TB"
