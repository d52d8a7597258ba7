"""Archiving to Parquet against a plain export of the same rows by ADBC, and what a restore takes.

    python bench/archive_parquet.py [ROWS] [RUNS]

Each side runs in a process of its own, in turn, so that its peak memory is its own and a busy moment hits both.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from airside.partitions.archive.columns import read_columns
from airside.partitions.archive.source import Content, Source, content, session
from airside.partitions.state import read_ladders
from airside.schema.core import Database
from airside.schema.core.patience import Patience
from airside.server import Server, ephemeral
from psycopg import sql
from sqlalchemy import MetaData

HERE = Path(__file__).parent
NAME = "bench_archive"
LEAF = "bookings_2024"
DATABASE = Database(NAME, metadata=MetaData())


def prepare(server: Server, rows: int) -> None:
    """Two million rows, 25 columns, a key and three indexes, in one partition."""
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(DATABASE.roles.owner)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(NAME), sql.Identifier(DATABASE.roles.owner))
        )
    with session(server, DATABASE) as connection:
        connection.execute("SELECT set_config('bench.rows', %s, false)", [str(rows)])
        connection.execute((HERE / "archive_parquet.sql").read_text())  # type: ignore[arg-type]
        connection.commit()
    with server.connect(NAME, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def source(server: Server) -> Source:
    with session(server, DATABASE) as connection:
        (ladder,) = read_ladders(connection, DATABASE)
        return Source.of(ladder, ladder.leaves[0])


def held(server: Server) -> Content:
    with session(server, DATABASE) as connection:
        row = connection.execute("SELECT %s::regclass::oid::bigint", [f"public.{LEAF}"]).fetchone()
        assert row is not None
        return content(connection, sql.Identifier("public", LEAF), read_columns(connection, row[0]))


def plain(server: Server, folder: str) -> None:
    """ADBC's rows into a zstd Parquet file in row groups of 128 Ki, and nothing else."""
    import adbc_driver_postgresql.dbapi as dbapi
    import pyarrow as pa
    import pyarrow.parquet as pq

    with dbapi.connect(server.url(NAME, show_password=True)) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {LEAF}")
        reader = cursor.fetch_record_batch()
        # Parquet knows no wrapper around a numeric's text
        schema = pa.schema([
            (field.name, field.type.storage_type if isinstance(field.type, pa.OpaqueType) else field.type)
            for field in reader.schema
        ])  # fmt: skip
        with pq.ParquetWriter(f"{folder}/plain.parquet", schema, compression="zstd") as writer:
            waiting: list[Any] = []
            for batch in reader:
                columns = [
                    column.storage if isinstance(column.type, pa.OpaqueType) else column for column in batch.columns
                ]
                waiting.append(pa.record_batch(columns, schema=schema))
                if sum(item.num_rows for item in waiting) >= 131_072:
                    writer.write_table(pa.Table.from_batches(waiting).combine_chunks())
                    waiting = []
            if waiting:
                writer.write_table(pa.Table.from_batches(waiting).combine_chunks())


def ours(server: Server, folder: str) -> None:
    """Fenced, copied, read back, compared, recorded."""
    from airside.partitions.archive.export import export_leaf

    with session(server, DATABASE) as connection:
        if connection.execute("SELECT to_regclass('airside.archives') IS NOT NULL").fetchone() == (True,):
            connection.execute("DELETE FROM airside.archives")
    export_leaf(server, DATABASE, source(server), folder, patience=Patience(), grace=timedelta(0))


def back(server: Server, folder: str) -> None:
    """Detached, dropped when it holds what the archive holds, and restored as a partition."""
    from airside.partitions.archive.drop import drop_archived
    from airside.partitions.archive.ledger import archives
    from airside.partitions.archive.restore import restore
    from airside.partitions.archive.verify import located

    with session(server, DATABASE) as connection:
        connection.execute(f"ALTER TABLE public.bookings DETACH PARTITION public.{LEAF}")
        (line,) = archives(connection, states=("verified",))
    began = time.perf_counter()
    drop_archived(server, DATABASE, line, patience=Patience())
    dropped = time.perf_counter() - began
    restore(server, DATABASE, *located(line.location), patience=Patience(), sha256=line.manifest_sha256)
    Path(folder, "dropped").write_text(str(dropped))


def measured(work: Callable[[Server, str], None], server: Server, folder: str) -> tuple[float, int]:
    """Seconds, and peak memory in MB, of a piece of work in a process of its own."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_child, args=(work, server, folder, theirs))
    process.start()
    seconds, megabytes = mine.recv()
    process.join()
    return seconds, megabytes


def _child(work: Callable[[Server, str], None], server: Server, folder: str, answer: Any) -> None:
    began = time.perf_counter()
    work(server, folder)
    taken = time.perf_counter() - began
    answer.send((taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


def main(rows: int = 2_000_000, runs: int = 3) -> None:
    settings = {"shared_buffers": "1GB", "max_wal_size": "8GB", "fsync": "on"}
    with ephemeral(settings=settings) as server, tempfile.TemporaryDirectory() as folder:
        prepare(server, rows)
        before = held(server)
        taken: dict[str, list[tuple[float, int]]] = {"plain": [], "ours": []}
        for _ in range(runs):
            for name, work in (("plain", plain), ("ours", ours)):
                taken[name].append(measured(work, server, folder))
        restoring, memory = measured(back, server, folder)
        dropping = float(Path(folder, "dropped").read_text())
        medians = {name: statistics.median(seconds for seconds, _ in found) for name, found in taken.items()}
        print(
            json.dumps(
                {
                    "rows": before.rows,
                    "plain export, s": round(medians["plain"], 2),
                    "verified archive, s": round(medians["ours"], 2),
                    "ratio": round(medians["ours"] / medians["plain"], 2),
                    "peak memory, MB": max(megabytes for _, megabytes in taken["ours"]),
                    "peak memory of the plain export, MB": max(megabytes for _, megabytes in taken["plain"]),
                    "recheck and drop, s": round(dropping, 2),
                    "restore, s": round(restoring - dropping, 2),
                    "peak memory of the restore, MB": memory,
                    "digests equal": held(server) == before,
                },
                indent=2,
            )
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
