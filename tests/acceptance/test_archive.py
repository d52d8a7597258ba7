"""`airside archive plan` and `run` as a user runs them, and as somebody kills them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from psycopg import sql

from ..integration.archiving import add_order, assert_whole, counts, digests, fill
from ..integration.declared import Connection, one
from .yard import Yard, keep_months


def test_plan_shows_and_run_does(yard: Yard, db: Connection) -> None:
    fill(db, 120)
    add_order(db, datetime.now(UTC))
    db.execute("INSERT INTO people (id, name, left_on) VALUES (1, 'Ada', '2020-01-01')")
    before = digests(db)
    plan = {item["table"]: item for item in yard.document("plan")["rows"]}
    assert (plan["orders"]["due"], plan["orders"]["destination"]) == (120, "orders_archive")
    assert plan["orders"]["along"] == ["items", "parcels"]
    assert plan["people"]["due"] == 1
    shown = yard("plan").stdout
    assert "archive 1 year after placed_at where status = 'done'" in shown
    said = yard("run", "--dry-run").stdout
    assert "would do this" in said
    assert counts(db, "_archive") == [0, 0, 0]
    said = yard("run").stdout
    assert "orders: 120 rows archived to orders_archive, with items, parcels" in said
    assert "people: 1 row anonymised" in said
    assert digests(db) == before
    assert_whole(db)
    done = yard.document("run", "--table", "orders")
    assert done["rows"] == []
    assert "nothing is due" in yard("run", "--table", "orders").stdout


def test_whole_months_go_to_their_table(yard: Yard, db: Connection) -> None:
    db.execute("INSERT INTO events VALUES (1, '2025-03-10 00:00+00', NULL)")
    plan = yard.document("plan", "--table", "events")["partitions"]
    assert plan[0]["partition"] == "events_2025_01"
    assert {item["destination"] for item in plan} == {"events_cold"}
    done = yard.document("run", "--table", "events")["partitions"]
    assert [item["partition"] for item in done] == [item["partition"] for item in plan]
    assert sum(item["rows"] for item in done) == 1
    assert one(db, "SELECT tableoid::regclass::text FROM events_cold") == "events_2025_03"
    assert yard.document("plan", "--table", "events")["partitions"] == []


def test_months_go_to_files_and_end_after_the_grace(yard: Yard, db: Connection, tmp_path: Path) -> None:
    db.execute(
        "INSERT INTO readings SELECT n, TIMESTAMPTZ '2025-03-01 00:00+00' + n * interval '1 hour', n"
        " FROM generate_series(0, 99) AS n"
    )
    keep_months(db, "readings", "2025_03", "2025_04")
    where = ("--table", "readings", "--to", str(tmp_path))
    refused = yard.document("run", "--table", "readings")["partitions"]
    assert {item["skipped"] for item in refused} == {"its policy archives it to files; say where to with --to URL"}
    done = {item["partition"]: item for item in yard.document("run", *where)["partitions"]}
    assert done["readings_2025_03"]["rows"] == 100
    assert list(tmp_path.rglob("readings_2025_03*.parquet"))
    assert one(db, "SELECT count(*) FROM readings") == 0
    assert one(db, "SELECT count(*) FROM readings_2025_03") == 100
    assert yard.document("run", *where)["partitions"] == []
    db.execute("UPDATE airside.archives SET grace_until = now() - interval '1 second'")
    ended = yard.document("run", *where)["partitions"]
    assert all(item["dropped"] for item in ended)
    assert one(db, "SELECT to_regclass('readings_2025_03') IS NULL")


def test_a_target_that_cannot_be_written_changes_nothing(yard: Yard, db: Connection, tmp_path: Path) -> None:
    db.execute("INSERT INTO readings VALUES (1, '2025-03-10 00:00+00', 1)")
    (tmp_path / "file").write_text("")
    done = yard("run", "--table", "readings", "--to", str(tmp_path / "file"), code=None)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert one(db, "SELECT count(*) FROM readings") == 1


def test_ctrl_c_ends_it_after_the_batch(yard: Yard, db: Connection) -> None:
    fill(db, 3000, minutes=30)
    before = digests(db)
    process = yard.started("--table", "orders", "--rows-per-second", "300")
    wait_for_rows(db, process)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert "stopping after this batch" in said
    assert "goes on with what is left" in said
    moved = one(db, "SELECT count(*) FROM orders_archive")
    assert 0 < moved < 3000
    assert one(db, "SELECT sum(row_count)::int FROM airside.archives") == moved
    assert_whole(db)
    assert digests(db) == before


def wait_for_rows(db: Connection, process: subprocess.Popen[str]) -> None:
    while process.poll() is None and not one(db, "SELECT count(*) FROM orders_archive"):
        time.sleep(0.02)


@pytest.mark.soak
def test_killed_at_any_moment_every_row_stands_once(yard: Yard, db: Connection, rounds: int) -> None:
    fill(db, 400 * rounds, minutes=5)
    before = digests(db)
    chance = random.Random(7)
    for _ in range(rounds):
        process = yard.started("--table", "orders")
        wait_for_rows(db, process)
        time.sleep(chance.uniform(0, 0.4))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        assert_whole(db)
    yard("run", "--table", "orders")
    assert counts(db) == [0, 0, 0]
    assert digests(db) == before
    assert one(db, "SELECT sum(row_count)::int FROM airside.archives") == 400 * rounds


def test_two_at_once_do_each_row_once(yard: Yard, db: Connection) -> None:
    fill(db, 2000, minutes=30)
    db.execute(
        "INSERT INTO events SELECT n, TIMESTAMPTZ '2025-03-01 00:00+00' + n * interval '1 minute'"
        " FROM generate_series(1, 100) AS n"
    )
    before = digests(db)
    both = [yard.started() for _ in range(2)]
    for process in both:
        _, said = process.communicate(timeout=60)
        assert "Traceback" not in said
        assert process.returncode == 0, said
    assert counts(db) == [0, 0, 0]
    assert digests(db) == before
    assert_whole(db)
    assert one(db, "SELECT count(*) FROM events_cold") == 100
    assert one(db, "SELECT sum(row_count)::int FROM airside.archives WHERE source_table = 'orders'") == 2000


def test_what_is_left_of_a_move_stops_no_other(yard: Yard, db: Connection) -> None:
    """Somebody reads the table to which foreign keys of moved partitions refer: these wait, and nothing else."""
    keep_months(db, "events", "2025_03", "2025_04")
    db.execute("INSERT INTO events VALUES (1, '2025-03-10 00:00+00', NULL), (2, '2025-04-10 00:00+00', NULL)")
    left = (
        "SELECT count(*) FROM pg_constraint INNER JOIN pg_inherits ON conrelid = inhrelid"
        " WHERE contype = 'f' AND inhparent = 'events_cold'::regclass"
    )
    with yard.server.connect(yard.name) as reader:
        reader.execute("SELECT FROM people")
        done = yard.document("run", "--table", "events", "--lock-wait", "0.5", code=3)["partitions"]
        assert [(item["rows"], item["skipped"]) for item in done] == [(1, None), (1, None)]
        assert all("drop events_person_id_fkey" in item["unfinished"] for item in done)
        assert one(db, "SELECT count(*) FROM events_cold") == 2
        db.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(f"{yard.name}_owner")))
        db.execute("CREATE TABLE events_2025_05 PARTITION OF events FOR VALUES FROM ('2025-05-01Z') TO ('2025-06-01Z')")
        done = yard.document("run", "--table", "events", "--lock-wait", "0.5", code=3)["partitions"]
        assert [(item["partition"], item["skipped"] is None) for item in done] == [
            ("moves of earlier runs", False),
            ("events_2025_05", True),
        ]
        assert one(db, left) == 3
    yard("run", "--table", "events")
    assert one(db, left) == 0


def test_a_finding_of_one_database_does_not_hide_the_others(yard: Yard, db: Connection) -> None:
    add_order(db, datetime(2025, 3, 10, tzinfo=UTC))
    db.execute("ALTER TABLE parcels ADD COLUMN gift boolean")
    done = yard("run", code=4)
    assert "gift would be lost" in done.stderr
    assert "Next: airside drift" in done.stderr
    assert counts(db) == [1, 1, 1]


def test_what_went_to_tables_comes_back_by_its_number(yard: Yard, db: Connection) -> None:
    fill(db, 60)
    db.execute("INSERT INTO events VALUES (1, '2025-03-10 00:00+00', NULL)")
    before = digests(db)
    yard("run")
    assert "would bring 60 rows back" in yard("restore", "orders", "--dry-run").stdout
    assert "brought back from orders_archive" in yard("restore", "orders").stdout
    assert counts(db) == [60, 60, 60]
    assert digests(db) == before
    assert_whole(db)
    assert "attached to events" in yard("restore", "events", "events_2025_03").stdout
    assert one(db, "SELECT count(*) FROM events") == 1
    refused = yard("restore", "events", "events_2025_03", code=4).stderr
    assert "not in events_cold any more" in refused


@pytest.mark.parametrize("arguments", [("--rows-per-second", "0"), ("--grace", "soon"), ("--limit", "0")])
def test_what_cannot_be_meant_is_a_wrong_word(yard: Yard, arguments: tuple[str, ...]) -> None:
    assert "Traceback" not in yard("run", *arguments, code=2).stderr
