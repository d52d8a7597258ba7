"""Findings graded by the size of the table they are about. Pure. The thresholds are explained in docs/statistics.md."""

from __future__ import annotations

from dataclasses import replace

from .model import Context, Finding, Severity, TableStatistics

SMALL_ROWS = 10_000
SMALL_BYTES = 64 * 2**20
FEW_WRITES = 10.0
"""A table is small below all three (rows, bytes, rows written a second)."""

LARGE_ROWS = 1_000_000
LARGE_BYTES = 2**30
"""A table is large from either."""

BY_SIZE = frozenset(
    {
        "attach-partition-scan",
        "check-not-valid",
        "collation-change",
        "ddl-with-backfill",
        "default-partition-scan",
        "domain-constraint-scan",
        "duplicate-index",
        "exclusion-constraint",
        "foreign-key-not-valid",
        "foreign-key-without-index",
        "hold-lock",
        "index-not-concurrent",
        "policy-column-without-index",
        "prefix-redundant-index",
        "primary-key-scan",
        "refresh-not-concurrent",
        "reindex-not-concurrent",
        "scan-under-lock",
        "serial-or-generated-column",
        "set-not-null-scan",
        "storage-rewrite",
        "table-rewrite",
        "type-change",
        "unbatched-dml",
        "unique-without-index",
        "vacuum-full-or-cluster",
        "validate-in-same-transaction",
        "volatile-default",
    }
)
"""The rules whose harm grows with the table: locks held for a scan or a rewrite, missing and superfluous indexes.

What fails, loses data or breaks the release does so for three rows, and keeps its severity.
"""

AT_HEAD = frozenset(
    {"duplicate-index", "foreign-key-without-index", "policy-column-without-index", "prefix-redundant-index"}
)
"""Those whose notes are worth a warning on a large table; notes of others are advice about a safe form."""


def graded(finding: Finding, context: Context) -> Finding:
    """The finding with the size of its table told, its severity lowered for a small table or raised for a large one.

    Without statistics of the table it stays as it is. A note stays a note, but for indexes of large tables.
    """
    size = context.statistics.get(finding.relation or "")
    if size is None or size.sequence is not None:
        return finding
    told = f"{_bare(finding.relation or '')} {described(size)}"
    observed = f"{finding.observed}; {told}" if finding.observed else told
    return replace(finding, severity=_severity(finding, size), observed=observed)


def _severity(finding: Finding, size: TableStatistics) -> Severity:
    if finding.check not in BY_SIZE:
        return finding.severity
    if is_small(size):
        return "note"
    if not is_large(size):
        return finding.severity
    if finding.severity == "note":
        return "warning" if finding.check in AT_HEAD else "note"
    return "error"


def is_small(size: TableStatistics) -> bool:
    """Whether a lock for the length of a scan or rewrite passes unnoticed. What is not known is not small."""
    quiet = size.writes is not None and size.writes < FEW_WRITES
    return quiet and size.rows < SMALL_ROWS and size.bytes < SMALL_BYTES


def is_large(size: TableStatistics) -> bool:
    """Whether a scan takes longer than clients wait."""
    return size.rows >= LARGE_ROWS or size.bytes >= LARGE_BYTES


def described(size: TableStatistics) -> str:
    """`holds about 41 million rows (12 GB), 30 written a second`."""
    text = f"holds about {_rows(size.rows)} ({_bytes(size.bytes)})"
    if size.writes is not None and size.writes >= 1:
        return f"{text}, {size.writes:,.0f} written a second"
    return text


def _bare(relation: str) -> str:
    """Tables of `public` are known without it."""
    return relation.removeprefix("public.")


def _rows(rows: float) -> str:
    if rows >= 999_500:
        unit, name = (1e9, "billion") if rows >= 999_500_000 else (1e6, "million")
        return f"{_short(rows / unit)} {name} rows"
    whole = round(rows)
    if whole >= 1000:
        whole = round(whole, -2)
    return f"{whole:,} row{'' if whole == 1 else 's'}"


def _bytes(size: float) -> str:
    units = iter(("kB", "MB", "GB", "TB"))
    unit, size = next(units), size / 1024
    for larger in units:
        if size < 999.5:
            break
        unit, size = larger, size / 1024
    return f"{_short(size)} {unit}"


def _short(number: float) -> str:
    """Two digits at least, none after the point from ten on."""
    return f"{number:,.0f}" if number >= 9.95 else f"{number:.1f}".removesuffix(".0")
