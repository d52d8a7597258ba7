"""Rows that are past their time: moved whole, deleted or anonymised, and refused where something would be lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from airside.partitions.archive.due import count_due, row_rules
from airside.partitions.archive.ledger import archives
from airside.partitions.archive.rows import RowRun
from airside.partitions.archive.throttle import Throttle
from airside.schema.core.errors import (
    DataLossRefused,
    LockNotAcquired,
    MissingRight,
    NotProvisioned,
    Refused,
    StatementFailed,
)
from airside.schema.core.locks import LockBudget
from airside.schema.core.patience import Patience
from psycopg import sql

from .archive_sample import database
from .archiving import (
    MOVED,
    NOW,
    OLD,
    YOUNG,
    add_item,
    add_order,
    add_parcel,
    assert_whole,
    counts,
    digests,
    due,
    fill,
    handled,
    sample_database,
)
from .declared import Connection, ServerLike, empty_database, one, owner_connection

OWNER = database.roles.owner


@pytest.fixture(scope="module")
def template(server: ServerLike) -> Iterator[str]:
    with sample_database(server) as name:
        yield name


@pytest.fixture
def name(server: ServerLike, template: str) -> Iterator[str]:
    with empty_database(server, OWNER, template=template) as made:
        yield made


@pytest.fixture
def db(server: ServerLike, name: str) -> Iterator[Connection]:
    with owner_connection(server, database, name) as connection:
        yield connection


def quick(seconds: float = 0.3) -> RowRun:
    return RowRun(patience=Patience(LockBudget(timeout=0.05, deadline=seconds)))


def test_an_order_moves_with_all_that_hangs_on_it(db: Connection) -> None:
    old = add_order(db, items=3, parcels=2)
    add_order(db, status="open")
    add_order(db, YOUNG)
    before = digests(db)
    found = due(db, "orders")
    assert (found.count.rows, found.count.exact, found.count.oldest) == (1, True, OLD)
    assert (found.destination, found.along) == ("orders_archive", ("items", "parcels"))
    done = handled(db)
    assert (done.rows, done.left, done.batches) == (1, 0, 1)
    assert counts(db, "_archive") == [1, 3, 6]
    assert counts(db) == [2, 2, 2]
    assert digests(db) == before
    assert_whole(db)
    assert one(db, "SELECT id FROM orders_archive") == old
    assert due(db, "orders").count.rows == 0
    assert handled(db).rows == 0


def test_the_ledger_counts_every_batch(db: Connection) -> None:
    fill(db, 120)
    done = handled(db)
    assert (done.rows, done.batches) == (120, 3)
    [line] = archives(db)
    assert (line.id, line.row_count, line.state, line.location) == (done.archive, 120, "verified", "orders_archive")
    assert line.details["tables"] == {table: f"{table}_archive" for table in MOVED}


def test_a_limit_takes_the_oldest_and_leaves_the_rest(db: Connection) -> None:
    fill(db, 100)
    oldest = one(db, "SELECT array_agg(id) FROM (SELECT id FROM orders ORDER BY placed_at LIMIT 60) AS o")
    done = handled(db, run=RowRun(limit=60))
    assert (done.rows, done.left) == (60, 40)
    assert set(one(db, "SELECT array_agg(id) FROM orders_archive")) == set(oldest)


def test_a_run_stops_between_batches_and_the_next_goes_on(db: Connection) -> None:
    fill(db, 130)
    before = digests(db)
    told: list[int] = []
    done = handled(db, run=RowRun(progress=told.append, stop=lambda: len(told) == 2))
    assert (done.rows, done.left, told) == (100, 30, [50, 50])
    assert_whole(db)
    assert handled(db).rows == 30
    assert digests(db) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE orders SET note = 'x' WHERE id = %(order)s",
        "UPDATE items SET what = 'x' WHERE order_id = %(order)s",
        "UPDATE parcels SET weight = 1 WHERE item_id = (SELECT min(id) FROM items WHERE order_id = %(order)s)",
        "INSERT INTO parcels VALUES (0, (SELECT min(id) FROM items WHERE order_id = %(order)s), 1)",
        "DELETE FROM parcels WHERE item_id = (SELECT min(id) FROM items WHERE order_id = %(order)s)",
    ],
)
def test_what_somebody_works_on_is_left_and_nobody_waits(
    server: ServerLike, name: str, db: Connection, statement: str
) -> None:
    busy, free = add_order(db, items=2), add_order(db, items=2)
    with server.connect(name) as agent:
        agent.execute(statement.encode(), {"order": busy})
        began = time.monotonic()
        assert handled(db, run=quick()).left == 1
        assert time.monotonic() - began < 5
        assert one(db, "SELECT array_agg(id) FROM orders_archive") == [free]
        assert counts(db, "_archive") == [1, 2, 2]
        agent.commit()
        before = digests(db)
    assert handled(db).rows == 1
    assert digests(db) == before
    assert_whole(db)


def test_of_two_runs_the_second_waits_its_turn_and_gives_up(server: ServerLike, name: str, db: Connection) -> None:
    fill(db, 20)
    with server.connect(name) as other:
        assert one(other, "SELECT archive_old_orders(%s, 5)", YOUNG) == 5
        with pytest.raises(LockNotAcquired, match="another run"):
            handled(db, run=quick())
        other.commit()
    assert handled(db).rows == 15
    assert_whole(db)


def test_a_column_that_the_declaration_lacks_is_not_lost(db: Connection) -> None:
    add_order(db)
    db.execute("ALTER TABLE items ADD COLUMN gift boolean")
    with pytest.raises(DataLossRefused, match="gift"):
        handled(db)
    assert counts(db) == [1, 1, 1]


def test_a_child_that_the_declaration_lacks_is_not_lost(db: Connection) -> None:
    add_order(db)
    db.execute("CREATE TABLE labels (id int, item_id int REFERENCES items ON DELETE CASCADE)")
    with pytest.raises(DataLossRefused, match="labels refers to items"):
        handled(db)
    assert counts(db) == [1, 1, 1]


def test_a_function_that_is_not_the_declared_one_is_refused(db: Connection) -> None:
    add_order(db)
    db.execute("DROP FUNCTION archive_old_orders(timestamptz, integer)")
    db.execute(
        "CREATE FUNCTION archive_old_orders(cutoff timestamptz, batch_size integer) RETURNS integer"
        " LANGUAGE sql AS 'SELECT 1'"
    )
    with pytest.raises(Refused, match="not the declared one"):
        handled(db)
    assert counts(db) == [1, 1, 1]


def test_without_the_function_the_command_brings_its_own(db: Connection) -> None:
    add_order(db, items=2)
    before = digests(db)
    db.execute("DROP FUNCTION archive_old_orders(timestamptz, integer)")
    assert handled(db).rows == 1
    assert digests(db) == before
    assert_whole(db)
    left = "SELECT count(*) FROM pg_proc WHERE proname = 'archive_old_orders'"
    assert one(db, left) == 0


def test_an_archive_that_keeps_rows_out_stops_everything(db: Connection) -> None:
    add_order(db, items=2)
    db.execute(
        "CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
        " CREATE TRIGGER skip BEFORE INSERT ON parcels_archive FOR EACH ROW EXECUTE FUNCTION skip()"
    )
    with pytest.raises(DataLossRefused, match="2 rows of parcels locked and 0 copied"):
        handled(db)
    assert (counts(db), counts(db, "_archive")) == ([1, 2, 2], [0, 0, 0])


def test_rows_that_a_trigger_writes_to_meanwhile_are_found_again(db: Connection) -> None:
    """Deleting the parcels gives the items another place in their table."""
    add_order(db, items=2, parcels=3)
    db.execute(
        "CREATE FUNCTION unpacked() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN UPDATE items SET what = ''unpacked'' WHERE id = OLD.item_id; RETURN NULL; END';"
        " CREATE TRIGGER unpacked AFTER DELETE ON parcels FOR EACH ROW EXECUTE FUNCTION unpacked()"
    )
    before = digests(db)
    assert handled(db).rows == 1
    assert digests(db) == before
    assert_whole(db)


def test_a_row_that_the_archive_refuses_is_named_and_stays(db: Connection) -> None:
    add_order(db)
    db.execute("ALTER TABLE orders_archive ADD CONSTRAINT no_notes CHECK (note IS NULL)")
    with pytest.raises(StatementFailed, match="no_notes"):
        handled(db)
    assert counts(db) == [1, 1, 1]


def test_a_table_that_is_not_there_is_said(db: Connection) -> None:
    db.execute("DROP TABLE parcels_archive")
    with pytest.raises(NotProvisioned, match="parcels_archive"):
        handled(db)


def test_rows_are_deleted_with_what_is_kept_with_them(server: ServerLike, name: str, db: Connection) -> None:
    db.execute(
        "INSERT INTO logins (id, expires_at, kind) SELECT n, %s::timestamptz + n * interval '1 minute',"
        " CASE WHEN n %% 10 = 0 THEN 'api' ELSE 'web' END FROM generate_series(1, 100) AS n",
        [OLD],
    )
    db.execute("INSERT INTO clicks SELECT n, n FROM generate_series(1, 100) AS n")
    with server.connect(name) as agent:
        agent.execute("UPDATE clicks SET id = 1000 WHERE id = 1")
        done = handled(db, "logins", RowRun(batch=30))
        assert (done.rows, done.left, done.archive) == (89, 1, None)
        agent.rollback()
    assert one(db, "SELECT array_agg(kind ORDER BY id) FROM logins WHERE id > 1") == ["api"] * 10
    assert one(db, "SELECT count(*) FROM clicks") == 11


def test_archives_end_too(db: Connection) -> None:
    add_order(db, items=2)
    handled(db)
    db.execute("UPDATE orders_archive SET archived_at = %s", [NOW.replace(year=NOW.year - 7)])
    assert handled(db, "orders_archive").rows == 0
    db.execute("UPDATE orders_archive SET archived_at = archived_at - interval '1 second'")
    assert handled(db, "orders_archive").rows == 1
    assert counts(db, "_archive") == [0, 0, 0]


def test_people_are_anonymised_once(db: Connection) -> None:
    for number, left_on in ((1, date(2024, 11, 20)), (2, date(2024, 11, 21)), (3, None)):
        db.execute("INSERT INTO people VALUES (%s, 'Ada', 'ada@example.org', 'DE', %s)", [number, left_on])
    assert handled(db, "people").rows == 1
    assert one(db, "SELECT array_agg(name ORDER BY id) FROM people") == [None, "Ada", "Ada"]
    assert one(db, "SELECT array_agg(country) FROM people") == ["DE"] * 3
    assert handled(db, "people").rows == 0


def test_a_count_that_takes_long_is_an_estimate(db: Connection) -> None:
    fill(db, 20_000, minutes=10)
    db.execute("ANALYZE")
    [chosen] = row_rules(database, only="orders")
    found = count_due(db, chosen, datetime(2030, 1, 1, tzinfo=UTC), counting=0.001)
    assert not found.exact
    assert found.oldest is None
    assert 2_000 < found.rows < 200_000


def test_rows_a_second_are_a_limit(db: Connection) -> None:
    fill(db, 100)
    throttle = Throttle(rows_per_second=100)
    done = handled(db, run=RowRun(batch=20, throttle=throttle))
    assert done.rows == 100
    assert 0.9 < done.seconds < 5
    assert throttle.paused > 0.5


def test_a_busy_server_is_left_alone(server: ServerLike, name: str, db: Connection) -> None:
    fill(db, 40)
    told: list[str] = []
    throttle = Throttle(max_load=0, observer=told.append)
    with server.connect(name) as other, ThreadPoolExecutor(1) as pool:
        sleeping = pool.submit(other.execute, "SELECT pg_sleep(0.8)")
        done = handled(db, run=RowRun(batch=20, throttle=throttle))
        sleeping.result()
    assert done.rows == 40
    assert done.paused >= 0.5
    assert any("other statements are running" in text for text in told)


def test_a_load_that_cannot_be_seen_is_no_limit_that_is_kept(server: ServerLike, name: str, db: Connection) -> None:
    fill(db, 10)
    with server.connect("postgres", autocommit=True) as admin:
        admin.execute("CREATE ROLE archive_clerk LOGIN")
    try:
        with server.connect(name, autocommit=True) as clerk:
            clerk.execute(sql.SQL("GRANT {} TO archive_clerk").format(sql.Identifier(OWNER)))
            clerk.execute("SET SESSION AUTHORIZATION archive_clerk")
            clerk.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
            with pytest.raises(MissingRight, match="hidden"):
                handled(clerk, run=RowRun(throttle=Throttle(max_load=3)))
            assert handled(clerk, run=RowRun(throttle=Throttle(max_lag=10))).rows == 10
    finally:
        with server.connect(name, autocommit=True) as admin:
            admin.execute("DROP OWNED BY archive_clerk; DROP ROLE archive_clerk")


def test_nothing_is_older_than_what_the_rule_keeps(db: Connection) -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    cutoff = now.replace(year=2025)
    for moment in (cutoff - timedelta(microseconds=1), cutoff, cutoff + timedelta(microseconds=1)):
        add_order(db, moment)
    assert handled(db).rows == 1
    assert one(db, "SELECT placed_at FROM orders_archive") == cutoff - timedelta(microseconds=1)


def test_policies_that_bind_the_owner_hide_nothing_from_the_archive(server: ServerLike, db: Connection) -> None:
    add_order(db)
    for table in MOVED:
        identifier = sql.Identifier(table)
        db.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(identifier))
        db.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(identifier))
    assert one(db, "SELECT count(*) FROM orders") == 0
    assert due(db, "orders").count.rows == 1
    assert handled(db).rows == 1
    assert one(db, "SELECT current_user") == OWNER


def test_late_children_go_with_the_batch_that_takes_their_order(db: Connection) -> None:
    order = add_order(db, items=1)
    for _ in range(3):
        add_parcel(db, add_item(db, order))
    assert handled(db, run=replace(RowRun(), batch=1)).rows == 1
    assert counts(db, "_archive") == [1, 4, 4]
