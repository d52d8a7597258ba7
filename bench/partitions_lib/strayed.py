"""Part three: rows of the next two months in a DEFAULT partition, and somebody has to make those months."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import LiteralString

import psycopg
from airside.schema.core import RangePartitions
from airside.schema.core.partitioning import step
from airside.server import Server

from .load import CUSTOMERS, Client, Load, clients, load
from .scene import DATABASE, Scene, build, copy, drop, fill
from .tools import roll

TEMPLATE = "bench_default"
EXISTING = 23
LONGEST = 100.0
MARK = 7_777_777
"""The amount of the rows that lie in the DEFAULT partition from the beginning."""


@dataclass(frozen=True)
class Moved:
    """One way to get the rows out of the DEFAULT partition: `left` there in the end, `counted` of the marked rows."""

    way: str
    seconds: float
    seen: Load
    left: int
    counted: int
    error: str = ""


def measure(server: Server, rows: int, say: Callable[[str], None]) -> list[Moved]:
    scene = Scene(datetime.now(UTC))
    _build(server, scene, rows)
    moved: list[Moved] = []
    for way in _ways():
        moved.append(_measure(server, scene, way, rows))
        found = moved[-1]
        say(
            f"{way.name}: {found.seconds:.1f} s, longest {found.seen.longest:.0f} ms ({found.seen.worst}) {found.error}"
        )
    drop(server)
    drop(server, TEMPLATE)
    return moved


@dataclass(frozen=True)
class Way:
    """`far` says that the rows are of 14 years later, and that twelve months are to be made beside them."""

    name: str
    work: Callable[[Server, Scene], None]
    far: bool = False


def _ways() -> tuple[Way, ...]:
    maintenance = _partman("SELECT partman.run_maintenance('public.bookings')")
    moving = _partman("CALL partman.partition_data_proc('public.bookings', p_quiet => true)")
    return (
        Way("Airside roll", lambda server, scene: roll(server, _policy(scene, 2))),
        Way("pg_partman run_maintenance", maintenance),
        Way("pg_partman partition_data_proc", moving),
        Way("far rows: Airside roll", lambda server, scene: roll(server, _policy(scene, 12)), far=True),
        Way("far rows: pg_partman run_maintenance", maintenance, far=True),
    )


def _policy(scene: Scene, ahead: int) -> RangePartitions:
    return replace(scene.policy, ahead=ahead, retention=None, at_end="keep", default=True)


def _build(server: Server, scene: Scene, rows: int) -> None:
    build(server, TEMPLATE, scene, rows=0, existing=EXISTING)
    with server.connect(TEMPLATE, autocommit=True) as connection:
        connection.execute("SET ROLE bench_owner; SET TimeZone = 'UTC'")
        fill(connection, scene, 230_000, EXISTING)
        connection.execute("CREATE TABLE bookings_default PARTITION OF bookings DEFAULT")
        first, last = step(scene.month, "month", 1), step(scene.month, "month", 3)
        connection.execute(
            "INSERT INTO bookings (customer_id, booked_at, amount)"
            " SELECT 1 + n %% %s, %s::timestamptz + n * %s::interval, %s FROM generate_series(0, %s) AS n",
            [CUSTOMERS, first, (last - first) / rows, MARK, rows - 1],
        )
        connection.execute("RESET ROLE; CREATE SCHEMA partman; CREATE EXTENSION pg_partman SCHEMA partman")
        # what create_parent would have written, had the months not been there already
        connection.execute(
            "INSERT INTO partman.part_config (parent_table, control, partition_type, partition_interval, premake,"
            " datetime_string) VALUES ('public.bookings', 'booked_at', 'native', '1 month', 2, 'YYYY_MM')"
        )
        connection.execute("VACUUM ANALYZE")


def _partman(statement: LiteralString) -> Callable[[Server, Scene], None]:
    def work(server: Server, _scene: Scene) -> None:
        with server.connect(DATABASE, autocommit=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(statement)

    return work


def _measure(server: Server, scene: Scene, way: Way, rows: int) -> Moved:
    copy(server, TEMPLATE)
    wanted = clients(0.0)
    # a thousandth of the rows is counted over and over: theirs are the customers 1 to 10 of ten thousand
    wanted["count marked rows"] = Client(
        "SELECT count(*) FROM bookings WHERE customer_id BETWEEN 1 AND 10 AND amount = 7777777",
        expected=rows // CUSTOMERS * 10,
    )
    if way.far:
        _move_far(server)
    else:
        wanted["insert into the months"] = Client(
            "INSERT INTO bookings (customer_id, booked_at) VALUES (%(customer)s,"
            " date_trunc('month', now()) + interval '1 month' + random() * interval '59 days')"
        )
    error = ""
    with load(server, DATABASE, wanted, scene.month) as seen:
        started = time.perf_counter()
        try:
            way.work(server, scene)
        except Exception as raised:
            error = str(raised).splitlines()[0]
        seconds = time.perf_counter() - started
    with server.connect(DATABASE, autocommit=True) as connection:
        left = _number(connection, "SELECT count(*) FROM bookings_default")
        counted = _number(connection, "SELECT count(*) FROM bookings WHERE amount = 7777777")
    return Moved(way.name, seconds, seen, left, counted, error)


def _move_far(server: Server) -> None:
    with server.connect(DATABASE, autocommit=True) as connection:
        connection.execute("UPDATE bookings_default SET booked_at = booked_at + interval '14 years'")
        connection.execute("UPDATE partman.part_config SET premake = 12")
        connection.execute("VACUUM ANALYZE bookings_default")


def _number(connection: psycopg.Connection[tuple[int]], statement: str) -> int:
    row = connection.execute(statement.encode()).fetchone()
    return int(row[0]) if row else 0


def rows(moved: Sequence[Moved]) -> list[list[str]]:
    table = [["", "s", "longest ms", "of", ">200 ms", "failed", "wrong counts", "left in DEFAULT", "error"]]
    table += [
        [
            found.way,
            f"{found.seconds:.1f}",
            f"{found.seen.longest:.0f}",
            found.seen.worst,
            str(found.seen.total("stalls")),
            str(found.seen.total("failed")),
            str(found.seen.total("wrong")),
            str(found.left),
            found.error[:60],
        ]
        for found in moved
    ]
    return table


def aims(moved: Sequence[Moved]) -> list[tuple[str, bool]]:
    mine, far = (
        next(found for found in moved if found.way == way) for way in ("Airside roll", "far rows: Airside roll")
    )
    everything = mine.counted == far.counted
    found = [
        (f"DEFAULT: {mine.left} rows left, every marked row there", not mine.left and everything and not mine.error),
        (f"DEFAULT: {mine.seen.total('wrong')} wrong counts", not mine.seen.total("wrong")),
    ]
    for name, item in (("DEFAULT", mine), ("DEFAULT with far rows", far)):
        found.append(
            (f"{name}: longest stall {item.seen.longest:.0f} ms, at most {LONGEST:.0f}", item.seen.longest <= LONGEST)
        )
        failed = item.seen.total("failed")
        found.append((f"{name}: {failed} failed statements {item.error}".rstrip(), not failed and not item.error))
    return found
