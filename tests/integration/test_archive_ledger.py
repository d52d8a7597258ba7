"""The ledger of archives: who may go from which state to which, two at once, and what never gets into it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from airside.partitions.archive.ledger import (
    NewArchive,
    advance,
    archives,
    ensure_archives,
    record,
    verified_archive,
    without_credentials,
)
from airside.schema.core.errors import Refused
from airside.server import Server


def new(leaf_oid: int = 4711, **more: object) -> NewArchive:
    given: dict[str, object] = {
        "schema": "public",
        "table": "bookings",
        "leaf": "bookings_2024",
        "leaf_oid": leaf_oid,
        "target": "parquet",
        "location": "s3://bucket/archive",
        "rows": 3,
        "lower": datetime(2024, 1, 1, tzinfo=UTC),
    }
    return NewArchive(**{**given, **more})  # type: ignore[arg-type]


def test_a_life_of_an_archive(server: Server, database: str) -> None:
    with server.connect(database, autocommit=True) as connection:
        assert archives(connection) == ()
        ensure_archives(connection)
        ensure_archives(connection)
        number = record(connection, new())
        assert verified_archive(connection, 4711) is None
        with pytest.raises(Refused, match="has an archive already"):
            record(connection, new())
        advance(connection, number, "verified", details={"seconds": 2})
        found = verified_archive(connection, 4711)
        assert found is not None
        assert (found.lower_bound, found.details) == (datetime(2024, 1, 1, tzinfo=UTC), {"seconds": 2})
        advance(connection, number, "dropped")
        with pytest.raises(Refused, match="cannot become dropped"):
            advance(connection, number, "dropped")
        assert verified_archive(connection, 4711) is None
        # the oid of a dropped table may be given to another one
        record(connection, new())
        assert [line.state for line in archives(connection, table=("public", "bookings"))] == ["dropped", "copied"]
        assert archives(connection, table=("public", "users")) == ()


def test_made_by_many_at_once_is_made_once(server: Server, database: str) -> None:
    def make(number: int) -> None:
        with server.connect(database, autocommit=True) as connection:
            ensure_archives(connection)
            record(connection, new(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(make, range(1, 9)))
    with server.connect(database, autocommit=True) as connection:
        assert len(archives(connection)) == 8


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("/srv/archive", "/srv/archive"),
        ("memory://archive/x", "memory://archive/x"),
        ("postgresql://me:secret@host:5432/db?sslmode=require", "postgresql://host:5432/db?sslmode=require"),
        ("postgresql://me@host/db", "postgresql://me@host/db"),
        ("postgresql:///db?host=/run&password=secret", "postgresql:///db?host=%2Frun"),
        ("s3://bucket/path?X-Amz-Signature=secret", "s3://bucket/path"),
    ],
)
def test_credentials_stay_out(given: str, shown: str) -> None:
    assert without_credentials(given) == shown
