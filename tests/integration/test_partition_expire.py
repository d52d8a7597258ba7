"""Partitions past their retention end in the order of foreign keys, and what has to stay stays."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from airside.partitions.actions import Attach, Create, Detach, Drop, DropForeignKey, Finalize
from airside.partitions.create import keeper
from airside.partitions.ledger import detached, ensure_ledger
from airside.partitions.planner import plan_expire
from airside.partitions.run import expire
from airside.partitions.survey import survey
from airside.schema.core import Database, RangePartitions
from airside.schema.core.errors import EnvironmentProblem, LockNotAcquired, Refused
from airside.server import Server

from .partition_ground import NOW, declaring, expired, leaves, one, owned, patience, rolled

MONTHS = RangePartitions("at", "month", "b_{year}_{month:02}", date(2026, 5, 1), ahead=1, retention=3, at_end="drop")
CHILDREN = replace(MONTHS, name="c_{year}_{month:02}")
EARLY = datetime(2026, 5, 15, tzinfo=UTC)
SPAN = (EARLY, NOW)
TABLES = (
    "CREATE TABLE customers (id int PRIMARY KEY)",
    "INSERT INTO customers VALUES (1)",
    """CREATE TABLE b (id int, at timestamptz, customer int REFERENCES customers, PRIMARY KEY (id, at))
        PARTITION BY RANGE (at)""",
)
CO_PARTITIONED = """CREATE TABLE c (id int, at timestamptz, b int, FOREIGN KEY (b, at) REFERENCES b,
    PRIMARY KEY (id, at)) PARTITION BY RANGE (at); CREATE INDEX ON c (b, at)"""


@pytest.fixture
def connection(server: Server, database: str) -> Iterator[psycopg.Connection[Any]]:
    with server.connect(database, autocommit=True) as opened:
        yield opened


def events(connection: psycopg.Connection[Any], leaf: str) -> list[str]:
    rows = connection.execute(
        "SELECT event FROM airside.partition_ledger WHERE leaf = %s ORDER BY id", [f"public.{leaf}"]
    ).fetchall()
    return [event for (event,) in rows]


def test_detached_at_once_and_dropped_after_the_grace_period(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    with owned(server, database, *TABLES):
        declared = declaring(database, b=MONTHS)
        rolled(server, declared, span=SPAN)
        connection.execute("INSERT INTO b SELECT n, '2026-05-20', 1 FROM generate_series(1, 50) AS n")
        report = expired(server, declared, grace=timedelta(days=7))
        assert [type(done.step) for done in report.done] == [Detach, Detach, Detach]
        assert leaves(connection, "b") == ["b_2026_08", "b_2026_09", "b_2026_10", "b_2026_11"]
        assert one(connection, "SELECT count(*) FROM b_2026_05") == 50
        assert [leaf.name for leaf in detached(connection)] == ["b_2026_05", "b_2026_06", "b_2026_07"]
        again = expired(server, declared, grace=timedelta(days=7))
        assert again.done == []
        assert "dropped after" in again.skipped[0].reason
        # its time is that of the server, which wrote down when it was detached
        later = datetime.now(UTC) + timedelta(days=8)
        with keeper(server, declared) as keeping:
            plan = plan_expire(survey(keeping, declared, later, expiring=True), later)
        assert Drop in {type(action) for action in plan}
        report = expired(server, declared)
        assert [type(done.step) for done in report.done] == [DropForeignKey, Drop] * 3
        assert one(connection, "SELECT to_regclass('b_2026_05')") is None
        assert events(connection, "b_2026_05") == [
            "prepared",
            "attached",
            "detaching",
            "detached",
            "unlinked",
            "dropped",
        ]


def test_nothing_is_written_where_there_is_nothing_to_do(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    with owned(server, database, *TABLES):
        declared = declaring(database, b=replace(MONTHS, at_end="keep"))
        assert expired(server, declared).done == []
        assert one(connection, "SELECT to_regnamespace('airside')") is None


def test_what_was_detached_comes_back_when_it_is_kept_for_longer(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    with owned(server, database, *TABLES):
        declared = declaring(database, b=MONTHS)
        rolled(server, declared, span=SPAN)
        connection.execute("INSERT INTO b SELECT n, '2026-07-20', 1 FROM generate_series(1, 50) AS n")
        expired(server, declared, grace=timedelta(days=7))
        assert one(connection, "SELECT count(*) FROM b") == 0
        longer = declaring(database, b=replace(MONTHS, retention=4))
        report = rolled(server, longer)
        assert [type(done.step) for done in report.done if isinstance(done.step, Attach)] == [Attach]
        assert one(connection, "SELECT count(*) FROM b") == 50
        assert rolled(server, longer).done == []
        assert [leaf.name for leaf in detached(connection)] == ["b_2026_05", "b_2026_06"]


def test_children_end_before_their_parents_in_one_run(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    with owned(server, database, *TABLES, CO_PARTITIONED):
        declared = declaring(database, b=MONTHS, c=CHILDREN)
        rolled(server, declared, span=SPAN)
        connection.execute("INSERT INTO b VALUES (1, '2026-05-20', 1); INSERT INTO c VALUES (1, '2026-05-20', 1)")
        report = expired(server, declared, grace=timedelta(days=7))
        assert report.exit_code == 0, report.errors()
        assert leaves(connection, "c") == ["c_2026_08", "c_2026_09", "c_2026_10", "c_2026_11"]
        assert leaves(connection, "b") == ["b_2026_08", "b_2026_09", "b_2026_10", "b_2026_11"]
        # the key of the detached child would keep the parent's partition
        assert "unlinked" in events(connection, "c_2026_05")
        assert expired(server, declared).exit_code == 0
        assert one(connection, "SELECT count(*) FROM pg_class WHERE relname ~ '_2026_0[567]$'") == 0


def test_a_partition_that_rows_refer_to_stays_with_its_reason(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    with owned(
        server,
        database,
        *TABLES,
        "CREATE TABLE tickets (b int, at timestamptz, FOREIGN KEY (b, at) REFERENCES b ON DELETE CASCADE)",
        "CREATE INDEX ON tickets (at, b)",
    ):
        declared = declaring(database, b=MONTHS)
        rolled(server, declared, span=SPAN)
        connection.execute(
            "INSERT INTO b VALUES (1, '2026-06-20', 1);"
            " INSERT INTO tickets VALUES (1, '2026-06-20'), (NULL, '2026-05-20')"
        )
        report = expired(server, declared)
        assert report.exit_code == 0, report.errors()
        assert [str(skip) for skip in report.skipped] == [
            "b_2026_06 stays: rows of tickets refer to it (tickets_b_at_fkey)"
        ]
        assert leaves(connection, "b") == ["b_2026_06", "b_2026_08", "b_2026_09", "b_2026_10", "b_2026_11"]
        connection.execute("DELETE FROM tickets")
        assert expired(server, declared).skipped == []
        assert leaves(connection, "b")[0] == "b_2026_08"


def test_a_reference_that_comes_after_the_look_is_no_failure(
    server: Server, database: str, connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with owned(
        server,
        database,
        *TABLES,
        "CREATE TABLE tickets (b int, at timestamptz, FOREIGN KEY (b, at) REFERENCES b)",
        "CREATE INDEX ON tickets (at, b)",
    ):
        declared = declaring(database, b=replace(MONTHS, retention=5))
        rolled(server, declared, span=SPAN)
        connection.execute("INSERT INTO b VALUES (1, '2026-05-20', 1); INSERT INTO tickets VALUES (1, '2026-05-20')")
        monkeypatch.setattr("airside.partitions.survey.refers", lambda *_: False)
        report = expired(server, declared)
        assert report.exit_code == 0
        assert [skip.subject for skip in report.skipped] == ["b_2026_05"]
        assert leaves(connection, "b")[0] == "b_2026_05"
        assert one(connection, "SELECT count(*) FROM pg_inherits WHERE inhdetachpending") == 0


def test_an_unindexed_foreign_key_is_refused_with_the_index_to_make(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    with owned(
        server,
        database,
        *TABLES,
        "CREATE TABLE tickets (b int, at timestamptz, FOREIGN KEY (b, at) REFERENCES b)",
        "CREATE INDEX ON tickets (b) WHERE b > 0; CREATE INDEX ON tickets (b)",
    ):
        declared = declaring(database, b=MONTHS)
        rolled(server, declared, span=SPAN)
        report = expired(server, declared)
        (refused,) = report.refused
        assert report.exit_code == 1
        assert report.done == []
        connection.execute(refused.next_step)
        assert expired(server, declared).exit_code == 0
        assert leaves(connection, "b")[0] == "b_2026_08"


def test_a_default_partition_is_no_obstacle(server: Server, database: str, connection: psycopg.Connection[Any]) -> None:
    with owned(server, database, *TABLES, "CREATE TABLE strays PARTITION OF b DEFAULT"):
        declared = declaring(database, b=MONTHS)
        rolled(server, declared, span=SPAN)
        connection.execute("INSERT INTO b VALUES (1, '2030-05-20', 1)")
        report = expired(server, declared)
        assert report.exit_code == 0, report.errors()
        assert leaves(connection, "b") == ["b_2026_08", "b_2026_09", "b_2026_10", "b_2026_11", "strays"]
        assert one(connection, "SELECT count(*) FROM b") == 1


def begun(server: Server, database: str, leaf: str) -> None:
    """A DETACH CONCURRENTLY that is cut off while it waits for a transaction."""
    with server.connect(database) as holder, server.connect(database, autocommit=True) as other:
        holder.execute("SELECT count(*) FROM b")
        other.execute("SET statement_timeout = '200ms'")
        with pytest.raises(psycopg.errors.QueryCanceled):
            other.execute(f"ALTER TABLE b DETACH PARTITION {leaf} CONCURRENTLY")


def test_a_detach_that_was_broken_off_is_finished_first(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    with owned(server, database, *TABLES):
        declared = declaring(database, b=MONTHS)
        rolled(server, declared, span=SPAN)
        begun(server, database, "b_2026_06")
        report = expired(server, declared)
        assert report.exit_code == 0, report.errors()
        assert isinstance(report.done[0].step, Finalize)
        assert leaves(connection, "b")[0] == "b_2026_08"
        # past its retention, and finished by us: it is dropped, too
        assert one(connection, "SELECT to_regclass('b_2026_06')") is None


def test_a_broken_detach_of_a_live_partition_is_finished_and_its_rows_come_back(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    with owned(server, database, *TABLES):
        declared = declaring(database, b=MONTHS)
        rolled(server, declared, span=SPAN)
        connection.execute("INSERT INTO b VALUES (1, '2026-10-20', 1)")
        begun(server, database, "b_2026_10")
        report = rolled(server, declared)
        assert report.exit_code == 0, report.errors()
        assert [type(done.step) for done in report.done if not isinstance(done.step, Create)] == [Finalize, Attach]
        assert one(connection, "SELECT count(*) FROM b") == 1


def test_a_leaf_that_somebody_attached_again_is_not_ours_any_more(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    with owned(server, database, *TABLES):
        declared = declaring(database, b=MONTHS)
        rolled(server, declared, span=SPAN)
        expired(server, declared, grace=timedelta(days=7))
        connection.execute(
            "ALTER TABLE b ATTACH PARTITION b_2026_07"
            " FOR VALUES FROM ('2026-07-01 00:00+00') TO ('2026-08-01 00:00+00')"
        )
        kept = declaring(database, b=replace(MONTHS, retention=4))
        expired(server, kept)  # notices it
        connection.execute("ALTER TABLE b DETACH PARTITION b_2026_07")
        expired(server, declared)
        assert one(connection, "SELECT to_regclass('b_2026_07')") is not None
        assert events(connection, "b_2026_07")[-1] == "attached"


def test_a_leaf_that_others_depend_on_is_not_dropped(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    with owned(server, database, *TABLES):
        declared = declaring(database, b=MONTHS)
        rolled(server, declared, span=SPAN)
        connection.execute("CREATE VIEW public.old AS SELECT * FROM b_2026_05")
        report = expired(server, declared)
        (failure,) = report.failed
        assert isinstance(failure.error, Refused)
        assert "view old depends on" in str(failure.error)
        assert report.exit_code == 4
        # the others have gone
        assert [leaf.name for leaf in detached(connection)] == ["b_2026_05"]
        connection.execute("DROP VIEW public.old")
        assert expired(server, declared).exit_code == 0
        assert detached(connection) == ()


def test_rows_are_not_ended_by_a_clock_that_differs(
    server: Server, database: str, connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with owned(server, database, *TABLES):
        declared = declaring(database, b=MONTHS)
        monkeypatch.setattr("airside.partitions.run.server_time", lambda _: datetime.now(UTC) + timedelta(hours=2))
        with keeper(server, declared) as keeping, pytest.raises(EnvironmentProblem, match="the server's clock says"):
            expire(keeping, declared, patience=patience())


def test_one_run_at_a_time_on_a_closure(server: Server, database: str, connection: psycopg.Connection[Any]) -> None:
    from airside.partitions.lease import leased

    with owned(server, database, *TABLES):
        declared = declaring(database, b=MONTHS)
        with keeper(server, declared) as keeping:
            closure = survey(keeping, declared, NOW, expiring=False).closures[0]
            with leased(keeping, closure.key, patience().budget, where="b"):
                report = rolled(server, declared, patience=patience(deadline=0.3))
                assert [type(error) for error in report.errors()] == [LockNotAcquired]
                assert "another run" in str(report.errors()[0])
            assert rolled(server, declared).exit_code == 0


def test_two_at_once_and_readers_never_see_a_row_twice_or_not(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    """Rows inside retention are there at every moment while old ones leave and new partitions come."""
    with owned(server, database, *TABLES):
        declared = declaring(database, b=MONTHS)
        rolled(server, declared, span=SPAN)
        connection.execute("INSERT INTO b SELECT n, '2026-09-20', 1 FROM generate_series(1, 200) AS n")
        connection.execute("INSERT INTO b SELECT n, '2026-06-20', 1 FROM generate_series(1, 200) AS n")
        stop, counts = threading.Event(), set[int]()

        def read() -> None:
            with server.connect(database, autocommit=True) as reading:
                while not stop.is_set():
                    counts.add(one(reading, "SELECT count(*) FROM b WHERE at >= '2026-08-01 00:00+00'"))

        reader = threading.Thread(target=read)
        reader.start()
        reports: list[Any] = []

        def run(work: Any) -> None:
            reports.append(work(server, declared))

        both = [threading.Thread(target=run, args=[work]) for work in (expired, expired, rolled, rolled)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        time.sleep(0.05)
        stop.set()
        reader.join()
        assert [report.errors() for report in reports] == [[], [], [], []]
        assert counts == {200}
        assert leaves(connection, "b") == [f"b_2026_{month:02}" for month in range(8, 13)]


def test_the_ledger_needs_a_role_that_may_make_it(server: Server, database: str) -> None:
    with owned(server, database, *TABLES), keeper(server, Database(database, declaring(database).metadata)) as keeping:
        ensure_ledger(keeping)
        assert (
            one(keeping, "SELECT tableowner FROM pg_tables WHERE tablename = 'partition_ledger'") == f"{database}_owner"
        )


def test_a_pooler_that_hands_out_other_sessions_is_told_apart(
    server: Server, database: str, connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In transaction mode the session that has the lock need not be the one that works."""
    from airside.partitions import lease

    asked = lease._one
    with server.connect(database, autocommit=True) as other:
        sessions = iter([connection, other])
        monkeypatch.setattr(lease, "_one", lambda _, statement, values: asked(next(sessions), statement, values))
        with (
            pytest.raises(EnvironmentProblem, match="a pooler hands out another session"),
            lease.leased(connection, 1, patience().budget, where="b"),
        ):
            pass
