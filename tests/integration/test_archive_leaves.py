"""Whole partitions into an archive table: at once, without copying, seen by everybody in exactly one of the two."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from airside.partitions.archive.due import DueLeaf, due_leaves
from airside.partitions.archive.leaves import finish_moves, move_leaf, restore_leaf, why_it_stays
from airside.partitions.archive.ledger import archives
from airside.partitions.ledger import detached
from airside.schema.core.errors import LockNotAcquired, NotProvisioned, Refused
from airside.schema.core.locks import LockBudget
from airside.schema.core.patience import Patience
from psycopg import errors

from .archive_sample import database
from .archiving import NOW, sample_database
from .declared import Connection, ServerLike, empty_database, one, owner_connection

MARCH = datetime(2025, 3, 10, tzinfo=UTC)
APP = database.roles.app


@pytest.fixture(scope="module")
def template(server: ServerLike) -> Iterator[str]:
    with sample_database(server) as name:
        yield name


@pytest.fixture
def name(server: ServerLike, template: str) -> Iterator[str]:
    with empty_database(server, database.roles.owner, template=template) as made:
        yield made


@pytest.fixture
def db(server: ServerLike, name: str) -> Iterator[Connection]:
    with owner_connection(server, database, name) as connection:
        connection.execute("SET timezone = 'UTC'")
        connection.execute("INSERT INTO people (id, name) VALUES (1, 'Ada')")
        connection.execute(
            "INSERT INTO events SELECT n, TIMESTAMPTZ '2025-03-01 00:00+00' + n * interval '1 minute', 1"
            " FROM generate_series(1, 1000) AS n"
        )
        yield connection


def patience(seconds: float = 5) -> Patience:
    return Patience(LockBudget(timeout=0.05, deadline=seconds))


def due(db: Connection, leaf: str = "events_2025_03") -> DueLeaf:
    return next(found for found in due_leaves(db, database, NOW) if found.leaf.name == leaf)


def parent(db: Connection, leaf: str = "events_2025_03") -> str:
    return one(db, "SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = to_regclass(%s)", leaf)


def test_the_months_before_the_cutoff_are_due_oldest_first(db: Connection) -> None:
    found = due_leaves(db, database, NOW)
    assert [leaf.leaf.name for leaf in found] == [f"events_2025_{month:02}" for month in range(1, 11)]
    assert {leaf.archive for leaf in found} == {"events_cold"}
    assert {leaf.cutoff for leaf in found} == {NOW.replace(year=NOW.year - 1)}


def test_a_month_moves_without_being_copied(db: Connection) -> None:
    digest = "SELECT sum(hash_record_extended(e, 0)) FROM {} AS e"
    before, filenode = one(db, digest.format("events")), one(db, "SELECT pg_relation_filenode('events_2025_03')")
    wal = one(db, "SELECT pg_current_wal_insert_lsn()")
    moved = move_leaf(db, due(db), patience())
    assert (moved.rows, moved.archive) == (1000, "events_cold")
    assert one(db, "SELECT pg_current_wal_insert_lsn() - %s::pg_lsn", wal) < 400_000
    assert one(db, "SELECT count(*) FROM events") == 0
    assert one(db, digest.format("events_cold")) == before
    assert one(db, "SELECT pg_relation_filenode('events_2025_03')") == filenode
    assert parent(db) == "events_cold"
    [line] = archives(db)
    assert (line.target, line.state, line.location, line.row_count) == ("tables", "verified", "events_cold", 1000)
    assert detached(db) == ()


def test_the_foreign_keys_of_the_live_table_stay_behind(db: Connection) -> None:
    move_leaf(db, due(db), patience())
    assert (
        one(db, "SELECT count(*) FROM pg_constraint WHERE conrelid = 'events_2025_03'::regclass AND contype = 'f'") == 0
    )
    db.execute("DELETE FROM people")


def test_a_run_that_was_killed_after_the_move_is_finished_by_the_next(db: Connection) -> None:
    found = due(db)
    move_leaf(db, found, patience())
    db.execute("ALTER TABLE events_2025_03 ADD CONSTRAINT left_over FOREIGN KEY (person_id) REFERENCES people (id)")
    finish_moves(db, patience())
    assert one(db, "SELECT count(*) FROM pg_constraint WHERE conname = 'left_over'") == 0


def test_nobody_may_do_more_with_the_partition_than_with_the_archive(db: Connection) -> None:
    db.execute(f"GRANT SELECT, INSERT, DELETE ON events_2025_03 TO {APP}")
    db.execute(f"REVOKE INSERT, UPDATE, DELETE ON events_cold FROM {APP}")
    db.execute("ALTER TABLE events_cold ENABLE ROW LEVEL SECURITY")
    move_leaf(db, due(db), patience())
    may = (
        "SELECT array_agg(p) FROM unnest(ARRAY['SELECT', 'INSERT', 'DELETE']) AS p"
        " WHERE has_table_privilege(%s, 'events_2025_03', p)"
    )
    assert one(db, may, APP) == ["SELECT"]
    assert one(db, "SELECT relrowsecurity FROM pg_class WHERE oid = 'events_2025_03'::regclass")


def test_triggers_are_those_of_the_archive(db: Connection) -> None:
    db.execute("CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
    for table, trigger in (("events", "live"), ("events_cold", "cold")):
        db.execute(f"CREATE TRIGGER {trigger} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION nothing()")
    move_leaf(db, due(db), patience())
    assert one(
        db, "SELECT array_agg(tgname) FROM pg_trigger WHERE tgrelid = 'events_2025_03'::regclass AND NOT tgisinternal"
    ) == ["cold"]


def test_a_partition_without_a_check_gets_one_before_it_moves(db: Connection) -> None:
    db.execute("ALTER TABLE events_2025_03 DROP CONSTRAINT events_2025_03_rng")
    found = due(db)
    assert not found.leaf.checked
    move_leaf(db, found, patience())
    assert one(db, "SELECT convalidated FROM pg_constraint WHERE conname = 'events_2025_03_rng'")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE events ADD COLUMN kind text", "archive table has no column kind text"),
        ("ALTER TABLE events_cold ADD COLUMN kind text", "it has no column kind text"),
        ("ALTER TABLE events_cold ALTER COLUMN person_id SET NOT NULL", "its column person_id may be NULL"),
        ("ALTER TABLE events_cold ADD CHECK (id > 0)", "it has no constraint events_cold_id_check"),
        ("CREATE INDEX ON events_cold (at)", "it has no index like that of the archive table, btree (at)"),
        ("ALTER TABLE events_cold ADD FOREIGN KEY (id) REFERENCES people (id)", "has the foreign key"),
    ],
)
def test_what_does_not_fit_is_said_before_anything_is_done(db: Connection, change: str, said: str) -> None:
    db.execute(change.encode())
    with pytest.raises(Refused) as caught:
        move_leaf(db, due(db), patience())
    assert said in str(caught.value)
    assert parent(db) == "events"


def test_an_archive_that_is_not_there_or_partitioned_otherwise(db: Connection) -> None:
    db.execute("DROP TABLE events_cold")
    with pytest.raises(NotProvisioned, match="events_cold"):
        move_leaf(db, due(db), patience())
    db.execute("CREATE TABLE events_cold (LIKE events) PARTITION BY RANGE (id)")
    with pytest.raises(Refused, match="partitioned by"):
        move_leaf(db, due(db), patience())


def test_an_archive_that_has_rows_of_the_period_takes_no_others(db: Connection) -> None:
    db.execute("CREATE TABLE spring PARTITION OF events_cold FOR VALUES FROM ('2025-03-15') TO ('2025-04-01')")
    with pytest.raises(Refused, match="overlap"):
        move_leaf(db, due(db), patience())
    assert parent(db) == "events"


def test_a_referenced_partition_stays_and_the_others_go(db: Connection) -> None:
    db.execute(
        "CREATE TABLE alarms (event_id int, at timestamptz, FOREIGN KEY (event_id, at) REFERENCES events (id, at))"
    )
    assert "without an index" in str(why_it_stays(db, due(db)))
    db.execute("CREATE INDEX ON alarms (at, event_id)")
    db.execute("INSERT INTO alarms SELECT id, at FROM events LIMIT 1")
    reason = why_it_stays(db, due(db))
    assert reason is not None
    assert reason.startswith("rows of alarms")
    with pytest.raises(Refused, match="rows of alarms"):
        move_leaf(db, due(db), patience())
    assert why_it_stays(db, due(db, "events_2025_04")) is None
    assert move_leaf(db, due(db, "events_2025_04"), patience()).rows == 0


def test_a_reader_in_the_way_keeps_nobody_else_waiting(server: ServerLike, name: str, db: Connection) -> None:
    with server.connect(name) as reader, server.connect(name, autocommit=True) as other:
        reader.execute("SELECT count(*) FROM events")
        with ThreadPoolExecutor(1) as pool:
            tried = pool.submit(move_leaf, db, due(db), patience(1.5))
            longest = 0.0
            while not tried.done():
                began = time.monotonic()
                other.execute("SELECT count(*) FROM events WHERE id = 7")
                longest = max(longest, time.monotonic() - began)
            with pytest.raises(LockNotAcquired):
                tried.result()
        assert longest < 1
        assert parent(db) == "events"
        reader.commit()
    assert move_leaf(db, due(db), patience()).rows == 1000


def test_a_reader_of_both_tables_never_counts_wrong(server: ServerLike, name: str, db: Connection) -> None:
    db.execute("INSERT INTO events SELECT id, at + interval '1 month', 1 FROM events")
    over = threading.Event()
    wrong: list[int] = []

    def read() -> int:
        times = 0
        with server.connect(name, autocommit=True) as reader:
            while not over.is_set():
                times += 1
                found = one(reader, "SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM events_cold)")
                if found != 2000:
                    wrong.append(found)
        return times

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        for found in due_leaves(db, database, NOW):
            move_leaf(db, found, patience(60))
        over.set()
        assert all(reader.result(timeout=20) > 0 for reader in readers)
    assert wrong == []
    assert one(db, "SELECT count(*) FROM events_cold") == 2000


def test_a_month_comes_back_with_its_foreign_keys(db: Connection) -> None:
    digest = "SELECT sum(hash_record_extended(e, 0)) FROM events AS e"
    before = one(db, digest)
    move_leaf(db, due(db), patience())
    [line] = archives(db)
    assert restore_leaf(db, line, patience()) == 1000
    assert one(db, digest) == before
    assert parent(db) == "events"
    with pytest.raises(errors.ForeignKeyViolation):
        db.execute("INSERT INTO events VALUES (5000, %s, 99)", [MARCH])
    [line] = archives(db)
    assert line.state == "restored"
    with pytest.raises(Refused):
        restore_leaf(db, line, patience())


def test_a_month_whose_person_is_gone_does_not_come_back(db: Connection) -> None:
    move_leaf(db, due(db), patience())
    db.execute("DELETE FROM people")
    [line] = archives(db)
    with pytest.raises(Refused, match="people"):
        restore_leaf(db, line, patience())
    assert parent(db) == "events_cold"


def test_a_row_that_comes_between_the_count_and_the_move_is_counted(
    db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airside.partitions.archive import leaves as module

    swap = module._swap

    def late(*arguments: object) -> int:
        db.execute("INSERT INTO events VALUES (-1, %s, 1)", [MARCH])
        return swap(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_swap", late)
    move_leaf(db, due(db), patience())
    [line] = archives(db)
    assert line.digest is None
    # by the run itself, or by the next one where it was killed
    finish_moves(db, patience())
    [line] = archives(db)
    assert (line.row_count, one(db, "SELECT count(*) FROM events_cold")) == (1001, 1001)
    assert line.digest is not None


def test_an_index_that_an_attach_would_build_is_named(db: Connection) -> None:
    move_leaf(db, due(db), patience())
    db.execute("CREATE INDEX later ON events (at DESC)")
    [line] = archives(db)
    with pytest.raises(Refused, match="lacks indexes that events has got since") as said:
        restore_leaf(db, line, patience())
    statement = str(said.value.next_step).partition(";")[0]
    assert statement.startswith("CREATE INDEX ON")
    db.execute(statement.encode())
    assert restore_leaf(db, line, patience()) == 1000
    assert parent(db) == "events"


def test_the_way_back_is_bounded(db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, tuple[bool, bool]] = {}
    original = Patience.transaction

    def watched(self: Patience, connection: object, work: object, **options: object) -> object:
        seen[str(options["what"])] = (bool(options.get("bounded")), bool(options.get("locks")))
        return original(self, connection, work, **options)  # type: ignore[arg-type]

    move_leaf(db, due(db), patience())
    monkeypatch.setattr(Patience, "transaction", watched)
    restore_leaf(db, archives(db)[0], patience())
    assert seen["restore events_2025_03"] == (True, True)
