"""Partitions by UUIDv7 whose bounds are finer than a millisecond go to archives and come back with these bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from airside.partitions.archive.drop import drop_archived
from airside.partitions.archive.due import DueLeaf
from airside.partitions.archive.export import export_leaf
from airside.partitions.archive.restore import restore
from airside.partitions.archive.second import Second, bring_back
from airside.partitions.archive.source import Content, session
from airside.partitions.archive.verify import located
from airside.partitions.state import Ladder, read_ladders
from airside.schema.core import Database
from airside.server import Server

from .archive_ground import detach, holds, partition, patience
from .test_archive_second import cold, zoo  # noqa: F401 - fixtures

# 2024-01-01, 2024-02-01 and 2024-03-01: the smallest UUIDv7 of that millisecond, and one in the midst of it
CUTS = (
    "018cc251-f400-7000-8000-000000000000",
    "018d61f5-6c00-7abc-8000-000000000000",
    "018df6f2-5000-7000-8000-000000000000",
)
VISITS = f"""
CREATE TABLE public.visits (id uuid PRIMARY KEY, what text) PARTITION BY RANGE (id);
CREATE TABLE public.visits_2023 PARTITION OF public.visits FOR VALUES FROM (MINVALUE) TO ('{CUTS[0]}');
CREATE TABLE public.visits_2024_01 PARTITION OF public.visits FOR VALUES FROM ('{CUTS[0]}') TO ('{CUTS[1]}');
CREATE TABLE public.visits_2024_02 PARTITION OF public.visits FOR VALUES FROM ('{CUTS[1]}') TO ('{CUTS[2]}');
INSERT INTO public.visits VALUES ('{CUTS[0]}', 'first'), ('018d0000-0000-7000-8000-000000000001', 'midst'),
('018d61f5-6c00-7abb-bfff-ffffffffffff', 'last'), ('{CUTS[1]}', 'next');
"""


@pytest.fixture
def visits(server: Server, zoo: Database) -> Content:  # noqa: F811
    with session(server, zoo) as connection:
        connection.execute(VISITS.encode())
    return holds(server, zoo, "visits_2024_01")


def ladder(server: Server, zoo: Database) -> Ladder:  # noqa: F811
    with session(server, zoo) as connection:
        return next(found for found in read_ladders(connection, zoo) if found.table == "visits")


def bounds(server: Server, zoo: Database) -> list[str]:  # noqa: F811
    return sorted(leaf.bound for leaf in ladder(server, zoo).leaves)


def test_files(server: Server, zoo: Database, visits: Content, tmp_path: Path) -> None:  # noqa: F811
    before = bounds(server, zoo)
    with session(server, zoo) as connection:
        there = partition(connection, zoo, "visits_2024_01", "visits")
    detach(server, zoo, there)
    line = export_leaf(server, zoo, there, str(tmp_path), patience=patience(), grace=timedelta(0))
    drop_archived(server, zoo, line, patience=patience())
    restore(server, zoo, *located(line.location), patience=patience(), sha256=line.manifest_sha256)
    assert bounds(server, zoo) == before
    assert holds(server, zoo, "visits_2024_01") == visits


def test_a_second_database(server: Server, zoo: Database, visits: Content, cold: str) -> None:  # noqa: F811
    before = ladder(server, zoo)
    leaf = next(leaf for leaf in before.leaves if leaf.name == "visits_2024_01")
    with session(server, zoo) as connection:
        away = Second(server, zoo, cold, timedelta(0), patience())
        line = away.archive(connection, DueLeaf(before, leaf, datetime.now(UTC), None))
        seen = connection.execute("SELECT array_agg(what ORDER BY id) FROM airside.visits_all").fetchone()
    assert seen == (["first", "midst", "last", "next"],)
    drop_archived(server, zoo, line, patience=patience())
    bring_back(server, zoo, line, patience=patience())
    assert bounds(server, zoo) == sorted(found.bound for found in before.leaves)
    assert holds(server, zoo, "visits_2024_01") == visits
