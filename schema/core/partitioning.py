"""Partition policies: declared beside the table, in its `info`. Pure.

>>> policy = RangePartitions("created_at", "month", "payments_{year}_{month:02}", start=date(2025, 11, 1), ahead=1)
>>> [child.name for child in policy.children(datetime(2025, 11, 20, tzinfo=UTC))]
['payments_2025_11', 'payments_2025_12']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, get_args

from .errors import DeclarationError

Period = Literal["hour", "day", "week", "month", "quarter", "year"]
AtEnd = Literal["keep", "detach", "archive", "drop"]


@dataclass(frozen=True, slots=True)
class Child:
    """A partition that a policy asks for. `bound` is what follows FOR VALUES, its literals in UTC with offset.

    `lower` and `upper` are the bounds of a range (upper exclusive); None for hash partitions.
    """

    name: str
    bound: str
    lower: datetime | None = None
    upper: datetime | None = None


@dataclass(frozen=True, slots=True)
class RangePartitions:
    """Ranges of time on a `timestamptz` key, bounded in UTC; there is no DEFAULT partition.

    `name` is a template with year, quarter, month, week, day, hour. `start` is where the ladder begins, `ahead` how
    many periods after the current one exist at any time. Rows older than `retention` periods are past their time;
    `at_end` says what happens to their partitions.
    """

    key: str
    period: Period
    name: str
    start: date
    ahead: int = 3
    retention: int | None = None
    at_end: AtEnd = "keep"

    def __post_init__(self) -> None:
        if self.period not in get_args(Period) or self.ahead < 1 or (self.retention is not None and self.retention < 1):
            raise DeclarationError(
                f"partition policy on {self.key} asks for {self.period!r}, ahead {self.ahead}, "
                f"retention {self.retention}",
                next_step=f"use one of {', '.join(get_args(Period))}, and positive numbers",
            )
        if floor(datetime(self.start.year, self.start.month, self.start.day, tzinfo=UTC), self.period).date() != (
            self.start
        ):
            raise DeclarationError(
                f"start {self.start} of the partitions on {self.key} is no beginning of a {self.period}",
                next_step="give the first day of a period",
            )

    @property
    def clause(self) -> str:
        return f"RANGE ({self.key})"

    def children(self, now: datetime) -> tuple[Child, ...]:
        """The partitions from `start` (or where retention has ended them) to `ahead` periods after `now`."""
        return tuple(self._children(now))

    def _children(self, now: datetime) -> Iterator[Child]:
        current = floor(now.astimezone(UTC), self.period)
        lower = datetime(self.start.year, self.start.month, self.start.day, tzinfo=UTC)
        if self.retention is not None and self.at_end != "keep":
            lower = max(lower, step(current, self.period, -self.retention))
        last = step(current, self.period, self.ahead)
        while lower <= last:
            upper = step(lower, self.period, 1)
            yield Child(self.child_name(lower), f"FROM ({_literal(lower)}) TO ({_literal(upper)})", lower, upper)
            lower = upper

    def child_name(self, lower: datetime) -> str:
        return self.name.format(
            year=lower.year,
            quarter=(lower.month - 1) // 3 + 1,
            month=lower.month,
            week=lower.isocalendar().week,
            day=lower.day,
            hour=lower.hour,
        )


@dataclass(frozen=True, slots=True)
class HashPartitions:
    """A fixed number of partitions by hash; `name` is a template with `remainder`."""

    key: str
    modulus: int
    name: str

    @property
    def clause(self) -> str:
        return f"HASH ({self.key})"

    def children(self, now: datetime) -> tuple[Child, ...]:  # noqa: ARG002 - the same at any time
        return tuple(
            Child(self.name.format(remainder=n), f"WITH (MODULUS {self.modulus}, REMAINDER {n})")
            for n in range(self.modulus)
        )


PartitionPolicy = RangePartitions | HashPartitions


def partitioned(policy: PartitionPolicy) -> dict[str, Any]:
    """The table is partitioned by this policy; to be written into its `info`.

    `postgresql_partition_by` of the table is `policy.clause`.
    """
    return {"partitions": policy}


def partition_policy(info: Mapping[Any, Any]) -> PartitionPolicy | None:
    policy = info.get("partitions")
    return policy if isinstance(policy, RangePartitions | HashPartitions) else None


def floor(moment: datetime, period: Period) -> datetime:
    """The beginning of the period that holds `moment` (weeks begin on Monday)."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=0)
    match period:
        case "hour":
            return hour
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)


def step(moment: datetime, period: Period, count: int) -> datetime:
    """The beginning of the period `count` periods after the one that begins at `moment`."""
    match period:
        case "hour":
            return moment + timedelta(hours=count)
        case "day":
            return moment + timedelta(days=count)
        case "week":
            return moment + timedelta(weeks=count)
        case "month":
            return _months_later(moment, count)
        case "quarter":
            return _months_later(moment, 3 * count)
        case "year":
            return _months_later(moment, 12 * count)


def _months_later(moment: datetime, months: int) -> datetime:
    number = moment.year * 12 + moment.month - 1 + months
    return moment.replace(year=number // 12, month=number % 12 + 1)


def _literal(moment: datetime) -> str:
    return f"'{moment:%Y-%m-%d %H:%M:%S}+00'"
