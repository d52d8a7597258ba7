"""Archives a partition and brings it back, over and over, until it is killed: `archive_cycle.py URL DATABASE FOLDER`.

Each step looks at what is there, and does what is next. A line on stdout says when the work begins.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from datetime import timedelta

import psycopg
from airside.partitions.archive.drop import drop_archived
from airside.partitions.archive.export import export_leaf
from airside.partitions.archive.ledger import archives
from airside.partitions.archive.restore import restore
from airside.partitions.archive.source import Source, session
from airside.partitions.archive.verify import located
from airside.partitions.state import read_ladders
from airside.schema.core import Database
from airside.schema.core.errors import AirsideError
from airside.schema.core.locks import LockBudget
from airside.schema.core.patience import Patience
from airside.server import Server, resolve
from sqlalchemy import MetaData

LEAF = "zoo_2024_01"


def step(server: Server, database: Database, folder: str) -> None:
    """The next thing to be done with the partition."""
    patience = Patience(LockBudget(timeout=0.5, deadline=20))
    with session(server, database) as connection:
        (ladder,) = [ladder for ladder in read_ladders(connection, database) if ladder.table == "zoo"]
        leaf = next((leaf for leaf in ladder.leaves if leaf.name == LEAF), None)
        row = connection.execute("SELECT to_regclass(%s)::oid::bigint", [f"public.{LEAF}"]).fetchone()
        oid = row[0] if row else None
        dropped = archives(connection, states=("dropped",))
        if leaf is None and oid is not None and not any(line.details.get("restored_oid") == oid for line in dropped):
            source = Source("public", "zoo", "public", LEAF, oid, *_bounds(connection, oid), key="created_at")
        elif leaf is not None:
            source = Source.of(ladder, leaf)
        else:
            source = None
    if source is None:
        line = dropped[-1]
        restore(server, database, *located(line.location), patience=patience, sha256=line.manifest_sha256)
        return
    archive = export_leaf(server, database, source, folder, patience=patience, grace=timedelta(0))
    if leaf is not None:
        # the other run may have detached it, or dropped it
        with session(server, database) as connection, suppress(psycopg.errors.UndefinedTable):
            connection.execute(f"ALTER TABLE public.zoo DETACH PARTITION public.{LEAF}")  # type: ignore[arg-type]
    else:
        drop_archived(server, database, archive, patience=patience)


def _bounds(connection: psycopg.Connection[object], oid: int) -> tuple[object, object]:
    line = [line for line in archives(connection) if line.leaf == LEAF][-1]
    return line.lower_bound, line.upper_bound


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(url: str, name: str, folder: str) -> None:
    server, database = resolve(url), Database(name, metadata=MetaData())
    say("begins")
    while True:
        try:
            step(server, database, folder)
            say("done")
        except (AirsideError, psycopg.Error) as error:
            # two at once get into each other's way
            say(f"{type(error).__name__}: {' '.join(str(error).split())}")
            time.sleep(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
