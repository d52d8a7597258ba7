"""The archive against the naive way, in one run: `python bench/archive.py [rows] [leaves] --rows 2000000`.

rows    Rows with children into archive tables: the declared function in batches, against INSERT ... SELECT and
        DELETE in one transaction. Aim: at least 0.7 of its rows a second.
leaves  Whole partitions into an archive table. Aim: under 20 ms each.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from airside.server import ephemeral

sys.path.insert(0, str(Path(__file__).parent))

from archive_lib import leaves, rows

PARTS = ("rows", "leaves")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=PARTS, help="which parts, default all")
    parser.add_argument("--rows", type=int, default=2_000_000, help="rows in all, children included")
    parser.add_argument("--batch", type=int, default=10_000, help="bookings a transaction")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}")
    with ephemeral() as server:
        if "rows" in given.parts:
            print(f"\n{given.rows:,} rows: bookings with a passenger, a flight and an extra each")
            for found in rows.measure(server, given.rows, given.batch):
                print("  " + ", ".join(f"{key}: {value}" for key, value in found.items()))
        if "leaves" in given.parts:
            print(f"\n{given.rows:,} rows in {leaves.MONTHS} partitions")
            print("  " + ", ".join(f"{key}: {value}" for key, value in leaves.measure(server, given.rows).items()))


if __name__ == "__main__":
    main()
