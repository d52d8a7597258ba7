"""What statements do, observed: locks, scans, rewrites, rows written, inside and outside transactions."""

from __future__ import annotations

import psycopg
import pytest
from airside.migrations.checks.effects import Effect, Lock, Touched
from airside.migrations.checks.observe import Observer
from airside.server import Server

SCHEMA = """
CREATE TABLE t (id int PRIMARY KEY, a varchar(50), n numeric(10,2), u int, note text);
INSERT INTO t SELECT g, 'x', 1, g, 'n' FROM generate_series(1, 100) AS g;
CREATE TABLE r (id int PRIMARY KEY, t int);
INSERT INTO r VALUES (1, 1);
CREATE TABLE p (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO p VALUES (1, '2026-02-02');
"""


@pytest.fixture
def prepared(server: Server, database: str) -> str:
    with server.connect(database, autocommit=True) as connection:
        connection.execute(SCHEMA)
    return database


def observed(server: Server, database: str, *statements: str, autocommit: bool = False) -> list[Effect]:
    with server.connect(database, autocommit=autocommit) as connection:
        observer = Observer(lambda text: connection.execute(text.encode()).fetchall(), lambda: server.connect(database))
        effects: list[Effect] = []
        for statement in statements:
            observer.begin(statement)
            try:
                connection.execute(statement.encode())
            except psycopg.Error as error:
                effects.append(observer.failed(str(error), where="f:1", revision="1", direction="up"))
                break
            effects.append(observer.end(where="f:1", revision="1", direction="up"))
        if not autocommit:
            connection.rollback()
        return effects


def on(effect: Effect, relation: str) -> Touched:
    return next(item for item in effect.touched if item.relation == relation)


@pytest.mark.parametrize(
    ("statement", "lock", "scanned", "rewritten"),
    [
        ("ALTER TABLE t ALTER a TYPE varchar(100)", Lock.ACCESS_EXCLUSIVE, False, False),
        ("ALTER TABLE t ALTER a TYPE varchar(10)", Lock.ACCESS_EXCLUSIVE, True, True),
        ("ALTER TABLE t ALTER n TYPE numeric(12,2)", Lock.ACCESS_EXCLUSIVE, False, False),
        ("ALTER TABLE t ALTER n TYPE numeric(10,1)", Lock.ACCESS_EXCLUSIVE, True, True),
        ("ALTER TABLE t ALTER note SET NOT NULL", Lock.ACCESS_EXCLUSIVE, True, False),
        ("ALTER TABLE t ADD CHECK (u > 0)", Lock.ACCESS_EXCLUSIVE, True, False),
        ("ALTER TABLE t ADD CHECK (u > 0) NOT VALID", Lock.ACCESS_EXCLUSIVE, False, False),
        ("ALTER TABLE t ADD COLUMN z timestamptz DEFAULT now()", Lock.ACCESS_EXCLUSIVE, False, False),
        ("ALTER TABLE t ADD COLUMN z timestamptz DEFAULT clock_timestamp()", Lock.ACCESS_EXCLUSIVE, True, True),
        ("CREATE INDEX ON t (u)", Lock.SHARE, True, False),
        (
            "CREATE TRIGGER x BEFORE UPDATE ON t EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            None,
            False,
            False,
        ),
        ("UPDATE t SET u = 1", Lock.ROW_EXCLUSIVE, True, False),
        # the scan is of the new, empty file: its indexes are built
        ("TRUNCATE t", Lock.ACCESS_EXCLUSIVE, True, True),
        ("DO $$ BEGIN EXECUTE 'ALTER TABLE t ADD COLUMN z int'; END $$", Lock.ACCESS_EXCLUSIVE, False, False),
    ],
)
def test_a_statement_shows_its_lock_and_what_it_read_and_rewrote(
    server: Server, prepared: str, statement: str, lock: Lock | None, scanned: bool, rewritten: bool
) -> None:
    [effect] = observed(server, prepared, statement)
    touched = on(effect, "public.t")
    assert touched.taken == (lock or Lock.SHARE_ROW_EXCLUSIVE)
    assert (touched.scanned, touched.rewritten) == (scanned, rewritten)
    assert touched.rows
    assert effect.transactional


def test_the_other_table_is_seen_too(server: Server, prepared: str) -> None:
    added, dropped = observed(server, prepared, "ALTER TABLE r ADD FOREIGN KEY (t) REFERENCES t", "DROP TABLE r")
    assert on(added, "public.t").taken == Lock.SHARE_ROW_EXCLUSIVE
    assert on(added, "public.t").scanned
    assert on(dropped, "public.t").taken == Lock.ACCESS_EXCLUSIVE
    assert on(dropped, "public.r").dropped


def test_rows_are_counted_and_a_lock_that_is_held_is_not_taken_again(server: Server, prepared: str) -> None:
    first, second = observed(server, prepared, "ALTER TABLE t ADD COLUMN z int", "UPDATE t SET z = 1")
    assert on(second, "public.t").written == 100
    assert on(second, "public.t").taken is None
    assert on(second, "public.t").held == Lock.ACCESS_EXCLUSIVE
    assert first.transaction == second.transaction


def test_what_the_transaction_made_is_nobody_elses(server: Server, prepared: str) -> None:
    _, indexed = observed(server, prepared, "CREATE TABLE fresh (id int)", "CREATE INDEX ON fresh (id)")
    assert on(indexed, "public.fresh").created
    assert indexed.strongest() is None


def test_every_partition_is_seen_with_its_root(server: Server, prepared: str) -> None:
    [effect] = observed(server, prepared, "ALTER TABLE p ADD COLUMN x int")
    assert on(effect, "public.p1").taken == Lock.ACCESS_EXCLUSIVE
    assert on(effect, "public.p1").root == "public.p"
    assert on(effect, "public.p").rows


def test_concurrent_statements_show_their_locks_too(server: Server, prepared: str) -> None:
    effects = observed(
        server,
        prepared,
        "CREATE INDEX CONCURRENTLY i ON t (u)",
        "REINDEX INDEX CONCURRENTLY i",
        "DROP INDEX CONCURRENTLY i",
        "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY",
        autocommit=True,
    )
    assert not any(effect.transactional for effect in effects)
    assert len({effect.transaction for effect in effects}) == len(effects)
    assert [on(effect, "public.t").taken for effect in effects[:3]] == [Lock.SHARE_UPDATE_EXCLUSIVE] * 3
    assert on(effects[0], "public.t").scanned
    assert on(effects[3], "public.p").taken == Lock.SHARE_UPDATE_EXCLUSIVE
    # while it stands in the way the watching session must not be what takes the time
    assert all(effect.milliseconds < 1500 for effect in effects)


def test_a_refused_statement_says_why(server: Server, prepared: str) -> None:
    [effect] = observed(server, prepared, "ALTER TABLE t ADD COLUMN z int NOT NULL")
    assert effect.error is not None
    assert "contains null values" in effect.error


def test_the_timeouts_in_effect_are_known(server: Server, prepared: str) -> None:
    _, effect = observed(server, prepared, "SET LOCAL lock_timeout = '70ms'", "ALTER TABLE t ADD COLUMN z int")
    assert (effect.lock_timeout, effect.statement_timeout) == (70, 0)


def test_a_watch_stands_in_the_way_however_its_connections_are_made(server: Server, prepared: str) -> None:
    with server.connect(prepared, autocommit=True) as connection:
        observer = Observer(
            lambda text: connection.execute(text.encode()).fetchall(), lambda: server.connect(prepared, autocommit=True)
        )
        observer.begin("CREATE INDEX CONCURRENTLY i ON t (u)")
        connection.execute("CREATE INDEX CONCURRENTLY i ON t (u)")
        effect = observer.end(where="f:1", revision="1", direction="up")
    assert on(effect, "public.t").taken == Lock.SHARE_UPDATE_EXCLUSIVE
