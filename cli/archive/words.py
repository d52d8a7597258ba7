"""Rules and what is due in words, and as records for --json."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..output import Record

if TYPE_CHECKING:
    from ...partitions.archive.due import DueLeaf, DueRows


def rule_in_words(due: DueRows) -> str:
    """`archive 2 years after departure_datetime, created_at where status IN (...)`."""
    rule = due.rule
    columns = ", ".join((rule.column, *rule.also))
    when = f"{rule.age} after {columns}" if rule.after else f"at {columns}"
    where = f" where {rule.where}" if rule.where else ""
    return f"{rule.then} {when}{where}"


def row_record(due: DueRows) -> Record:
    """What is due by a rule, as one record; a count that was estimated is said to be one."""
    return {
        "table": due.table,
        "rule": rule_in_words(due),
        "then": due.rule.then,
        "cutoff": due.cutoff,
        "due": due.count.rows,
        "exact": due.count.exact,
        "oldest": due.count.oldest,
        "destination": due.destination or None,
        "along": list(due.along),
        "because": due.rule.because or None,
    }


def leaf_record(due: DueLeaf, skipped: str | None, to: str | None = None) -> Record:
    """A partition that is due, as one record; `to` is where it goes unless to an archive table."""
    return {
        "table": due.ladder.name,
        "partition": due.leaf.name,
        "from": due.leaf.lower,
        "to": due.leaf.upper,
        "cutoff": due.cutoff,
        "rows": max(round(due.leaf.estimate), 0) if due.leaf.estimate >= 0 else None,
        "bytes": due.leaf.bytes,
        "destination": due.archive or to or "files",
        "skipped": skipped,
    }


def counted(number: int, exact: bool) -> str:
    """A number of rows; `~` where it was estimated."""
    return f"{number:,}" if exact else f"~{number:,}"


def rows_of(number: int) -> str:
    """`1 row`, `2,000 rows`."""
    return "1 row" if number == 1 else f"{number:,} rows"
