"""What keeps `airside archive` from ending rows too early, from stopping halfway, and from calling nothing whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from psycopg import sql

from ..integration.declared import Connection, one
from .test_archive import Yard, db, template, yard  # noqa: F401 - fixtures

AHEAD = """
import sys
from datetime import timedelta
from airside.partitions import run
asked = run.server_time
run.server_time = lambda connection: asked(connection) + timedelta(days=400)
from airside.cli import main
sys.exit(main())
"""


@pytest.mark.parametrize("command", ["plan", "run"])
def test_nothing_ends_by_a_clock_that_differs(yard: Yard, db: Connection, command: str) -> None:  # noqa: F811
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


def test_a_partition_that_postgresql_refuses_stops_no_other(yard: Yard, db: Connection) -> None:  # noqa: F811
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
def test_a_table_that_is_not_declared_is_a_wrong_word(yard: Yard, command: str) -> None:  # noqa: F811
    assert "no table 'evnts' is declared" in yard(command, "--table", "evnts", code=2).stderr


@pytest.mark.parametrize("command", ["list", "verify"])
def test_a_folder_that_is_not_there_is_not_whole(yard: Yard, tmp_path: Path, command: str) -> None:  # noqa: F811
    done = yard.airside("archive", command, str(tmp_path / "nowhere"), cwd=yard.folder, code=2)
    assert "there is no such folder" in done.stderr
