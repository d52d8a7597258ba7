"""Archives rows and a partition to archive tables and brings them back until it is killed.

`tables_cycle.py URL DATABASE ROOT`. Each step looks at what is there, and does what is next. A line on stdout says when
the work begins.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import psycopg
from airside.partitions.archive.back import restore_from_tables
from airside.partitions.archive.due import due_leaves, due_rows, row_rules
from airside.partitions.archive.files import closure_lease
from airside.partitions.archive.leaves import move_leaf, prove_moves, still_there
from airside.partitions.archive.ledger import archives
from airside.partitions.archive.rows import RowRun, handle_rows
from airside.partitions.archive.session import archiver
from airside.schema.core import Database
from airside.schema.core.errors import AirsideError, Refused
from airside.schema.core.locks import LockBudget
from airside.schema.core.patience import Patience
from airside.server import Server, resolve

sys.path.insert(0, sys.argv[3] if len(sys.argv) > 3 else ".")
from tests.integration.archive_sample import database as declared
from tests.integration.archiving import NOW, Named

LEAF = "events_2025_03"


def patience() -> Patience:
    return Patience(LockBudget(timeout=0.5, deadline=20))


def step(server: Server, database: Database) -> None:
    """Rows, or the partition: away where they are here, back where they are not."""
    if random.random() < 0.3:
        partition(server, database)
        return
    with archiver(server, database) as connection:
        [rule] = row_rules(database, only="orders")
        due = due_rows(connection, database, rule, NOW)
        if due.count.rows:
            handle_rows(connection, database, due, RowRun(patience=patience(), batch=40))
            return
    rows_back(server, database)


def rows_back(server: Server, database: Database) -> None:
    """What runs moved, the last one first; of one that a kill has stopped on its way back, what is left."""
    with archiver(server, database) as connection:
        lines = [line for line in archives(connection, states=("verified",)) if line.details.get("rows")]
    for line in sorted(lines, key=lambda line: -line.id):
        with suppress(Refused):
            restore_from_tables(server, database, line, patience=patience())
            return


def partition(server: Server, database: Database) -> None:
    with archiver(server, database) as connection:
        found = next((due for due in due_leaves(connection, database, NOW) if due.leaf.name == LEAF), None)
        if found is not None:
            with closure_lease(connection, database, found.ladder.oid, patience()):
                if still_there(connection, found):
                    move_leaf(connection, found, patience())
            prove_moves(connection)
            return
        lines = [line for line in archives(connection, states=("verified",)) if line.leaf == LEAF]
    if lines:
        last = max(lines, key=lambda line: line.id)
        restore_from_tables(server, database, last, patience=patience(), hold=timedelta(0))


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def cycle(server: Server, database: Database, tell: Callable[[str], None]) -> None:
    """One step after the other, for ever."""
    tell("begins")
    while True:
        try:
            step(server, database)
            tell("done")
        except (AirsideError, psycopg.Error) as error:
            # two at once get into each other's way
            tell(f"{type(error).__name__}: {' '.join(str(error).split())}")
            time.sleep(0.05)


def main(url: str, name: str) -> None:
    cycle(resolve(url), Named(declared, name), say)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
