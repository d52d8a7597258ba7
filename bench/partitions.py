"""Maintenance of partitions beside pg_partman 4.7, pg-partsmith 1.10 and plain DDL, on PostgreSQL 15.

    python bench/partitions.py             about ten minutes
    python bench/partitions.py --quick     one run with fewer rows

1. The same twelve creations and seven expiries while clients work, under no, 1.5 s and 6 s long transactions.
2. 120 and 1,000 partitions made, and the locks held meanwhile.
3. A million rows found in a DEFAULT partition.

Needs Debian's postgresql-15 and postgresql-15-partman. Ends with 1 when an aim is not met.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from airside.server import ephemeral, find
from partitions_lib import blocking, scale, strayed

BIN = Path("/usr/lib/postgresql/15/bin")
SETTINGS = {
    "fsync": "on",
    "full_page_writes": "on",
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    "autovacuum": "off",
}
PARTS = ("blocking", "scale", "default")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3, help="runs of the first part; medians are shown")
    parser.add_argument("--quick", action="store_true", help="one run with fewer rows and partitions")
    parser.add_argument("--only", choices=PARTS, help="one of the parts")
    asked = parser.parse_args()
    if not (BIN / "initdb").is_file():
        print(f"there is no PostgreSQL 15 in {BIN}", file=sys.stderr)
        return 3
    began = time.monotonic()
    aims: list[tuple[str, bool]] = []
    with ephemeral(find({"AIRSIDE_PG_BIN": str(BIN)}), settings=SETTINGS) as server:
        print(f"PostgreSQL {find({'AIRSIDE_PG_BIN': str(BIN)}).version}, fsync on\n")
        if asked.only in (None, "blocking"):
            conditions = tuple(blocking.CONDITIONS)
            found = blocking.measure(
                server, 1 if asked.quick else asked.repeat, 48_000 if asked.quick else 480_000, conditions, say
            )
            show("12 partitions made, 7 ended, 24 present: medians", blocking.rows(found, conditions))
            for name in sorted({error for outcome in found.values() for error in outcome.errors}):
                print(f"  {name}")
            aims += blocking.aims(found, conditions)
        if asked.only in (None, "scale"):
            made = scale.measure(server, (120,) if asked.quick else (120, 1000), say)
            show("partitions made at once", scale.rows(made))
            aims += scale.aims(made)
        if asked.only in (None, "default"):
            moved = strayed.measure(server, 50_000 if asked.quick else 1_000_000, say)
            show("rows found in a DEFAULT partition", strayed.rows(moved))
            aims += strayed.aims(moved)
    print(f"\naims ({time.monotonic() - began:.0f} s)")
    for text, met in aims:
        print(f"  {'met    ' if met else 'NOT MET'}  {text}")
    return int(not all(met for _, met in aims))


def say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def show(title: str, rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print(f"\n{title}")
    for row in rows:
        first, *others = zip(row, widths, strict=True)
        cells = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        print("  " + "  ".join(cells).rstrip(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
