"""A plain table becomes a partitioned one: what is carried over, who sees what meanwhile, and what a kill leaves."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from airside.partitions.convert import Converted, convert, drop_old, plan
from airside.schema.core import (
    Database,
    HashPartitions,
    partitioned,
)
from airside.schema.core.catalog import inspect
from airside.schema.core.errors import LockNotAcquired, Refused, UsageError
from airside.schema.core.locks import LockBudget
from airside.schema.core.partitioning import ListPartitions, PartitionPolicy
from airside.schema.core.patience import Patience
from airside.server import Server
from sqlalchemy import Column, Integer, MetaData, Text
from sqlalchemy import Table as SqlTable

from .drained import NOW, Clients
from .plain_events import declared

ROWS = 3000
HERE = Path(__file__).parent
Connection = psycopg.Connection[Any]


def fill(connection: Connection) -> None:
    connection.execute((HERE / "plain_events.sql").read_bytes())
    connection.execute(
        "INSERT INTO events (at, customer_id, note) SELECT '2026-09-01 00:00+00'::timestamptz + (n % 100) *"
        " interval '1 day', n % 100 + 1, 'note ' || n FROM generate_series(1, 3000) AS n"
    )
    connection.execute("INSERT INTO tickets (event_id, event_at) SELECT id, at FROM events WHERE id % 10 = 0")
    connection.execute("ANALYZE")


@pytest.fixture
def connection(server: Server, database: str) -> Iterator[Connection]:
    with server.connect(database, autocommit=True) as connection:
        fill(connection)
        yield connection


def run(connection: Connection, database: str, deadline: float = 60) -> Converted:
    return convert(connection, declared(database), "events", Patience(LockBudget(0.05, deadline)), now=NOW)


def one(connection: Connection, statement: str) -> Any:
    row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


DIGEST = "SELECT (count(*), sum(hashtextextended((id, number, at, customer_id, amount, changes, note)::text, 0)))::text"


def whole(connection: Connection) -> None:
    """What holds at the end of every conversion."""
    assert one(connection, "SELECT relkind FROM pg_class WHERE oid = 'public.events'::regclass") == "p"
    assert one(connection, "SELECT count(*) FROM pg_class WHERE relname = 'events_default'") == 0
    assert one(connection, "SELECT bool_and(convalidated) FROM pg_constraint WHERE contype = 'f' AND conparentid = 0")
    assert one(connection, "SELECT count(*) FROM pg_constraint WHERE conname = 'tickets_event'") == 1
    assert one(connection, "SELECT count(*) FROM pg_class WHERE relname LIKE 'events\\_%\\_old' AND relkind = 'r'") == 1
    assert one(connection, "SELECT relforcerowsecurity FROM pg_class WHERE oid = 'public.events'::regclass")
    assert one(connection, "SELECT count(*) FROM pg_namespace WHERE nspname = 'airside_new'") == 0


def test_the_catalog_is_that_of_a_table_made_so(server: Server, connection: Connection, database: str) -> None:
    with server.connect(database, autocommit=True) as before:
        was = inspect(before)
    digest = one(connection, f"{DIGEST} FROM events")
    done = run(connection, database)
    assert (done.rows, done.rest) == (ROWS, None)
    whole(connection)
    assert one(connection, f"{DIGEST} FROM events") == digest
    with server.connect(database, autocommit=True) as after:
        now = inspect(after)
    kept = {key: definition for key, definition in now.items() if "partition" not in key.kind}
    changed = {(key.kind, key.identity) for key in was.keys() ^ kept.keys()}
    changed |= {(key.kind, key.identity) for key in was.keys() & kept.keys() if was[key] != kept[key]}
    # the table is partitioned, and its primary key has the partition key in it
    assert changed <= {
        ("table", ("public", "events")),
        ("constraint", ("public", "events", "events_pkey")),
    }, changed
    assert run(connection, database) == Converted("events", None, done.partitions, done.old)


def test_it_works_as_before(connection: Connection, database: str) -> None:
    logged = one(connection, "SELECT count(*) FROM log")
    run(connection, database)
    assert one(connection, "SELECT count(*) FROM log") == logged
    row = connection.execute("INSERT INTO events (at) VALUES ('2026-10-05') RETURNING id, number, changes").fetchone()
    assert row == (ROWS + 1, ROWS + 1, 0)
    assert one(connection, "SELECT count(*) FROM log") == logged + 1
    connection.execute("UPDATE events SET amount = 7 WHERE id = 1")
    assert connection.execute("SELECT changes, doubled FROM events WHERE id = 1").fetchone() == (1, 14)
    assert one(connection, "SELECT how_many()") == ROWS + 1
    assert one(connection, "SELECT total FROM best") == 3000
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        connection.execute("DELETE FROM events WHERE id = 10")
    with pytest.raises(psycopg.errors.CheckViolation):
        connection.execute("INSERT INTO events (amount) VALUES (-1000001)")
    connection.execute("DELETE FROM tickets; DELETE FROM customers WHERE id = 5")
    assert one(connection, "SELECT count(*) FROM events WHERE customer_id = 5") == 0
    assert (
        one(connection, "SELECT reloptions::text FROM pg_class WHERE relname = 'events_2026_10'") == "{fillfactor=90}"
    )


def test_the_old_table_is_kept_until_it_is_dropped(connection: Connection, database: str) -> None:
    old = run(connection, database).old
    assert old is not None
    assert one(connection, f"SELECT count(*) FROM {old}") == ROWS
    with pytest.raises(psycopg.errors.RaiseException, match="takes no more rows"):
        connection.execute(f"DELETE FROM {old}".encode())
    assert drop_old(connection, declared(database), "events", Patience()) == (old,)
    assert drop_old(connection, declared(database), "events", Patience()) == ()
    assert one(connection, "SELECT count(*) FROM pg_proc WHERE pronamespace = 'airside'::regnamespace") == 0
    assert one(connection, "SELECT nextval('events_number_seq')") == ROWS + 1


def test_rows_that_fit_no_partition_have_a_place(connection: Connection, database: str) -> None:
    connection.execute("INSERT INTO events (at) VALUES ('infinity'), ('2040-05-05')")
    done = run(connection, database)
    assert (done.rows, done.rest) == (ROWS + 2, "events_default")
    assert one(connection, "SELECT count(*) FROM events_2040_05") == 1
    assert one(connection, "SELECT count(*) FROM events") == ROWS + 2


def test_clients_see_each_row_once_all_the_time(server: Server, connection: Connection, database: str) -> None:
    connection.execute("ALTER TABLE events ALTER id DROP IDENTITY, DROP CONSTRAINT events_number_at")
    connection.execute("CREATE SEQUENCE ids START 100000; ALTER TABLE events ALTER id SET DEFAULT nextval('ids')")
    connection.execute("ALTER TABLE events NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER events_logged")
    with Clients(server, database, ROWS, far="2027-01-15 00:00+00") as clients:
        time.sleep(0.3)
        run(connection, database)
        time.sleep(0.3)
    assert clients.faults == []
    assert clients.done > 50
    assert one(connection, "SELECT (count(*), sum(amount))::text FROM events") == f"({ROWS},{ROWS * 100}.00)"


def test_a_snapshot_from_before_is_waited_for(server: Server, connection: Connection, database: str) -> None:
    with server.connect(database) as old, ThreadPoolExecutor(1) as pool:
        old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        old.execute("SELECT 1")
        converting = pool.submit(run, connection, database)
        time.sleep(2)
        assert not converting.done()
        with server.connect(database, autocommit=True) as other:
            other.execute("DELETE FROM events WHERE id = 3")
        assert old.execute("SELECT count(*) FROM events").fetchone() == (ROWS,)
        old.commit()
        converting.result()
    assert one(connection, "SELECT count(*) FROM events") == ROWS - 1


def test_an_interrupted_conversion_is_kept_up_to_date_and_ends_well(
    server: Server, connection: Connection, database: str
) -> None:
    with server.connect(database) as old:
        old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        old.execute("SELECT 1")
        with pytest.raises(LockNotAcquired, match="from before the copy"):
            run(connection, database, deadline=1)
    connection.execute("UPDATE events SET amount = 7 WHERE id <= 100; DELETE FROM events WHERE id BETWEEN 201 AND 209")
    connection.execute("INSERT INTO events (at) VALUES ('2026-12-24'), ('2031-01-01')")
    before = one(connection, f"{DIGEST} FROM events")
    run(connection, database)
    whole(connection)
    assert one(connection, f"{DIGEST} FROM events") == before


@pytest.mark.parametrize(
    ("obstacle", "said"),
    [
        ("CREATE MATERIALIZED VIEW m AS SELECT count(*) FROM events", "materialized view m"),
        ("CREATE FUNCTION f(e events) RETURNS int LANGUAGE sql AS 'SELECT 1'", r"function f\(events\)"),
        ("CREATE TABLE part () INHERITS (events)", "table inheritance"),
        ("ALTER TABLE events ADD CONSTRAINT u UNIQUE (number)", "u is unique over number"),
        ("CREATE UNIQUE INDEX u ON events (note)", "u is unique over note"),
        ("CREATE TABLE more (id bigint REFERENCES events (id))", "more_id_fkey of more refers to"),
        ("CREATE RULE r AS ON DELETE TO events DO INSTEAD NOTHING", "rule r"),
        ("ALTER TABLE events ADD CHECK (amount > 0) NOT VALID", "not validated"),
        ("ALTER TABLE events ADD COLUMN extra int", "differ in the columns extra"),
        ("CREATE PUBLICATION p FOR TABLE events", "publication p"),
        ("ALTER TABLE events ADD EXCLUDE USING gist (int4range(number, number + 1) WITH &&)", "exclu|cannot"),
    ],
)
def test_refused_before_anything_is_touched(connection: Connection, database: str, obstacle: str, said: str) -> None:
    connection.execute(obstacle.encode())
    with pytest.raises(Refused, match=said):
        run(connection, database)
    assert one(connection, "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'airside%'") == 0
    assert one(connection, "SELECT count(*) FROM pg_class WHERE relname LIKE 'events_20%'") == 0


def test_only_declared_tables(connection: Connection, database: str) -> None:
    with pytest.raises(UsageError, match="no table tickets is declared"):
        convert(connection, declared(database), "tickets", Patience(), now=NOW)


def test_a_publication_that_publishes_through_the_table_goes_on(connection: Connection, database: str) -> None:
    connection.execute(
        "CREATE PUBLICATION p FOR TABLE events (id, at, amount) WHERE (amount > 0)"
        " WITH (publish_via_partition_root = true)"
    )
    run(connection, database)
    assert connection.execute(
        "SELECT tablename::text, attnames::text, rowfilter FROM pg_publication_tables"
    ).fetchall() == [("events", "{id,at,amount}", "(amount > (0)::numeric)")]


def test_the_plan_says_what_both_ends_do(connection: Connection, database: str) -> None:
    statements = plan(connection, declared(database), "events")
    assert any("PARTITION BY RANGE (at)" in statement for statement in statements)
    assert any("CREATE OR REPLACE VIEW public.totals" in statement for statement in statements)
    assert one(connection, "SELECT relkind FROM pg_class WHERE oid = 'events'::regclass") == "r"
    run(connection, database)
    assert plan(connection, declared(database), "events") == ()


@pytest.mark.parametrize(
    ("policy", "leaves"),
    [
        (HashPartitions("id", 3, "people_{remainder}"), {"people_0", "people_1", "people_2"}),
        (ListPartitions("kind", {"people_a": ("a", None), "people_b": ("b",)}), {"people_a", "people_b"}),
    ],
)
def test_by_hash_and_by_list_in_another_schema(
    server: Server, database: str, policy: PartitionPolicy, leaves: set[str]
) -> None:
    metadata = MetaData()
    keys = [Column("id", Integer, primary_key=True), Column("kind", Text, primary_key=policy.key == "kind")]
    SqlTable("people", metadata, *keys, schema="Other", postgresql_partition_by=policy.clause, info=partitioned(policy))
    with server.connect(database, autocommit=True) as connection:
        connection.execute(
            'CREATE SCHEMA "Other"; CREATE TABLE "Other".people (id serial PRIMARY KEY, kind text NOT NULL)'
        )
        connection.execute(
            "INSERT INTO \"Other\".people (kind) SELECT CASE n % 2 WHEN 0 THEN 'a' ELSE 'b' END"
            " FROM generate_series(1, 500) AS n"
        )
        done = convert(connection, Database(database, metadata), "Other.people", Patience(), now=NOW)
        assert (done.rows, done.partitions, done.rest) == (500, len(leaves), None)
        found = connection.execute('SELECT DISTINCT tableoid::regclass::text FROM "Other".people').fetchall()
        assert {name.rpartition(".")[2] for (name,) in found} == leaves
        assert connection.execute("INSERT INTO \"Other\".people (kind) VALUES ('a') RETURNING id").fetchone() == (501,)


def test_two_at_once(server: Server, connection: Connection, database: str) -> None:
    def work(_: int) -> int | None:
        with server.connect(database, autocommit=True) as mine:
            return run(mine, database).rows

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, range(2)), key=str) == [ROWS, None]
    whole(connection)


CHILD = """
import sys
sys.path.insert(0, sys.argv[3])
from airside.partitions.convert import convert
from airside.schema.core.locks import LockBudget
from airside.schema.core.partitioning import ListPartitions, PartitionPolicy
from airside.schema.core.patience import Patience
from airside.server import resolve
from tests.integration.drained import NOW
from tests.integration.plain_events import declared
with resolve(sys.argv[1]).connect(sys.argv[2], autocommit=True) as connection:
    print("ready", flush=True)
    convert(connection, declared(sys.argv[2]), "events", Patience(LockBudget(0.05, 60)), now=NOW)
"""


@pytest.mark.soak
def test_killed_at_any_moment(server: Server, connection: Connection, database: str, rounds: int) -> None:
    root = str(HERE.parents[1])
    arguments = [sys.executable, "-c", CHILD, server.url(database, show_password=True), database, root]
    rows, pause = ROWS, 1.5
    for number in range(rounds):
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            child.stdout.readline()
            started = time.monotonic()
            connection.execute("INSERT INTO events (at) VALUES ('2026-10-05'), ('2031-07-07')")
            connection.execute("UPDATE events SET amount = amount + 1 WHERE id = %s", [number + 1])
            rows += 2
            try:
                code = child.wait(random.uniform(0, pause))
                assert code == 0, child.stderr and child.stderr.read()
                pause = max(time.monotonic() - started, 0.3)
            except subprocess.TimeoutExpired:
                child.kill()
                continue
        whole(connection)
        assert one(connection, "SELECT count(*) FROM events") == rows
        assert one(connection, "SELECT sum(amount) FROM events") == rows * 100 + number + 1
        _plain_again(connection)
    run(connection, database)
    whole(connection)
    assert one(connection, "SELECT count(*) FROM events") == rows


def _plain_again(connection: Connection) -> None:
    """The table as it was before, with the rows that it has now."""
    connection.execute("CREATE TABLE public.kept AS SELECT * FROM events")
    connection.execute("DROP SCHEMA airside CASCADE; DROP TABLE tickets, events, customers, log CASCADE")
    connection.execute("DROP FUNCTION IF EXISTS count_change, log_insert, how_many")
    connection.execute((HERE / "plain_events.sql").read_bytes())
    connection.execute(
        "INSERT INTO events (id, number, at, customer_id, amount, changes, note) OVERRIDING SYSTEM VALUE"
        " SELECT id, number, at, customer_id, amount, changes, note FROM public.kept"
    )
    connection.execute(
        "SELECT setval('events_id_seq', max(id)), setval('events_number_seq', max(number)) FROM public.kept"
    )
    connection.execute("DROP TABLE public.kept")
