"""What keeps `airside archive` from ending rows too early, from stopping halfway, and from calling nothing whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from airside.partitions.archive.fence import fence_attached
from airside.partitions.archive.source import Source, session
from airside.partitions.state import read_ladders
from airside.schema.core import Database
from airside.schema.core.patience import Patience
from airside.schema.core.registry import load_registry
from psycopg import sql

from ..integration.declared import Connection, one
from .yard import Yard, keep_months

AHEAD = """
import sys
from datetime import timedelta
from airside.partitions import run
asked = run.server_time
run.server_time = lambda connection: asked(connection) + timedelta(days=400)
from airside.cli import main
sys.exit(main())
"""


def declared_database(yard: Yard) -> Database:
    return load_registry(yard.folder).one(yard.name).load()


@pytest.mark.parametrize("command", ["plan", "run"])
def test_nothing_ends_by_a_clock_that_differs(yard: Yard, db: Connection, command: str) -> None:
    db.execute("INSERT INTO people (id, name, left_on) VALUES (1, 'Ada', '2020-01-01')")
    done = subprocess.run(
        [sys.executable, "-c", AHEAD, "archive", command, yard.name],
        cwd=yard.folder,
        env=yard.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "the server's clock says" in done.stderr
    assert one(db, "SELECT name FROM people") == "Ada"


def test_a_partition_that_postgresql_refuses_stops_no_other(yard: Yard, db: Connection) -> None:
    """Somebody else's: the owner may not change it."""
    db.execute("INSERT INTO events VALUES (1, '2025-03-10 00:00+00', NULL), (2, '2025-04-10 00:00+00', NULL)")
    me = sql.Identifier(str(one(db, "SELECT current_user")))
    db.execute(sql.SQL("ALTER TABLE events_2025_03 OWNER TO {}").format(me))
    done = {item["partition"]: item for item in yard.document("run", "--table", "events", code=3)["partitions"]}
    assert done["events_2025_03"]["skipped"] is not None
    assert done["events_2025_04"]["rows"] == 1
    assert one(db, "SELECT array_agg(id) FROM events") == [1]
    assert one(db, "SELECT array_agg(id) FROM events_cold") == [2]


@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_table_that_is_not_declared_is_a_wrong_word(yard: Yard, command: str) -> None:
    assert "no table 'evnts' is declared" in yard(command, "--table", "evnts", code=2).stderr


@pytest.mark.parametrize("command", ["list", "verify"])
def test_a_folder_that_is_not_there_is_not_whole(yard: Yard, tmp_path: Path, command: str) -> None:
    done = yard.airside("archive", command, str(tmp_path / "nowhere"), cwd=yard.folder, code=2)
    assert "there is no such folder" in done.stderr


@pytest.mark.parametrize(
    ("to", "code", "said"),
    [
        ("ftp9://host/archive", 2, "ftp9"),
        ("/nowhere/deeper", 2, "there is no such folder, nor the one that it would be in"),
        ("/etc/hostname", 3, "is no folder"),
        # not even root may
        ("/proc/archive", 3, "cannot be written"),
        ("postgresql://127.0.0.1:1/cold", 3, "127.0.0.1"),
    ],
)
def test_a_destination_is_looked_at_before_anything(
    yard: Yard,
    db: Connection,
    to: str,
    code: int,
    said: str,
) -> None:
    """Also where no partition is due; rows that are due stay as well."""
    db.execute("INSERT INTO people (id, name, left_on) VALUES (1, 'Ada', '2020-01-01')")
    for more in ((), ("--dry-run",)):
        done = yard("run", "--to", to, *more, code=code)
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    assert one(db, "SELECT name FROM people") == "Ada"


def test_a_folder_that_can_be_made_is_made(yard: Yard, db: Connection, tmp_path: Path) -> None:
    db.execute("INSERT INTO readings VALUES (1, '2025-03-02 00:00+00', 1)")
    keep_months(db, "readings", "2025_03", "2025_04")
    place = tmp_path / "new"
    yard("run", "--table", "readings", "--to", str(place), "--dry-run")
    assert list(tmp_path.iterdir()) == []
    yard("run", "--table", "readings", "--to", str(place))
    assert list(place.rglob("readings_2025_03.*.parquet"))


def test_a_dry_run_says_what_this_run_would_do(yard: Yard, db: Connection, tmp_path: Path) -> None:
    db.execute("INSERT INTO readings VALUES (1, '2025-03-02 00:00+00', 1)")
    keep_months(db, "readings", "2025_03", "2025_04")
    words = ("run", "--table", "readings", "--dry-run")
    unsaid = {item["partition"]: item for item in yard.document(*words)["partitions"]}["readings_2025_03"]
    assert "say where to with --to" in unsaid["skipped"]
    said = {item["partition"]: item for item in yard.document(*words, "--to", str(tmp_path))["partitions"]}
    assert (said["readings_2025_03"]["skipped"], said["readings_2025_03"]["destination"]) == (None, str(tmp_path))
    yard("run", "--table", "readings", "--to", str(tmp_path), "--grace", "0")
    planned = yard.document(*words, "--to", str(tmp_path))
    assert planned["partitions"] == []
    over = {item["partition"]: item["rows"] for item in planned["dropped"]}
    assert over["readings_2025_03"] == 1
    assert "drop it here: its grace period is over" in yard(*words).stdout
    assert one(db, "SELECT count(*) FROM readings_2025_03") == 1
    done = yard.document("run", "--table", "readings")["partitions"]
    assert {item["partition"] for item in done if item.get("dropped")} == set(over)


def test_a_partition_that_a_killed_move_left_closed_is_shown_and_opened(yard: Yard, db: Connection) -> None:
    """By any run on its table, wherever that archives to."""
    declared = declared_database(yard)
    of = next(
        Source.of(ladder, leaf)
        for ladder in read_ladders(db, declared)
        for leaf in ladder.leaves
        if leaf.name == "readings_2025_03"
    )
    with session(yard.server, declared) as connection:
        fence_attached(connection, of, Patience())
    for command in ("plan", "list"):
        said = yard(command).stderr
        assert "readings_2025_03 of readings takes no writes" in said
        assert f"airside archive run {yard.name}" in said
        assert "--table readings" in said
    seen = yard.airside("partitions", "status", yard.name, cwd=yard.folder, code=None).stdout
    assert "readings_2025_03 takes no writes" in seen
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
        db.execute("INSERT INTO readings VALUES (1, '2025-03-02 00:00+00', 1)")
    assert yard.document("run", "--dry-run")["closed"] == [{"table": "readings", "partition": "readings_2025_03"}]
    yard("run", "--table", "people")
    assert "takes no writes" in yard("plan").stderr
    assert "readings_2025_03: takes writes again" in yard("run", "--table", "readings").stdout
    assert "takes no writes" not in yard("plan").stderr
    db.execute("INSERT INTO readings VALUES (1, '2025-03-02 00:00+00', 1)")


def test_a_partition_that_changed_after_its_fence_was_taken_down_is_archived_anew(
    yard: Yard,
    db: Connection,
    tmp_path: Path,
) -> None:
    db.execute("INSERT INTO readings VALUES (1, '2025-03-02 00:00+00', 1)")
    keep_months(db, "readings", "2025_03", "2025_04")
    words = ("run", "--table", "readings", "--to", str(tmp_path), "--grace", "0")
    yard(*words)
    db.execute("ALTER TABLE readings_2025_03 DROP CONSTRAINT airside_archived")
    db.execute("INSERT INTO readings_2025_03 VALUES (2, '2025-03-03 00:00+00', 1)")
    assert "rows came or changed after it was archived" in yard(*words, code=4).stdout
    assert one(db, "SELECT count(*) FROM readings_2025_03") == 2
    for _ in ("archived anew", "and dropped, as its grace is over"):
        yard(*words)
    assert one(db, "SELECT to_regclass('readings_2025_03') IS NULL")
    assert "2 rows restored" in yard("restore", "readings", "2025-03").stdout
