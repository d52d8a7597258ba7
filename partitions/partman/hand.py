"""Handing a set over: from pg_partman to Airside, and from Airside to pg_partman. No partition is touched.

`create_parent()` is not called: it takes ACCESS EXCLUSIVE on the table, makes a DEFAULT partition unless there is
nothing else to make, and knows no names but its own. What it would leave in `part_config` is written instead, and
shown to be right: `run_maintenance()` is run and taken back before the row is committed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

import psycopg
from psycopg import sql

from ...schema.core.age import Age
from ...schema.core.errors import DeclarationError, LockNotAcquired, Refused
from ...schema.core.partitioning import Period, RangePartitions
from ...schema.core.patience import Patience
from .. import ledger
from ..state import Ladder, read_ladders
from .carry import misfits
from .config import PartConfig, Partman, missing_right
from .naming import pattern

R = TypeVar("R")

_WORDS: Mapping[Period, str] = {
    "hour": "1 hour",
    "day": "1 day",
    "week": "1 week",
    "month": "1 month",
    "quarter": "3 months",
    "year": "1 year",
}
_LOCK_WORDS = ("lock timeout", "deadlock")


@dataclass(frozen=True, slots=True)
class Handed:
    """What was written into part_config (column to value), and what run_maintenance() will make first."""

    values: Mapping[str, Any]
    makes_first: tuple[str, ...]


def take_over(
    connection: psycopg.Connection[Any], partman: Partman, config: PartConfig, ladder: Ladder, patience: Patience
) -> bool:
    """Switch pg_partman's automatic maintenance of the set off; whether it was on. Nothing else changes.

    Raises LockNotAcquired while a maintenance run is under way, MissingRight.
    """
    ledger.ensure_ledger(connection)
    if not config.automatic:
        return False

    def work() -> None:
        _alone(connection, config.parent)
        _update(connection, partman, config.parent, {"automatic_maintenance": "off"})
        _record(connection, ladder, "adopted", partman)

    _as_allowed(connection, partman, work, patience, f"taking {config.parent} over", config.parent)
    return True


def hand_back(
    connection: psycopg.Connection[Any],
    partman: Partman,
    config: PartConfig | None,
    ladder: Ladder,
    policy: RangePartitions,
    now: datetime,
    patience: Patience,
    *,
    write: bool,
) -> Handed:
    """Let pg_partman roll the set from now on, by what the policy says. Without `write` all of it is taken back.

    The session's time zone is UTC. Raises DeclarationError where pg_partman cannot do what the policy says, Refused
    when run_maintenance() made something else than the policy's partitions, LockNotAcquired, MissingRight.
    """
    values = _values(connection, partman, config, ladder, policy)
    _refuse_ahead_of_roll(ladder, policy, now)
    ledger.ensure_ledger(connection)
    parent = f"{ladder.schema}.{ladder.table}"

    def work() -> Handed:
        made: tuple[str, ...] = ()
        with connection.transaction(force_rollback=not write):
            _alone(connection, parent)
            # what is past its time stays out of the trial: ending it would lock the table
            _write(connection, partman, config, parent, {**values, "retention": None})
            made = _trial(connection, partman, ladder, policy)
            _update(connection, partman, parent, {"retention": values["retention"]})
            _record(connection, ladder, "handed_back", partman)
        return Handed(values, made)

    return _as_allowed(connection, partman, work, patience, f"handing {parent} to pg_partman", parent)


def _as_allowed(
    connection: psycopg.Connection[Any],
    partman: Partman,
    work: Callable[[], R],
    patience: Patience,
    what: str,
    where: str,
) -> R:
    try:
        return patience.transaction(connection, work, what=what, where=where)
    except psycopg.errors.InsufficientPrivilege as error:
        raise missing_right(connection, partman, error) from error


def _alone(connection: psycopg.Connection[Any], parent: str) -> None:
    """Take the lock of pg_partman's own maintenance until the end of the transaction."""
    row = connection.execute(
        "SELECT pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtext('pg_partman run_maintenance'))"
    ).fetchone()
    if row is None or not row[0]:
        raise LockNotAcquired(
            "pg_partman's maintenance is under way", where=parent, next_step="run the command again when it is done"
        )


def _record(connection: psycopg.Connection[Any], ladder: Ladder, event: ledger.Event, partman: Partman) -> None:
    name = (ladder.schema, ladder.table)
    details = {"pg_partman": partman.version}
    ledger.record(connection, event, parent=name, leaf=name, leaf_oid=ladder.oid, details=details)


def _values(
    connection: psycopg.Connection[Any],
    partman: Partman,
    config: PartConfig | None,
    ladder: Ladder,
    policy: RangePartitions,
) -> dict[str, Any]:
    """The columns of part_config that say what the policy says."""
    _refuse_misfits(partman, config, ladder, policy)
    months = {"quarter": 3, "year": 12}.get(policy.period)
    ends = policy.retention if policy.at_end in ("detach", "drop") else None
    if isinstance(ends, int):
        ends = f"{ends * (months or 1)} {'month' if months else policy.period}s"
    if config is not None and config.retention is not None and ends is not None and config.retention.age is not None:
        # the same, as somebody has spelled it
        ends = config.retention.spelling if Age.of(config.retention.age) == Age.of(ends) else ends
    values: dict[str, Any] = {
        "automatic_maintenance": "on",
        "premake": policy.ahead,
        "retention": ends,
        "retention_keep_table": policy.at_end != "drop",
    }
    if config is not None:
        return values
    values |= {
        "control": policy.key,
        "partition_type": "native" if partman.major < 5 else "range",
        "partition_interval": _WORDS[policy.period],
        "datetime_string": pattern(ladder.table, policy.name),
        # by the clock, as the policy says: a table without new rows must not run out of partitions
        "infinite_time_partitions": True,
        "ignore_default_data": True,
    }
    columns = _columns(connection, partman)
    if "partition_timezone" in columns:
        values["partition_timezone"] = "UTC"
    if policy.key_type == "uuidv7":
        if "time_encoder" not in columns:
            raise _cannot(partman, ladder, "UUIDv7 keys, which pg_partman knows since 5.2")
        values |= {
            f"time_{coder}": sql.Identifier(partman.schema, f"uuid7_time_{coder}").as_string(connection)
            for coder in ("encoder", "decoder")
        }
    return values


def _refuse_misfits(partman: Partman, config: PartConfig | None, ladder: Ladder, policy: RangePartitions) -> None:
    for misfit in misfits(policy, ladder):
        raise _cannot(partman, ladder, misfit)
    if any(mark in name for name in (ladder.schema, ladder.table) for mark in (".", '"')):
        raise _cannot(partman, ladder, "names with a period or a quote")
    if config is not None and (
        config.control != policy.key or config.interval is None or config.interval.period != policy.period
    ):
        raise _cannot(partman, ladder, f"what part_config holds of it: {config.control}, {config.interval}")
    written = pattern(ladder.table, policy.name)
    if written is None:
        raise _cannot(
            partman, ladder, f"the name {policy.name!r}: pg_partman names partitions {ladder.table}_p and the time"
        )
    if partman.major >= 5 and written in ('YYYY"q"Q', 'IYYY"w"IW'):
        raise _cannot(partman, ladder, f"the name {policy.name!r}: 5.x refuses the quarters and weeks of 4.x")
    if partman.major < 5:
        _refuse_disorder(partman, ladder, policy, written)


def _refuse_disorder(partman: Partman, ladder: Ladder, policy: RangePartitions, written: str) -> None:
    """4.x finds the newest partition by reading the time out of the names."""
    if policy.period == "quarter" and not (written.startswith("YYYY") and written.endswith("Q")):
        raise _cannot(partman, ladder, f"the name {policy.name!r}: 4.x wants the year first and the quarter last")
    for leaf in ladder.leaves:
        if leaf.lower is not None and leaf.name != policy.child_name(leaf.lower):
            raise _cannot(
                partman,
                ladder,
                f"partition {leaf.name}: 4.x reads times from names, and expects {policy.child_name(leaf.lower)}",
            )


def _cannot(partman: Partman, ladder: Ladder, what: str) -> DeclarationError:
    return DeclarationError(
        f"pg_partman {partman.version} cannot go on with {what}",
        where=f"{ladder.schema}.{ladder.table}",
        next_step="let Airside go on rolling it: airside partitions roll",
    )


def _refuse_ahead_of_roll(ladder: Ladder, policy: RangePartitions, now: datetime) -> None:
    for child in policy.children(now):
        lower = cast("datetime", child.lower)
        if not any(leaf.lower and leaf.upper and leaf.lower <= lower < leaf.upper for leaf in ladder.leaves):
            raise DeclarationError(
                f"partition {child.name} is not there yet",
                where=f"{ladder.schema}.{ladder.table}",
                next_step="airside partitions roll, then run the command again",
            )


def _columns(connection: psycopg.Connection[Any], partman: Partman) -> frozenset[str]:
    rows = connection.execute(
        "SELECT attname::text FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0",
        [sql.Identifier(partman.schema, "part_config").as_string(connection)],
    ).fetchall()
    return frozenset(str(row[0]) for row in rows)


def _write(
    connection: psycopg.Connection[Any],
    partman: Partman,
    config: PartConfig | None,
    parent: str,
    values: Mapping[str, Any],
) -> None:
    if config is not None:
        _update(connection, partman, parent, values)
        return
    row = {"parent_table": parent, **values}
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(partman.schema, "part_config"),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(map(sql.Placeholder, row)),
        ),
        row,
    )


def _update(connection: psycopg.Connection[Any], partman: Partman, parent: str, values: Mapping[str, Any]) -> None:
    connection.execute(
        sql.SQL("UPDATE {} SET {} WHERE parent_table = {}").format(
            sql.Identifier(partman.schema, "part_config"),
            sql.SQL(", ").join(
                sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in values
            ),
            sql.Placeholder("of"),
        ),
        {**values, "of": parent},
    )


def _trial(
    connection: psycopg.Connection[Any], partman: Partman, ladder: Ladder, policy: RangePartitions
) -> tuple[str, ...]:
    """The names of what run_maintenance() makes, which is taken back. Raises Refused when they are not the policy's."""
    parent = f"{ladder.schema}.{ladder.table}"
    before = {leaf.oid for leaf in ladder.leaves}
    with connection.transaction(force_rollback=True):
        try:
            connection.execute(
                sql.SQL("SELECT {}(%s)").format(sql.Identifier(partman.schema, "run_maintenance")), [parent]
            )
        except psycopg.errors.RaiseException as error:
            # pg_partman raises every error anew, as one of its own
            if any(word in str(error) for word in _LOCK_WORDS):
                raise psycopg.errors.LockNotAvailable(str(error)) from error
            raise _unlike(parent, f"fails: {error.diag.message_primary}") from error
        after = next(item for item in read_ladders(connection) if item.oid == ladder.oid)
    made = [leaf for leaf in after.leaves if leaf.oid not in before]
    if len(after.leaves) - len(made) != len(before):
        raise _unlike(parent, "removed a partition")
    for leaf in made:
        if leaf.lower is None or (leaf.name, leaf.upper) != (
            policy.child_name(leaf.lower),
            next(iter(policy.between(leaf.lower, cast("datetime", leaf.upper)))).upper,
        ):
            raise _unlike(parent, f"made {leaf.name} {leaf.bound}, which the policy does not know")
    return tuple(leaf.name for leaf in made)


def _unlike(parent: str, what: str) -> Refused:
    return Refused(
        f"on trial, run_maintenance() {what}",
        where=parent,
        next_step="compare the two: airside partitions adopt --watch; nothing was changed",
    )
