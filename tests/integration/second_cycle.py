"""Sends a partition to a second database and back until it is killed: `second_cycle.py URL DATABASE COLD`.

Each step looks at what is there, and does what is next. A line on stdout says when the work begins.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
from airside.partitions.archive.drop import drop_archived
from airside.partitions.archive.due import DueLeaf
from airside.partitions.archive.ledger import archives
from airside.partitions.archive.second import Second, bring_back
from airside.partitions.archive.source import session
from airside.partitions.state import read_ladders
from airside.schema.core import Database
from airside.schema.core.errors import AirsideError
from airside.schema.core.locks import LockBudget
from airside.schema.core.patience import Patience
from airside.server import Server, resolve
from sqlalchemy import MetaData

LEAF = "zoo_2024_01"


def step(server: Server, database: Database, cold: str) -> None:
    """The next thing to be done with the partition."""
    patience = Patience(LockBudget(timeout=0.5, deadline=20))
    with session(server, database) as connection:
        (ladder,) = [ladder for ladder in read_ladders(connection, database) if ladder.table == "zoo"]
        leaf = next((leaf for leaf in ladder.leaves if leaf.name == LEAF), None)
        if leaf is not None:
            due = DueLeaf(ladder, leaf, datetime.now(UTC), None)
            Second(server, database, cold, timedelta(0), patience).archive(connection, due)
            return
        line = max(archives(connection, states=("verified", "dropped")), key=lambda line: line.id)
    if line.state == "verified" and random.random() < 0.5:
        drop_archived(server, database, line, patience=patience, url=cold)
    else:
        bring_back(server, database, line, patience=patience, url=cold)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def cycle(server: Server, database: Database, cold: str, tell: Callable[[str], None]) -> None:
    """One step after the other, for ever."""
    tell("begins")
    while True:
        try:
            step(server, database, cold)
            tell("done")
        except (AirsideError, psycopg.Error) as error:
            # two at once get into each other's way
            tell(f"{type(error).__name__}: {' '.join(str(error).split())}")
            time.sleep(0.05)


def main(url: str, name: str, cold: str) -> None:
    cycle(resolve(url), Database(name, metadata=MetaData()), cold, say)


if __name__ == "__main__":
    main(*sys.argv[1:])
