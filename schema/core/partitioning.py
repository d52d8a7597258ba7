"""Partition policies: declared beside the table, in its `info`. Pure.

>>> policy = RangePartitions("created_at", "month", "payments_{year}_{month:02}", start=date(2025, 11, 1), ahead=1)
>>> [child.name for child in policy.children(datetime(2025, 11, 20, tzinfo=UTC))]
['payments_2025_11', 'payments_2025_12']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, cast, get_args

from .age import Age
from .errors import DeclarationError
from .quote import quote_literal

Period = Literal["hour", "day", "week", "month", "quarter", "year"]
AtEnd = Literal["keep", "detach", "archive", "drop"]
KeyType = Literal["timestamptz", "timestamp", "date", "uuidv7"]

_NAMES_TRIED = 60
_TEMPLATES: Mapping[Period, str] = {
    "hour": "{year}_{month:02}_{day:02}_{hour:02}",
    "day": "{year}_{month:02}_{day:02}",
    "week": "{year}_w{week:02}",
    "month": "{year}_{month:02}",
    "quarter": "{year}_q{quarter}",
    "year": "{year}",
}


@dataclass(frozen=True, slots=True)
class Child:
    """A partition that a policy asks for. `bound` is what follows FOR VALUES, its literals in UTC with offset.

    `lower` and `upper` are the bounds of a range (upper exclusive); None for hash and list partitions.
    """

    name: str
    bound: str
    lower: datetime | None = None
    upper: datetime | None = None


@dataclass(frozen=True, slots=True)
class RangePartitions:
    """Ranges of time, bounded in UTC.

    `key` is one column: `timestamptz`, `timestamp` (read as UTC), `date`, or `uuidv7` (RFC 9562, time-ordered; its
    first 48 bits are milliseconds since 1970). `name` is a template with year, quarter, month, week, day, hour.
    `start` is where the ladder begins (a date; for hours a datetime, too), `ahead` how many periods after the current
    one exist at any time. Rows older than `retention` are past their time: a number of periods to keep besides the
    current one, or an age (`"90 days"`); `at_end` says what happens to their partitions. A `default` partition exists
    only where a policy insists: it forbids DETACH CONCURRENTLY and is locked and scanned by every ATTACH. With
    `at_end="archive"` whole partitions move to `archive`, a table of the same shape partitioned by the same key, or,
    when that is None, to where the `archive` command is told to write.
    """

    key: str
    period: Period
    name: str
    start: date
    ahead: int = 3
    retention: int | str | None = None
    at_end: AtEnd = "keep"
    key_type: KeyType = "timestamptz"
    default: bool = False
    archive: str | None = None

    def __post_init__(self) -> None:
        self._refuse_unknown_words()
        if isinstance(self.retention, str):
            Age.of(self.retention)
        if floor(self.first, self.period) != self.first:
            raise DeclarationError(
                f"start {self.start} of the partitions on {self.key} is no beginning of a {self.period}",
                next_step="give the first day of a period (or, for hours, a datetime)",
            )
        if self.key_type == "date" and self.period == "hour":
            raise DeclarationError(
                f"partitions by the hour need a time of day, and {self.key} is a date", next_step="use a day or longer"
            )
        if len({self.child_name(step(self.first, self.period, n)) for n in range(_NAMES_TRIED)}) < _NAMES_TRIED:
            raise DeclarationError(
                f"the name {self.name!r} is the same for several partitions",
                next_step=f"name every part of a {self.period}: {_TEMPLATES[self.period]}",
            )

    def _refuse_unknown_words(self) -> None:
        counted = isinstance(self.retention, int)
        if (
            self.period not in get_args(Period)
            or self.at_end not in get_args(AtEnd)
            or self.key_type not in get_args(KeyType)
            or self.ahead < 1
            or (counted and cast("int", self.retention) < 1)
        ):
            raise DeclarationError(
                f"partition policy on {self.key} asks for {self.period!r}, ahead {self.ahead}, "
                f"retention {self.retention}, at_end {self.at_end!r}, key_type {self.key_type!r}",
                next_step=f"use one of {', '.join(get_args(Period))}; {', '.join(get_args(AtEnd))}; "
                f"{', '.join(get_args(KeyType))}; and positive numbers",
            )

    @property
    def clause(self) -> str:
        return f"RANGE ({self.key})"

    @property
    def first(self) -> datetime:
        """The moment at which the ladder begins: `start`, in UTC."""
        if isinstance(self.start, datetime):
            return self.start.astimezone(UTC) if self.start.tzinfo else self.start.replace(tzinfo=UTC)
        return datetime(self.start.year, self.start.month, self.start.day, tzinfo=UTC)

    def cutoff(self, now: datetime) -> datetime | None:
        """Partitions that end at or before this moment are past their retention; None when rows are kept for ever."""
        if self.retention is None:
            return None
        if isinstance(self.retention, str):
            return Age.of(self.retention).before(now)
        return step(floor(now.astimezone(UTC), self.period), self.period, -self.retention)

    def children(self, now: datetime) -> tuple[Child, ...]:
        """The partitions from `start` (or where retention has ended them) to `ahead` periods after `now`."""
        lower = self.first
        cutoff = self.cutoff(now)
        if cutoff is not None and self.at_end != "keep":
            lower = max(lower, floor(cutoff, self.period))
        return self.between(lower, step(floor(now.astimezone(UTC), self.period), self.period, self.ahead + 1))

    def between(self, since: datetime, until: datetime) -> tuple[Child, ...]:
        """The partitions that cover every moment from `since` up to, not including, `until`."""
        return tuple(self._between(floor(since.astimezone(UTC), self.period), until))

    def _between(self, lower: datetime, until: datetime) -> Iterator[Child]:
        while lower < until:
            upper = step(lower, self.period, 1)
            yield self.child(lower, upper)
            lower = upper

    def child(self, lower: datetime, upper: datetime) -> Child:
        """The partition of one period."""
        bound = f"FROM ({self.literal(lower)}) TO ({self.literal(upper)})"
        return Child(self.child_name(lower), bound, lower, upper)

    def child_name(self, lower: datetime) -> str:
        iso = lower.isocalendar()
        return self.name.format(
            # the days around New Year belong to a week of the ISO year; a week named by its first day has its own
            year=iso.year if "{week" in self.name else lower.year,
            quarter=(lower.month - 1) // 3 + 1,
            month=lower.month,
            week=iso.week,
            day=lower.day,
            hour=lower.hour,
        )

    def literal(self, moment: datetime) -> str:
        """A moment as a literal of the key's type."""
        match self.key_type:
            case "timestamptz":
                return f"'{moment:%Y-%m-%d %H:%M:%S}+00'"
            case "timestamp":
                return f"'{moment:%Y-%m-%d %H:%M:%S}'"
            case "date":
                return f"'{moment:%Y-%m-%d}'"
            case "uuidv7":
                milliseconds = f"{round(moment.timestamp() * 1000):012x}"
                return f"'{milliseconds[:8]}-{milliseconds[8:]}-0000-0000-000000000000'"

    def moment(self, literal: str) -> datetime:
        """The moment that a bound means, as PostgreSQL prints it under `TimeZone = UTC`. Raises ValueError."""
        if self.key_type == "uuidv7":
            return datetime.fromtimestamp(int(literal.replace("-", "")[:12], 16) / 1000, tz=UTC)
        moment = datetime.fromisoformat(literal)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


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


@dataclass(frozen=True, slots=True)
class ListPartitions:
    """One partition for each set of values: `partitions` maps its name to them; None among them is NULL."""

    key: str
    partitions: Mapping[str, tuple[str | int | None, ...]]

    def __post_init__(self) -> None:
        values = [value for listed in self.partitions.values() for value in listed]
        if not all(self.partitions.values()) or len(set(values)) < len(values):
            raise DeclarationError(
                f"the list partitions on {self.key} name a value twice, or none", next_step="give each value one place"
            )

    @property
    def clause(self) -> str:
        return f"LIST ({self.key})"

    def children(self, now: datetime) -> tuple[Child, ...]:  # noqa: ARG002 - the same at any time
        return tuple(
            Child(name, f"IN ({', '.join(map(_list_value, values))})") for name, values in self.partitions.items()
        )


def _list_value(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    return quote_literal(value) if isinstance(value, str) else str(value)


PartitionPolicy = RangePartitions | HashPartitions | ListPartitions


def partitioned(policy: PartitionPolicy) -> dict[str, Any]:
    """The table is partitioned by this policy; to be written into its `info`.

    `postgresql_partition_by` of the table is `policy.clause`.
    """
    return {"partitions": policy}


def partition_policy(info: Mapping[Any, Any]) -> PartitionPolicy | None:
    policy = info.get("partitions")
    return policy if isinstance(policy, RangePartitions | HashPartitions | ListPartitions) else None


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
