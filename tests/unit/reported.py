"""A run of the checks made by hand, for the tests of its formats."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from airside.cli.reports.run import Failure, Run
from airside.migrations.checks.effects import Lock
from airside.migrations.checks.model import Finding
from airside.migrations.checks.report import Allowed, CheckReport, Observed, Seen

ROOT = Path("/project")
FILE = "/project/migrations/shop_db/0003 tags.up.sql"
RETYPE = "ALTER TABLE notes\n        ALTER COLUMN id TYPE bigint"
DROP = "DROP TABLE `x`"

RETYPED = Finding(
    "type-change",
    f"{FILE}:12",
    "public.notes is rewritten | <nobody> reads it\nmeanwhile, 100 %",
    "add a column: fill it, swap",
    "error",
    "0003",
    RETYPE,
    relation="public.notes",
)
LATE = Finding("missing-lock-timeout", f"{FILE}:3", "no timeout", "SET a;\nSET b;", "warning", "0003", DROP, "seen so")
STYLE = Finding("type-style", f"{FILE}:3", "char(3)", "", "note", "0003", DROP)
BARE = Finding(
    "foreign-key-without-index", "shop.shop_db index i", "no index", "CREATE INDEX", "warning", relation="public.notes"
)
RENAMED = Finding("rename", f"{FILE}:20", "renamed", "", "error", "0003", "ALTER TABLE a RENAME TO b")

OBSERVED = (
    Observed("0002", "up", "/project/migrations/shop_db/0002.up.sql:1", "SELECT 1", (), 1.0),
    Observed(
        "0003",
        "up",
        f"{FILE}:12",
        RETYPE,
        (
            Seen("public.notes", Lock.ACCESS_EXCLUSIVE, scanned=True, rewritten=True),
            Seen("public.notes_1", Lock.ACCESS_EXCLUSIVE, written=3, root="public.notes"),
        ),
        12.5,
    ),
)
REPORT = CheckReport(
    "shop.shop_db",
    14,
    (RETYPED, LATE, STYLE, BARE),
    {"checksums": "not provisioned"},
    (Allowed(RENAMED, "both names are there", f"{FILE}:19"),),
    (replace(RENAMED, where=f"{FILE}:40"),),
    OBSERVED,
    "revisions after 0001",
    2,
    17,
)
CLEAN = CheckReport("shop.other", 3, (), major=17)
FAILED = Failure("shop.broken", "NoServer", "no server <here>")


def run(*reports: CheckReport, failures: tuple[Failure, ...] = (), **more: Any) -> Run:
    return Run(reports, failures, folder=ROOT, root=ROOT, **more)
