"""From pg_partman's row about a table to a policy, and what of it no policy can say. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from ...schema.core.partitioning import KeyType, Period, RangePartitions, floor, step
from ..state import Ladder, Leaf
from .config import PartConfig
from .naming import template

KEY_TYPES: dict[str, KeyType] = {
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
    "date": "date",
    "uuid": "uuidv7",
}


@dataclass(frozen=True, slots=True)
class Carried:
    """A set of pg_partman as a policy, None where none can say it. `lost` is what the policy leaves out, each with
    its reason; `notes` is what will be done in another way than before.
    """

    policy: RangePartitions | None
    lost: tuple[str, ...]
    notes: tuple[str, ...]


def carry(config: PartConfig, ladder: Ladder) -> Carried:
    """The policy under which Airside does what pg_partman was told to do."""
    obstacles = tuple(_obstacles(config, ladder))
    if obstacles:
        return Carried(None, obstacles, ())
    period = cast("Period", config.interval.period if config.interval else None)
    name = template(ladder.table, config.datetime_string or "", config.prefix)
    timed = _timed(ladder)
    retention, lost = _retention(config)
    policy = RangePartitions(
        key=config.control,
        period=period,
        name=cast("str", name),
        start=_start(timed, period),
        ahead=config.premake,
        retention=retention,
        at_end="keep" if retention is None else "detach" if config.retention_keeps_table else "drop",
        key_type=KEY_TYPES[cast("str", ladder.key_type).split("(")[0]],
        default=ladder.default is not None,
    )
    return Carried(policy, (*lost, *_left_out(config)), tuple(_notes(config, policy, timed)))


def misfits(policy: RangePartitions, ladder: Ladder) -> tuple[str, ...]:
    """What of a live set contradicts a policy: its key, and partitions that are no period of it."""
    return tuple(_misfits(policy, ladder))


def _misfits(policy: RangePartitions, ladder: Ladder) -> Iterator[str]:
    key_type = KEY_TYPES.get((ladder.key_type or "").split("(")[0])
    if ladder.strategy != "r" or ladder.key != policy.key:
        yield f"the table is partitioned by {ladder.key_definition}, the policy by {policy.clause}"
    elif key_type != policy.key_type:
        yield f"{policy.key} is a {ladder.key_type}, the policy says {policy.key_type}"
    else:
        yield from _no_periods(ladder, policy.period)


def _no_periods(ladder: Ladder, period: Period) -> Iterator[str]:
    for leaf in ladder.leaves:
        if leaf.is_default:
            continue
        if leaf.lower is None or leaf.upper is None:
            yield f"{leaf.name} has no bounds in time: {leaf.bound}"
        elif floor(leaf.lower, period) != leaf.lower or step(leaf.lower, period, 1) != leaf.upper:
            yield (
                f"{leaf.name} reaches from {leaf.lower:%Y-%m-%d %H:%M} to {leaf.upper:%Y-%m-%d %H:%M} UTC,"
                f" which is no {period} in UTC"
            )


def _obstacles(config: PartConfig, ladder: Ladder) -> Iterator[str]:
    if config.kind not in ("native", "range"):
        yield _WITHOUT_RANGES.get(config.kind, f"partition type {config.kind!r} is none of ranges")
        return
    if config.subdivides or any(leaf.kind == "p" for leaf in ladder.leaves):
        yield "sub-partitioning: a policy has one level; each partition would need a policy of its own"
    if config.rest.get("undo_in_progress"):
        yield "undo_partition() is under way: let it end first"
    if config.rest.get("async_partitioning_in_progress"):
        yield "partition_data_async() is under way, and rows in transit are invisible: let it end first"
    keys = tuple(_key_obstacles(config, ladder))
    yield from keys or _period_obstacles(config, ladder)


def _key_obstacles(config: PartConfig, ladder: Ladder) -> Iterator[str]:
    encoder = str(config.rest.get("time_encoder") or "").replace('"', "")
    if ladder.key != config.control:
        yield f"the key is {ladder.key_definition}, pg_partman was told {config.control}: a policy needs one column"
    elif config.epoch != "none":
        yield f"the key counts {config.epoch} since 1970: a policy needs timestamptz, timestamp, date or UUIDv7"
    elif config.interval is None:
        yield f"ranges of numbers ({config.rest['partition_interval']} each): a policy divides time"
    elif (ladder.key_type or "").split("(")[0] not in KEY_TYPES:
        yield f"{config.control} is {ladder.key_type}: a policy needs timestamptz, timestamp, date or UUIDv7"
    elif encoder and not encoder.endswith("uuid7_time_encoder"):
        yield f"times are written into {config.control} by {encoder}(): a policy reads UUIDv7 only"


def _period_obstacles(config: PartConfig, ladder: Ladder) -> Iterator[str]:
    period = config.interval.period if config.interval else None
    if period is None:
        yield (
            f"the interval {config.interval.spelling if config.interval else ''} is no period:"
            " a policy knows hour, day, week, month, quarter and year"
        )
        return
    if template(ladder.table, config.datetime_string or "", config.prefix) is None:
        yield f"names by {config.datetime_string!r} have no template"
    if not _timed(ladder):
        yield "there are no partitions yet"
    yield from _no_periods(ladder, period)


_WITHOUT_RANGES = {
    "partman": "inheritance and triggers (type 'partman' of 4.x): make it a partitioned table first, see"
    " pg_partman's migrate_to_native, or airside partitions convert",
    "time-custom": "inheritance and triggers (type 'time-custom' of 4.x): make it a partitioned table first, see"
    " pg_partman's migrate_to_native, or airside partitions convert",
    "list": "one number for each partition: pg_partman rolls it on, a list policy names its values",
}


def _timed(ladder: Ladder) -> Sequence[Leaf]:
    return [leaf for leaf in ladder.leaves if leaf.lower is not None and leaf.upper is not None]


def _start(timed: Sequence[Leaf], period: Period) -> date:
    first = cast("datetime", timed[0].lower)
    return first if period == "hour" else first.date()


def _retention(config: PartConfig) -> tuple[str | None, tuple[str, ...]]:
    if config.retention is None:
        return None, ()
    spelling = config.retention.spelling
    if config.retention_schema:
        return None, (
            f"retention of {spelling} into schema {config.retention_schema}: a policy detaches, archives or drops. The"
            " policy below keeps everything; to go on, give it retention with at_end='detach', or at_end='archive'"
            " with an archive table",
        )
    age = config.retention.age
    if age is None:
        return None, (f"retention of {spelling} is not made of months, days and hours: the policy keeps everything",)
    return age, ()


def _left_out(config: PartConfig) -> Iterator[str]:
    rest = config.rest
    if rest.get("constraint_cols"):
        yield f"constraints on {', '.join(rest['constraint_cols'])} for old partitions: nothing adds them"
    if config.template_adds:
        yield (
            f"{' and '.join(config.template_adds)} of the template table {rest['template_table']}: new partitions are"
            " made like their parent, so give them to the parent"
        )
    if rest.get("publications"):
        yield f"publications {', '.join(rest['publications'])}: publish the parent, and its partitions follow"
    if rest.get("drop_cascade_fk"):
        yield "drop_cascade_fk: nothing is ever dropped with CASCADE"
    if config.retention is not None and config.retention_keeps_table and rest.get("retention_keep_index") is False:
        yield "retention_keep_index = false: a detached partition keeps its indexes"


def _notes(config: PartConfig, policy: RangePartitions, timed: Sequence[Leaf]) -> Iterator[str]:
    if not config.infinite:
        yield "partitions are made by the clock; pg_partman waited for rows (infinite_time_partitions = false)"
    if policy.default:
        yield (
            "the DEFAULT partition stays. It makes every detach and attach lock more: when it is empty, detach it and"
            " declare without default=True"
        )
    others = [leaf for leaf in timed if policy.child_name(cast("datetime", leaf.lower)) != leaf.name]
    if others:
        yield f"{len(others)} partitions have other names than new ones will, such as {others[0].name}: they keep them"
