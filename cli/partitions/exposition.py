"""The status of partitions in Prometheus' text format, for node_exporter's textfile collector. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...partitions.judge import TableStatus
    from ...partitions.status import DatabaseStatus

_PREFIX = "airside_partitions"

_HELP: Mapping[str, str] = {
    "up": "Whether the partitions of the database could be read.",
    "read_timestamp_seconds": "When they were read.",
    "runway_short": "Whether rows are refused now, or sooner than the policy allows.",
    "runway_end_timestamp_seconds": "Until when inserts find a partition; +Inf: no end.",
    "runway_periods": "Whole periods after the current one that have a partition.",
    "runway_periods_wanted": "Whole periods after the current one that the policy asks for.",
    "leaves": "Partitions, those pending a detach and DEFAULT among them.",
    "past_retention": "Partitions past their retention.",
    "pending_detaches": "Detaches that were broken off.",
    "rows": "Rows; estimated where a partition is large.",
    "size_bytes": "Size with indexes.",
    "problems": "What is wrong, by kind.",
}


@dataclass(slots=True)
class _Metrics:
    samples: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def add(self, name: str, value: float, **labels: str) -> None:
        inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        self.samples.setdefault(name, []).append(f"{_PREFIX}_{name}{{{inside}}} {_number(value)}")

    def lines(self) -> Iterator[str]:
        # samples of one metric must stand together
        for name, explained in _HELP.items():
            if name in self.samples:
                yield f"# HELP {_PREFIX}_{name} {explained}"
                yield f"# TYPE {_PREFIX}_{name} gauge"
                yield from self.samples[name]


def exposition(read: Sequence[DatabaseStatus], unread: Sequence[str]) -> Iterator[str]:
    """The lines for the databases that were read, and for the targets of those that could not be."""
    metrics = _Metrics()
    for database in read:
        metrics.add("up", 1, target=database.target)
        metrics.add("read_timestamp_seconds", database.at.timestamp(), target=database.target)
        for table in database.tables:
            _table(metrics, database.target, table)
    for target in unread:
        metrics.add("up", 0, target=target)
    return metrics.lines()


def _table(metrics: _Metrics, target: str, table: TableStatus) -> None:
    labels = {"target": target, "table": table.name}
    metrics.add("runway_short", int(table.short), **labels)
    if table.runway is not None:
        until = table.runway.until
        metrics.add("runway_end_timestamp_seconds", until.timestamp() if until else float("inf"), **labels)
        if table.runway.wanted is not None:
            periods = table.runway.periods
            metrics.add("runway_periods", float("inf") if periods is None else periods, **labels)
            metrics.add("runway_periods_wanted", table.runway.wanted, **labels)
    metrics.add("leaves", len(table.leaves), **labels)
    metrics.add("past_retention", table.count("past"), **labels)
    metrics.add("pending_detaches", table.count("pending"), **labels)
    metrics.add("rows", table.rows, **labels)
    if table.bytes is not None:
        metrics.add("size_bytes", table.bytes, **labels)
    for kind, count in sorted(Counter(problem.kind for problem in table.problems).items()):
        metrics.add("problems", count, kind=kind, **labels)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    if value == float("inf"):
        return "+Inf"
    return str(int(value)) if value == int(value) else repr(value)
