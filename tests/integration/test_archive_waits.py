"""Archiving waits for others only so long, and the grace period is a whole one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from airside.partitions.archive.files import Files
from airside.partitions.archive.ledger import archives
from airside.partitions.archive.second import Second
from airside.partitions.archive.source import session
from airside.schema.core import Database
from airside.schema.core.errors import LockNotAcquired
from airside.schema.core.locks import LockBudget
from airside.schema.core.patience import Patience
from airside.server import Server

from .archive_ground import patience
from .test_archive_second import cold, count, due, send, zoo  # noqa: F401 - fixtures


@pytest.fixture
def changed(server: Server, zoo: Database, cold: str) -> tuple[Database, str]:  # noqa: F811
    """One partition is in the second database, and the table has got a column since."""
    send(server, zoo, cold)
    with server.connect(zoo.name, autocommit=True) as connection:
        connection.execute("ALTER TABLE public.zoo ADD COLUMN keeper text")
    return zoo, cold


def test_a_reader_of_old_and_new_rows_is_not_queued_behind(server: Server, changed: tuple[Database, str]) -> None:
    """The view has to show the new column; whoever reads it for long keeps nobody else from reading."""
    declared, url = changed
    short = Patience(LockBudget(timeout=0.05, deadline=0.5))
    with server.connect(declared.name) as reader:
        reader.execute("SELECT count(*) FROM airside.zoo_all")
        hurried = Second(server, declared, url, timedelta(0), short)
        leaf = due(server, declared, "zoo_2024_02")
        with session(server, declared) as connection, pytest.raises(LockNotAcquired):
            hurried.archive(connection, leaf)
        assert count(server, declared, "airside.zoo_all") >= 0
    send(server, declared, url, "zoo_2024_02")
    assert count(server, declared, "airside.zoo_all WHERE keeper IS NULL") == count(server, declared, "airside.zoo_all")


def test_the_grace_begins_with_the_detach(
    server: Server,
    zoo: Database,  # noqa: F811
    tmp_path: Path,
) -> None:
    """A run proved the file and did not get the lock to detach; the next one comes when that grace is long over."""
    files = Files(server, zoo, str(tmp_path), timedelta(days=7), patience())
    with session(server, zoo) as connection:
        with server.connect(zoo.name) as reader:
            reader.execute("SELECT count(*) FROM public.zoo")
            reader.execute("LOCK TABLE public.zoo IN ACCESS SHARE MODE")
            reader.execute("LOCK TABLE public.zoo_2024_01 IN SHARE UPDATE EXCLUSIVE MODE")
            short = Patience(LockBudget(timeout=0.05, deadline=0.5))
            hurried = Files(server, zoo, str(tmp_path), timedelta(days=7), short)
            with pytest.raises(LockNotAcquired):
                hurried.archive(connection, due(server, zoo))
        connection.execute("UPDATE airside.archives SET grace_until = now() - interval '1 day'")
        line = files.archive(connection, due(server, zoo))
        assert [found.id for found in archives(connection)] == [line.id]
    assert line.grace_until is not None
    assert line.grace_until > datetime.now(UTC) + timedelta(days=6)
