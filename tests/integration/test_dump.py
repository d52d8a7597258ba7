"""pg_dump to a new server under another time zone and back keeps what is declared and every row.

Three databases; all fourteen with --soak.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from airside.partitions import create_missing
from airside.schema.core import Database
from airside.schema.core.catalog import inspect
from airside.schema.core.compare import compare
from airside.schema.core.registry import load_registry
from airside.server import Server, ephemeral, find
from psycopg import sql

from .declared import Connection, create_roles, declared_database, empty_database, one
from .samples import add_sample

TARGETS = tuple(entry.target for entry in load_registry().entries)
USUAL = ("flight_services.booking_service_db", "flight_booking.flight_db", "exotic_travel.exotic_travel_prod")
ELSEWHERE = "Pacific/Auckland"

RELATIONS = """
SELECT c.oid::regclass::text FROM pg_class AS c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm') ORDER BY 1
"""
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"
Rows = dict[str, tuple[int, int]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "target" in metafunc.fixturenames:
        soak = bool(metafunc.config.getoption("--soak"))
        marks = [pytest.mark.soak] if soak else []
        metafunc.parametrize("target", [pytest.param(target, marks=marks) for target in (TARGETS if soak else USUAL)])


@pytest.fixture(scope="module")
def elsewhere(server: Server) -> Iterator[Server]:
    """A second server, of the same programs, whose sessions are in New Zealand."""
    if find().major != server.major:
        pytest.skip(f"pg_dump {find().version} and a server of version {server.major}")
    with ephemeral(settings={"timezone": ELSEWHERE}) as started:
        yield started


def test_a_dump_restored_elsewhere_and_back_keeps_every_row(
    server: Server, elsewhere: Server, target: str, tmp_path: Path
) -> None:
    database = load_registry().one(target).load()
    with declared_database(server, database) as name:
        with server.connect(name, autocommit=True) as db:
            fill(db, database)
        with carried(server, name, elsewhere, database, tmp_path / "there") as there:
            with elsewhere.connect(there) as db:
                assert one(db, "SHOW TimeZone") == ELSEWHERE
            assert_same(server, name, elsewhere, there)
            with carried(elsewhere, there, server, database, tmp_path / "back") as back:
                assert_same(server, name, server, back)


def test_the_digest_sees_a_changed_row_and_not_the_order(server: Server, database: str) -> None:
    with server.connect(database, autocommit=True) as db:
        digests = [
            rows(db)
            for statement in (
                "CREATE TABLE t AS SELECT 1 AS a, timestamptz '2026-01-01 00:00+00' AS b UNION SELECT 2, now()",
                "WITH moved AS (DELETE FROM t WHERE a = 1 RETURNING *) INSERT INTO t SELECT * FROM moved",
                "UPDATE t SET b = b + interval '1 microsecond' WHERE a = 1",
            )
            if db.execute(statement.encode())
        ]
    assert digests[0] == digests[1] != digests[2]
    assert digests[2]["t"][0] == 2


def fill(db: Connection, database: Database) -> None:
    """The partitions of today, and rows in every table."""
    db.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(database.roles.owner)))
    create_missing(db, database, datetime.now(UTC))
    db.execute("RESET ROLE")
    with db.transaction():
        add_sample(db, database.name)
    found = rows(db)
    assert [table.name for table in database.metadata.tables.values() if not found[table.name][0]] == []


@contextmanager
def carried(source: Server, name: str, to: Server, database: Database, file: Path) -> Iterator[str]:
    """The name of a copy on another server, made by pg_dump and pg_restore."""
    create_roles(to, database)
    with empty_database(to, database.roles.owner, template="template0") as copy:
        run("pg_dump", source, name, "--format=custom", f"--file={file}")
        run("pg_restore", to, copy, "--exit-on-error", "--single-transaction", f"--dbname={copy}", str(file))
        yield copy


def run(tool: str, server: Server, name: str, *arguments: str) -> None:
    binaries = find()
    environment = binaries.environment() | server.environment(name)
    done = subprocess.run(
        [binaries.tool(tool), *arguments], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def assert_same(first: Server, name: str, second: Server, other: str) -> None:
    with first.connect(name, autocommit=True) as here, second.connect(other, autocommit=True) as there:
        assert [str(change) for change in compare(inspect(there), inspect(here))] == []
        assert rows(there) == rows(here)
        assert there.execute(SEQUENCES).fetchall() == here.execute(SEQUENCES).fetchall()


def rows(db: Connection) -> Rows:
    """How many rows each table, partition and materialized view has, and a digest of them in any order."""
    db.execute("SET TimeZone = 'UTC'")
    digest = "SELECT count(*), coalesce(sum(hashtextextended(to_jsonb(t)::text, 0)), 0) FROM {} AS t"
    return {
        str(relation): tuple(map(int, db.execute(digest.format(relation).encode()).fetchone() or ()))
        for (relation,) in db.execute(RELATIONS).fetchall()
    }
