"""Kill -9 at random moments of export, drop and restore, and two runs at once: every row is there exactly once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from airside.partitions.archive.ledger import archives
from airside.partitions.archive.source import Content, session
from airside.partitions.archive.verify import located, verify
from airside.partitions.state import read_ladders
from airside.schema.core import Database
from airside.server import Server

from .archive_cycle import LEAF, step
from .archive_ground import fill, ground, holds

pytestmark = pytest.mark.soak

CYCLE = Path(__file__).with_name("archive_cycle.py")


@pytest.fixture
def zoo(server: Server, database: str) -> Iterator[Database]:
    with ground(server, database, rows=3000) as made:
        yield made


def start(server: Server, zoo: Database, folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, str(CYCLE), server.url(zoo.name, show_password=True), zoo.name, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begins\n"
    return process


def quiet(server: Server, zoo: Database) -> None:
    """Wait until the server has noticed that its clients are gone."""
    with server.connect(zoo.name, autocommit=True) as connection:
        while connection.execute(
            "SELECT FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'",
            [zoo.name],
        ).rowcount:
            time.sleep(0.02)


def check(server: Server, zoo: Database, before: Content) -> str:
    """The rows are in the table or in a whole archive; where they are."""
    with session(server, zoo) as connection:
        row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{LEAF}"]).fetchone()
        lines = archives(connection, states=("dropped",))
        attached = [leaf.name for ladder in read_ladders(connection, zoo) for leaf in ladder.leaves]
    if row == (True,):
        assert holds(server, zoo, LEAF) == before
        return "attached" if LEAF in attached else "detached"
    line = lines[-1]
    assert (line.row_count, line.digest) == (before.rows, before.digest)
    assert verify(*located(line.location), sha256=line.manifest_sha256).problems == ()
    return "archived"


def settle(server: Server, zoo: Database, folder: Path) -> None:
    """Go on until the partition is back in its table."""
    for _ in range(6):
        with session(server, zoo) as connection:
            leaves = [leaf.name for ladder in read_ladders(connection, zoo) for leaf in ladder.leaves]
        if LEAF in leaves:
            return
        step(server, zoo, str(folder))
    pytest.fail("six steps did not bring it back")


def test_killed_at_any_moment(server: Server, zoo: Database, tmp_path: Path, rounds: int) -> None:
    before = holds(server, zoo)
    seen: set[str] = set()
    for _ in range(rounds):
        process = start(server, zoo, tmp_path)
        time.sleep(random.uniform(0, 1.2))
        process.kill()
        process.wait()
        quiet(server, zoo)
        seen.add(check(server, zoo, before))
    settle(server, zoo, tmp_path)
    assert holds(server, zoo) == before
    # and takes rows again
    fill(server, zoo, 1)
    # a few kills may well come at one place
    assert len(seen) > 1 or rounds < 100, "every kill came at the same place"
    assert not [path for path in tmp_path.rglob("*.tmp") if not path.name.startswith(LEAF)]


def test_two_at_once(server: Server, zoo: Database, tmp_path: Path, rounds: int) -> None:
    before = holds(server, zoo)
    both = [start(server, zoo, tmp_path) for _ in range(2)]
    time.sleep(4 if rounds < 100 else 60)
    for process in both:
        process.kill()
    said = [process.communicate()[0] for process in both]
    quiet(server, zoo)
    check(server, zoo, before)
    settle(server, zoo, tmp_path)
    assert holds(server, zoo) == before
    # and takes rows again
    fill(server, zoo, 1)
    assert sum(text.count("done\n") for text in said) > 3, said
    # they get into each other's way, and are told so
    errors = {line.partition(":")[0] for text in said for line in text.splitlines()} - {"done"}
    assert errors <= {"Refused", "LockNotAcquired"}, said
