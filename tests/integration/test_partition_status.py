"""`partitions status` on real tables: what it finds, what it needs, and whom it does not wait for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from airside.partitions.judge import TableStatus
from airside.partitions.state import read_ladders
from airside.partitions.status import status
from airside.schema.core import Database, HashPartitions, RangePartitions, partitioned
from airside.server import Server
from psycopg import sql
from sqlalchemy import Column, DateTime, MetaData, Table

NOW = datetime(2026, 11, 21, tzinfo=UTC)
POLICY = RangePartitions("at", "month", "events_{year}_{month:02}", start=date(2026, 10, 1), ahead=1)
METADATA = MetaData()
Table("events", METADATA, Column("at", DateTime(timezone=True)), info=partitioned(POLICY))

LADDER = """
CREATE TABLE events (id int, at timestamptz NOT NULL) PARTITION BY RANGE (at);
CREATE INDEX events_id ON events (id);
CREATE TABLE events_2026_10 PARTITION OF events FOR VALUES FROM ('2026-10-01 00:00+00') TO ('2026-11-01 00:00+00');
CREATE TABLE events_2026_11 PARTITION OF events FOR VALUES FROM ('2026-11-01 00:00+00') TO ('2026-12-01 00:00+00');
CREATE TABLE events_2026_12 PARTITION OF events FOR VALUES FROM ('2026-12-01 00:00+00') TO ('2027-01-01 00:00+00');
INSERT INTO events SELECT n, '2026-11-02 00:00+00' FROM generate_series(1, 3) AS n;
"""

Run = Callable[[str], None]


@pytest.fixture
def run(server: Server, database: str) -> Run:
    def execute(script: str) -> None:
        with server.connect(database, autocommit=True) as connection:
            connection.execute(script.encode())

    execute(LADDER)
    return execute


def read(server: Server, database: str, *, exact: bool = False) -> TableStatus:
    (table,) = status(server, f"test.{database}", Database(database, METADATA), NOW, exact=exact).tables
    return table


def kinds(table: TableStatus) -> set[str]:
    return {problem.kind for problem in table.problems}


def test_rows_of_small_partitions_are_counted(server: Server, database: str, run: Run) -> None:
    table = read(server, database)
    assert [(leaf.leaf.name[-2:], leaf.state, leaf.measure.rows) for leaf in table.leaves] == [
        ("10", "live", 0),
        ("11", "now", 3),
        ("12", "runway", 0),
    ]
    assert table.exact
    assert table.bytes
    assert not table.short
    assert kinds(table) == {"no_range_check"}


def test_rows_of_large_partitions_are_estimated_unless_asked(server: Server, database: str, run: Run) -> None:
    run("INSERT INTO events SELECT n, '2026-11-02 00:00+00' FROM generate_series(1, 20000) AS n")
    never_analysed = read(server, database).leaves[1].measure
    assert (never_analysed.rows, never_analysed.exact) == (None, False)
    run("ANALYZE events")
    estimated = read(server, database).leaves[1].measure
    assert not estimated.exact
    assert estimated.rows == pytest.approx(20003, rel=0.05)
    counted = read(server, database, exact=True).leaves[1].measure
    assert (counted.rows, counted.exact) == (20003, True)


def test_faults_of_partitions_are_found(server: Server, database: str, run: Run) -> None:
    run("ALTER TABLE events ENABLE ROW LEVEL SECURITY; CREATE INDEX events_only ON ONLY events (at)")
    run("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'events_2026_11_id_idx'::regclass")
    run("CREATE TABLE events_rest PARTITION OF events DEFAULT; INSERT INTO events VALUES (9, '2030-01-01 00:00+00')")
    table = read(server, database)
    assert kinds(table) == {"no_range_check", "no_row_security", "index_missing", "index_invalid", "default_rows"}
    assert not table.short


def test_a_detach_that_was_broken_off_makes_a_gap(server: Server, database: str, run: Run) -> None:
    with server.connect(database) as reader, server.connect(database, autocommit=True) as detaching:
        reader.execute("SELECT * FROM events")
        detaching.execute("SET statement_timeout = '300ms'")
        with pytest.raises(Exception, match="statement timeout"):
            detaching.execute("ALTER TABLE events DETACH PARTITION events_2026_11 CONCURRENTLY")
    table = read(server, database)
    assert {"pending_detach", "no_partition_now"} <= kinds(table)
    assert table.short


def test_it_waits_for_nobody(server: Server, database: str, run: Run) -> None:
    with server.connect(database) as blocker:
        blocker.execute("LOCK TABLE events, events_2026_11 IN ACCESS EXCLUSIVE MODE")
        table = read(server, database, exact=True)
    assert table.runway is not None
    assert table.runway.until == datetime(2027, 1, 1, tzinfo=UTC)
    assert table.bytes is None


def test_a_role_without_rights_sees_the_runway(server: Server, database: str, run: Run) -> None:
    role = f"monitor_{database}"
    with server.connect(database, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        try:
            from dataclasses import replace

            table = read(replace(server, user=role), database)
        finally:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
    assert table.runway is not None
    assert table.runway.periods == 1
    assert table.leaves[1].measure.rows is None


def test_tables_that_are_not_partitioned_are_named(server: Server, database: str) -> None:
    assert kinds(read(server, database)) == {"no_table"}
    with server.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE events (at timestamptz)")
    assert kinds(read(server, database)) == {"not_partitioned"}


def test_a_thousand_partitions(server: Server, database: str) -> None:
    metadata = MetaData()
    Table("users", metadata, info=partitioned(HashPartitions("id", 1000, "users_{remainder}")))
    with server.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE users (id int PRIMARY KEY) PARTITION BY HASH (id)")
        for n in range(0, 1000, 100):
            connection.execute(
                f"DO $$ BEGIN FOR n IN {n}..{n + 99} LOOP EXECUTE format('CREATE TABLE users_%s PARTITION OF users"
                " FOR VALUES WITH (MODULUS 1000, REMAINDER %s)', n, n); END LOOP; END $$"
            )
        connection.execute("DROP TABLE users_7")
    found = status(server, "t", Database(database, metadata), NOW)
    (table,) = found.tables
    assert len(table.leaves) == 999
    assert kinds(table) == {"absent", "too_many_partitions"}


PROJECT = """
[[databases]]
system = "here"
name = "{name}"
module = "things"
migrations = "m1"
[[databases]]
system = "here"
name = "gone_{name}"
module = "gone"
migrations = "m2"
"""
MODULE = """
from datetime import date
from airside.schema.core import Database, RangePartitions, partitioned
from sqlalchemy import Column, DateTime, MetaData, Table
metadata = MetaData()
policy = RangePartitions("at", "month", "events_{{year}}_{{month:02}}", start=date(2026, 10, 1), ahead={ahead})
Table("events", metadata, Column("at", DateTime(timezone=True)), info=partitioned(policy))
database = Database("{name}", metadata)
"""


def project(folder: Path, name: str, *, ahead: int) -> None:
    (folder / "airside.toml").write_text(PROJECT.format(name=name))
    (folder / "things.py").write_text(MODULE.format(name=name, ahead=ahead))
    (folder / "gone.py").write_text(MODULE.format(name=f"gone_{name}", ahead=1))


def ladder_from_now(months: int) -> str:
    return f"""
    DO $$ DECLARE lower timestamptz; BEGIN
    FOR n IN 0..{months} LOOP
        lower := (date_trunc('month', now() AT TIME ZONE 'UTC') + n * interval '1 month') AT TIME ZONE 'UTC';
        EXECUTE format('CREATE TABLE %I PARTITION OF events FOR VALUES FROM (%L) TO (%L)', 'e' || n, lower,
                       ((lower AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC');
    END LOOP; END $$
    """


Airside = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def two(server: Server, database: str, tmp_path: Path) -> Path:
    with server.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE events (at timestamptz) PARTITION BY RANGE (at)")
        connection.execute(ladder_from_now(2).encode())
    return tmp_path


def test_a_short_runway_is_one_also_when_another_database_is_out_of_reach(
    airside: Airside, two: Path, database: str
) -> None:
    project(two, database, ahead=3)
    done = airside("partitions", "status", "here", cwd=two, code=1)
    assert "2 of 3 periods ahead" in done.stdout
    assert f"gone_{database}" in done.stderr
    project(two, database, ahead=2)
    airside("partitions", "status", "here", cwd=two, code=3)
    airside("partitions", "status", f"here.{database}", cwd=two, code=0)


def test_json_has_every_partition(airside: Airside, two: Path, database: str) -> None:
    project(two, database, ahead=3)
    for arguments in (("--json",), ("--format", "json")):
        done = airside("partitions", "status", "here", *arguments, cwd=two, code=1)
        here, gone = json.loads(done.stdout)["databases"]
        assert here["tables"][0]["runway"]["periods"] == 2
        assert [leaf["name"] for leaf in here["tables"][0]["partitions"]] == ["e0", "e1", "e2"]
        assert gone["error"]


SAMPLE = re.compile(r'[a-z_]+\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)*\} (?:[0-9.e+-]+|\+Inf)\Z')


def test_prometheus_exposition(airside: Airside, two: Path, database: str) -> None:
    project(two, database, ahead=3)
    done = airside("partitions", "status", "here", "--format", "prometheus", cwd=two, code=1)
    names: list[str] = []
    for text in done.stdout.splitlines():
        if text.startswith("# TYPE "):
            names.append(text.split()[2])
            assert text.endswith(" gauge")
        elif not text.startswith("# HELP "):
            assert SAMPLE.match(text), text
            # all samples of a metric stand together
            assert text.split("{")[0] == names[-1]
    assert len(names) == len(set(names))
    assert f'airside_partitions_runway_short{{target="here.{database}",table="events"}} 1' in done.stdout
    assert f'airside_partitions_up{{target="here.gone_{database}"}} 0' in done.stdout


def test_labels_are_escaped() -> None:
    code = "from airside.cli.partitions.exposition import exposition as e; print(*e([], ['a\"b\\\\c\\nd']))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert 'target="a\\"b\\\\c\\nd"} 0' in printed


def test_a_partition_that_is_dropped_while_it_is_looked_at_is_no_failure(
    server: Server, database: str, run: Run
) -> None:
    """PostgreSQL opens the table of a CHECK to print it, and the look began when the table was there."""
    run("ALTER TABLE events_2026_10 ADD CHECK (at >= '2026-10-01 00:00+00' AND at < '2026-11-01 00:00+00')")
    with (
        server.connect(database) as dropping,
        server.connect(database, autocommit=True) as looking,
        ThreadPoolExecutor(1) as pool,
    ):
        dropping.execute("DROP TABLE events_2026_10")
        seen = pool.submit(read_ladders, looking, Database(database, METADATA))
        with server.connect(database, autocommit=True) as watching:
            waiting = "SELECT FROM pg_locks WHERE pid = %s AND NOT granted"
            while not watching.execute(waiting, [looking.info.backend_pid]).rowcount:
                assert not seen.done()
                time.sleep(0.01)
        dropping.commit()
        (ladder,) = seen.result(timeout=30)
    assert [leaf.name for leaf in ladder.leaves] == ["events_2026_11", "events_2026_12"]
