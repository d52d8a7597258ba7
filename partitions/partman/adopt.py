"""One table between pg_partman and Airside: look, take over, hand back."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

from ...schema.core.database import Database
from ...schema.core.errors import Finding, UsageError
from ...schema.core.partitioning import RangePartitions
from ...schema.core.patience import Patience
from ...server import Server
from ..state import Ladder, read_ladders
from .carry import Carried, carry, misfits
from .config import PartConfig, Partman, find_partman, read_config
from .foresee import Difference, differences
from .hand import Handed, hand_back, take_over

_UTC = frozenset({"UTC", "ETC/UTC", "GMT", "ETC/GMT", "UCT", "ETC/UCT", "ZULU", "ETC/ZULU", "UNIVERSAL"})


@dataclass(frozen=True, slots=True)
class Set:
    """A partitioned table as both see it. `declared` is the policy of the models, None when they have none."""

    table: str
    partman: Partman
    config: PartConfig | None
    ladder: Ladder
    declared: RangePartitions | None
    time_zone: str

    @property
    def in_utc(self) -> bool:
        """Whether sessions of this role begin in UTC: pg_partman bounds new partitions in its session's time zone."""
        return self.time_zone.upper() in _UTC


@dataclass(frozen=True, slots=True)
class Adoption:
    """A set read into a policy. `differences` is where the two would differ now, by the declared policy if there is
    one; `taken` says that pg_partman's automatic maintenance was switched off just now.
    """

    set: Set
    carried: Carried
    differences: tuple[Difference, ...]
    taken: bool = False


@contextmanager
def as_owner(server: Server, database: Database) -> Generator[tuple[psycopg.Connection[Any], str]]:
    """A connection as the database's owner, in UTC, and the time zone that it had begun with."""
    with server.connect(database.name, autocommit=True, application_name="airside partitions") as connection:
        row = connection.execute("SELECT current_setting('TimeZone')").fetchone()
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(database.roles.owner)))
        yield connection, str(row[0]) if row is not None else ""


def adopt(
    server: Server, database: Database, table: str, now: datetime, patience: Patience, *, write: bool
) -> Adoption:
    """Read a set into a policy; with `write` let Airside alone roll it from now on.

    Reading changes nothing. Taking over needs a declared policy that fits the live set and ends nothing that
    pg_partman would keep. Raises UsageError, MissingExtension, MissingRight, Finding, LockNotAcquired.
    """
    with as_owner(server, database) as (connection, time_zone):
        found, config = _managed(connection, database, table, time_zone)
        carried = carry(config, found.ladder)
        unlike = _differences(connection, found, config, carried, now)
        if not write:
            return Adoption(found, carried, unlike)
        _refuse_another_policy(database, found, unlike)
        taken = take_over(connection, found.partman, config, found.ladder, patience)
        return Adoption(found, carried, unlike, taken)


def watch(server: Server, database: Database, table: str, now: datetime) -> Adoption:
    """Where pg_partman and Airside would differ at `now`. Reads only. Raises as `adopt`, and Finding without policy."""
    with as_owner(server, database) as (connection, time_zone):
        found, config = _managed(connection, database, table, time_zone)
        carried = carry(config, found.ladder)
        if found.declared is None and carried.policy is None:
            raise Finding(
                f"no policy can say what pg_partman does here: {'; '.join(carried.lost)}",
                where=f"{database.name}.{table}",
                next_step="leave the table to pg_partman",
            )
        return Adoption(found, carried, _differences(connection, found, config, carried, now))


def give_back(
    server: Server, database: Database, table: str, now: datetime, patience: Patience, *, write: bool
) -> tuple[Set, Handed]:
    """Let pg_partman roll a declared set; without `write` it is only tried and taken back.

    Raises UsageError, MissingExtension, MissingRight, DeclarationError, Refused, LockNotAcquired.
    """
    with as_owner(server, database) as (connection, time_zone):
        found = _set(connection, database, table, time_zone)
        if found.declared is None:
            raise UsageError(
                "the models declare no ranges of time for this table",
                where=f"{database.name}.{table}",
                next_step="declare a RangePartitions policy: it is what pg_partman is told to do",
            )
        handed = hand_back(
            connection, found.partman, found.config, found.ladder, found.declared, now, patience, write=write
        )
        return found, handed


def _managed(
    connection: psycopg.Connection[Any], database: Database, table: str, time_zone: str
) -> tuple[Set, PartConfig]:
    found = _set(connection, database, table, time_zone)
    if found.config is None:
        raise UsageError(
            f"pg_partman does not roll {table}: part_config has no row for it",
            where=f"{database.name}.{table}",
            next_step="name a table of part_config, with its schema unless that is public",
        )
    return found, found.config


def _set(connection: psycopg.Connection[Any], database: Database, table: str, time_zone: str) -> Set:
    partman = find_partman(connection)
    schema, _, name = table.rpartition(".")
    ladders: Mapping[tuple[str, str], Ladder] = {
        (ladder.schema, ladder.table): ladder for ladder in read_ladders(connection, database)
    }
    ladder = ladders.get((schema or "public", name))
    config = read_config(connection, partman, schema or "public", name)
    if ladder is None:
        what = "is partitioned by inheritance and triggers (4.x)" if config else "is no partitioned table"
        raise UsageError(
            f"{table} {what}",
            where=f"{database.name}.{table}",
            next_step="make it one: airside partitions convert" if config else "name a partitioned table",
        )
    declared = ladder.policy if isinstance(ladder.policy, RangePartitions) else None
    return Set(table, partman, config, ladder, declared, time_zone)


def _differences(
    connection: psycopg.Connection[Any], found: Set, config: PartConfig, carried: Carried, now: datetime
) -> tuple[Difference, ...]:
    policy = found.declared or carried.policy
    if policy is None or misfits(policy, found.ladder):
        return ()
    return differences(connection, found.partman, config, found.ladder, policy, now)


def _refuse_another_policy(database: Database, found: Set, unlike: tuple[Difference, ...]) -> None:
    where = f"{database.name}.{found.table}"
    if found.declared is None:
        raise UsageError(
            "the models declare no policy for this table, so nothing would roll it",
            where=where,
            next_step="paste what the command prints without --write, then run it again",
        )
    wrong = [
        *misfits(found.declared, found.ladder),
        *(str(difference) for difference in unlike if difference.who == "airside" and difference.do == "end"),
    ]
    if wrong:
        raise Finding(
            f"the declared policy is not what the set is: {'; '.join(wrong)}",
            where=where,
            next_step="declare what the command prints without --write; change the policy afterwards",
        )
