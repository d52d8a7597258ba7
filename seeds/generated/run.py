"""What a run of the generator is asked for, and the record of it that each database keeps."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import class_row

from ...schema.core.sql import query

QUERIES = Path(__file__).parent / "queries"

_LOCK_KEY = zlib.crc32(b"airside seeding")


@dataclass(frozen=True, slots=True)
class Run:
    """One set of generated data: `scale` users, what they do from `since` up to `until`, drawn by `random_seed`."""

    scale: int
    random_seed: int
    since: datetime
    until: datetime

    def __str__(self) -> str:
        span = f"{self.since:%Y-%m-%d} to {self.until:%Y-%m-%d}"
        return f"scale {self.scale}, random seed {self.random_seed}, {span}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a driver has come: numbers below `next` of `total` are done, by the recipe with this checksum."""

    driver: str
    next: int
    total: int
    recipe: str
    scale: int
    random_seed: int
    since: datetime
    until: datetime

    @property
    def run(self) -> Run:
        return Run(self.scale, self.random_seed, self.since, self.until)

    @property
    def complete(self) -> bool:
        return self.next >= self.total


def recorded(connection: psycopg.Connection[Any]) -> tuple[Progress, ...]:
    """What the connected database says it was given; nothing when it was given nothing. The owner may read it."""
    row = connection.execute("SELECT to_regclass('airside.seeding') IS NOT NULL").fetchone()
    if row is None or not row[0]:
        return ()
    with connection.cursor(row_factory=class_row(Progress)) as cursor:
        return tuple(cursor.execute(query(QUERIES, "recorded")).fetchall())


def begin(connection: psycopg.Connection[Any], run: Run, recipe: str, totals: Sequence[tuple[str, int]]) -> None:
    """Write down a run before its first row: `totals` are its drivers and how far each has to come."""
    with connection.transaction():
        # two at once: PostgreSQL fails a concurrent CREATE ... IF NOT EXISTS
        connection.execute("SELECT pg_catalog.pg_advisory_xact_lock(%s)", [_LOCK_KEY])
        connection.execute("CREATE SCHEMA IF NOT EXISTS airside")
        connection.execute(query(QUERIES, "create_seeding"))
        for driver, total in totals:
            connection.execute(
                query(QUERIES, "begin"),
                {
                    "driver": driver,
                    "total": total,
                    "recipe": recipe,
                    "scale": run.scale,
                    "random_seed": run.random_seed,
                    "since": run.since,
                    "until": run.until,
                },
            )
