"""Bookings generated on the server against a binary COPY of the very same rows, into the same tables.

    python bench/seeds.py --rows 1000000

Both write into one database as its owner, with every index, constraint and trigger on; one after the other, the tables
emptied in between. Before COPY the rows lie ready in files. Ends with 1 when fewer than half as many rows a second are
generated as copied, when the rows differ, or when memory grows with their number.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from airside.cli.provision import provision_entry
from airside.cli.seeding.ladder import provide_span
from airside.schema.core.database import Database
from airside.schema.core.registry import load_registry
from airside.seeds.generated.digest import Digest, digests
from airside.seeds.generated.flight_services import system
from airside.seeds.generated.generate import Batch, generate
from airside.seeds.generated.reset import reset
from airside.seeds.generated.run import Run
from airside.seeds.owner import as_owner
from airside.server import Server, ephemeral
from psycopg import sql

DATABASE = "booking_service_db"
TABLES = ("bookings", "booking_passengers", "booking_flights", "booking_ancillaries", "booking_audit_log")
SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "4GB"}
CHUNK = 1 << 20
ENOUGH = 0.5
LARGEST_GROWTH = 64 * 1024
"""How many KiB the processes may grow by, from the first twentieth of the rows to the last."""


@dataclass
class Memory:
    """The largest seen in KiB, early and at the end: of this process, and what the backend has to itself."""

    early: dict[str, int] = field(default_factory=dict[str, int])
    late: dict[str, int] = field(default_factory=dict[str, int])

    def look(self, backend: int | None, *, early: bool) -> None:
        seen = {"client": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}
        if backend is not None:
            seen["backend"] = _anonymous(backend)
        kept = self.early if early else self.late
        for name, size in seen.items():
            kept[name] = max(kept.get(name, 0), size)

    def growth(self) -> int:
        return max((size - self.early[name] for name, size in self.late.items() if name in self.early), default=0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="bookings to make (1,000,000)")
    bookings: int = parser.parse_args().rows
    entry = next(entry for entry in load_registry().entries if entry.name == DATABASE)
    with ephemeral(settings=SETTINGS) as server, tempfile.TemporaryDirectory() as folder:
        provision_entry(server, entry, "development")
        database = entry.load()
        until = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        run = Run(-(-bookings // 3), 1, until - timedelta(days=365), until)
        provide_span(server, database, run.since, run.until, system.horizon_days[DATABASE])
        memory = Memory()
        generated = generate_rows(server, database, run, memory)
        made = digests(server, database, system, run)
        export(server, database, Path(folder))
        reset(server, database)
        copied = copy_rows(server, database, Path(folder))
        return report(made, digests(server, database, system, run), generated, copied, memory)


def generate_rows(server: Server, database: Database, run: Run, memory: Memory) -> float:
    """Seconds to generate all rows."""
    _checkpoint(server)
    backend: list[int | None] = []
    told = 0.0

    def observe(batch: Batch) -> None:
        nonlocal told
        if not backend:
            backend.append(_backend(server))
        memory.look(backend[0], early=batch.done * 20 <= batch.total)
        if time.monotonic() - told > 10:
            told = time.monotonic()
            print(f"  generating: {batch.done:,} of {batch.total:,} bookings", file=sys.stderr, flush=True)

    began = time.perf_counter()
    done = generate(server, database, system, run, observer=observe, stop=threading.Event())
    seconds = time.perf_counter() - began
    assert done.complete
    return seconds


def export(server: Server, database: Database, folder: Path) -> None:
    """The rows as binary COPY writes them, one file a table."""
    with as_owner(server, database) as connection, connection.cursor() as cursor:
        for table in TABLES:
            statement = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT (FORMAT BINARY)").format(sql.Identifier(table))
            with (folder / table).open("wb") as file, cursor.copy(statement) as copy:
                for chunk in copy:
                    file.write(chunk)


def copy_rows(server: Server, database: Database, folder: Path) -> float:
    """Seconds to copy all rows, a transaction for each table."""
    _checkpoint(server)
    began = time.perf_counter()
    with as_owner(server, database) as connection, connection.cursor() as cursor:
        connection.execute("SET synchronous_commit = off")
        for table in TABLES:
            statement = sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(sql.Identifier(table))
            with (folder / table).open("rb") as file, cursor.copy(statement) as copy:
                while chunk := file.read(CHUNK):
                    copy.write(chunk)
            print(f"  copied: {table}", file=sys.stderr, flush=True)
    return time.perf_counter() - began


def report(made: Sequence[Digest], again: Sequence[Digest], generated: float, copied: float, memory: Memory) -> int:
    rows = sum(digest.rows for digest in made)
    ratio = copied / generated
    equal = tuple(made) == tuple(again)
    for digest in made:
        if digest.rows:
            print(f"{digest.table:24} {digest.rows:>12,} rows")
    print(f"{'generated':24} {generated:>12.1f} s  {rows / generated:>10,.0f} rows/s")
    print(f"{'binary COPY':24} {copied:>12.1f} s  {rows / copied:>10,.0f} rows/s")
    print(f"{'generated / COPY':24} {ratio:>12.2f}    (at least {ENOUGH})")
    print(f"{'same rows':24} {'yes' if equal else 'NO':>12}")
    for name, size in memory.late.items():
        print(f"{'memory of the ' + name:24} {size / 1024:>12.1f} MiB, early on {memory.early.get(name, 0) / 1024:.1f}")
    flat = memory.growth() <= LARGEST_GROWTH
    return 0 if equal and flat and ratio >= ENOUGH else 1


def _checkpoint(server: Server) -> None:
    # neither side is to pay for what the other left dirty
    with server.connect(autocommit=True) as connection:
        connection.execute("CHECKPOINT")


def _backend(server: Server) -> int | None:
    """The process of the seeding connection, where processes can be looked into."""
    with server.connect(autocommit=True) as connection:
        row = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'airside seeds' AND datname = %s", [DATABASE]
        ).fetchone()
    return row[0] if row and Path(f"/proc/{row[0]}/status").exists() else None


def _anonymous(process: int) -> int:
    """Memory that is not shared with other processes, in KiB."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
