"""Part two: many partitions made at once, and the locks held meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from airside.partitions.ledger import ensure_ledger
from airside.schema.core import RangePartitions
from airside.schema.core.partitioning import floor
from airside.server import Server

from .scene import DATABASE, Scene, beginnings, build, copy, drop
from .tools import as_owner, roll

TEMPLATE = "bench_empty"
MOST_LOCKS = 2000
_LOOK = 0.1
_RUNS = 3
_MANY = 500
"""As many take long enough to be measured once."""


@dataclass(frozen=True)
class Made:
    """`partitions` made by one way, the median of the runs; `locks` is the most that were held at any look."""

    way: str
    partitions: int
    seconds: float
    locks: int
    error: str = ""


def measure(server: Server, numbers: Sequence[int], say: Callable[[str], None]) -> list[Made]:
    scene = Scene(datetime.now(UTC))
    build(server, TEMPLATE, scene, rows=0, existing=0)
    made: list[Made] = []
    for number in numbers:
        # in turn, so that a busy moment of the machine hits all alike
        tried = [
            _measure(server, way, number, work)
            for _ in range(_RUNS if number < _MANY else 1)
            for way, work in _ways(number).items()
        ]
        for way in _ways(number):
            mine = sorted((found for found in tried if found.way == way), key=lambda found: found.seconds)
            failed = [found for found in mine if found.error]
            made.append(failed[0] if failed else mine[len(mine) // 2])
            say(f"{number}: {way} {made[-1].seconds:.2f} s, {made[-1].locks} locks {made[-1].error}")
    drop(server)
    drop(server, TEMPLATE)
    return made


def _ways(number: int) -> dict[str, tuple[Callable[[Server], None], Callable[[Server], None]]]:
    """What is done beforehand, and what is measured."""
    return {
        "Airside roll": (_ledger, lambda server: roll(server, _days(number))),
        "pg_partman create_parent": (_extension, lambda server: _create_parent(server, number - 1)),
        "pg_partman run_maintenance": (lambda server: _one_parent(server, number - 1), _run_maintenance),
    }


def _days(number: int) -> RangePartitions:
    today = floor(datetime.now(UTC), "day").date()
    return RangePartitions("booked_at", "day", "bookings_p{year}_{month:02}_{day:02}", start=today, ahead=number - 1)


def _ledger(server: Server) -> None:
    """What CREATE EXTENSION is to the others: the tool's own tables are there."""
    with as_owner(server) as connection:
        ensure_ledger(connection)


def _extension(server: Server) -> None:
    with server.connect(DATABASE, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA partman; CREATE EXTENSION pg_partman SCHEMA partman")


def _create_parent(server: Server, premake: int) -> None:
    with server.connect(DATABASE, autocommit=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            "SELECT partman.create_parent('public.bookings', 'booked_at', 'native', 'daily', p_premake => %s,"
            " p_start_partition => %s)",
            [premake, str(floor(datetime.now(UTC), "day"))],
        )


def _one_parent(server: Server, premake: int) -> None:
    _extension(server)
    _create_parent(server, 1)
    with server.connect(DATABASE, autocommit=True) as connection:
        connection.execute("INSERT INTO bookings (customer_id, booked_at) VALUES (1, now())")
        connection.execute("UPDATE partman.part_config SET premake = %s", [premake])


def _run_maintenance(server: Server) -> None:
    with server.connect(DATABASE, autocommit=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SELECT partman.run_maintenance()")


def _measure(
    server: Server, way: str, number: int, work: tuple[Callable[[Server], None], Callable[[Server], None]]
) -> Made:
    copy(server, TEMPLATE)
    prepare, run = work
    prepare(server)
    error = ""
    with _locks(server) as most:
        started = time.perf_counter()
        try:
            run(server)
        except psycopg.Error as raised:
            error = str(raised).splitlines()[0]
        seconds = time.perf_counter() - started
    there = len(beginnings(server, "day"))
    # pg_partman rounds the age of the newest one by months of 30 days, and may make a few more
    if not error and there < number:
        error = f"{there} partitions"
    return Made(way, number, seconds, most[0], error)


@contextmanager
def _locks(server: Server) -> Generator[list[int]]:
    """The most locks that others held at any look, ten times a second."""
    most, stop = [0], threading.Event()

    def look() -> None:
        with server.connect("postgres", autocommit=True) as connection:
            while not stop.is_set():
                row = connection.execute(
                    "SELECT count(*) FROM pg_locks WHERE granted AND pid <> pg_backend_pid()"
                ).fetchone()
                most[0] = max(most[0], int(row[0]) if row else 0)
                stop.wait(_LOOK)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        yield most
    finally:
        stop.set()
        looker.join()


def rows(made: Sequence[Made]) -> list[list[str]]:
    table = [["", "partitions", "s", "locks held", "error"]]
    table += [
        [found.way, str(found.partitions), f"{found.seconds:.2f}", str(found.locks), found.error] for found in made
    ]
    return table


def aims(made: Sequence[Made]) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    for number in sorted({item.partitions for item in made}):
        mine, *theirs = (item for item in made if item.partitions == number)
        fastest = min((item.seconds for item in theirs if not item.error), default=float("inf"))
        found.append(
            (
                f"{number} partitions in {mine.seconds:.2f} s, pg_partman in {fastest:.2f} s: no slower",
                not mine.error and mine.seconds <= fastest,
            )
        )
        found.append((f"{number} partitions: {mine.locks} locks held, under {MOST_LOCKS}", mine.locks < MOST_LOCKS))
    return found
