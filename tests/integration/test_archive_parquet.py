"""A partition to a Parquet file and back: every type, awkward values, and nothing changed on the way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from airside.partitions.archive.drop import drop_archived
from airside.partitions.archive.export import export_leaf
from airside.partitions.archive.restore import restore
from airside.partitions.archive.source import session
from airside.partitions.archive.verify import located, verify
from airside.schema.core import Database
from airside.server import Server

from .archive_ground import detach, ground, holds, patience, source

NOW = timedelta(0)


@pytest.fixture
def zoo(server: Server, database: str):
    with ground(server, database) as made:
        yield made


def test_every_type_there_and_back(server: Server, zoo: Database, tmp_path: Path) -> None:
    before = holds(server, zoo)
    leaf = source(server, zoo)
    archive = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    assert (archive.state, archive.row_count, archive.digest) == ("verified", before.rows, before.digest)
    store, name = located(archive.location)
    assert verify(store, name, sha256=archive.manifest_sha256).problems == ()

    detach(server, zoo, leaf)
    again = export_leaf(server, zoo, leaf, str(tmp_path), patience=patience(), grace=NOW)
    assert again.id == archive.id
    drop_archived(server, zoo, again, patience=patience())
    done = restore(server, zoo, store, name, patience=patience(), sha256=archive.manifest_sha256)
    assert (done.attached_to, done.rows, done.again) == ("zoo", before.rows, False)
    assert holds(server, zoo) == before
    assert restore(server, zoo, store, name, patience=patience()).again
    beside = restore(server, zoo, store, name, patience=patience(), as_table=("public", "zoo_copy"))
    assert beside.attached_to is None
    with session(server, zoo) as connection:
        assert connection.execute(
            "SELECT count(*) FROM (SELECT * FROM public.zoo_copy AS a WHERE NOT EXISTS"
            " (SELECT FROM public.zoo_2024_01 AS b WHERE a::text = b::text)) AS missing"
        ).fetchone() == (0,)
