"""What of a canary's report is a finding. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from .canary_clients import ClientError
from .model import Finding, Severity

if TYPE_CHECKING:
    from .canary import CanaryReport, Line, Load

CHECK = "canary"
NOISE = 0.005
"""Seconds: what a scheduler may take from anybody; a control that was quicker was lucky."""
_PLAN_CHANGED = "0A000"
_GONE = frozenset({"42703", "42P01"})


def findings(
    report: CanaryReport, load: Load, gone: frozenset[str], alone: CanaryReport | None = None
) -> Iterator[Finding]:
    """Stalls beyond the gate, and errors that clients did not get before.

    `gone` are tables that lost columns, or all: that their statements fail is what the rules about renames and drops
    say. What was found while clients were `alone` with the revision is not found again.
    """
    if report.failure is not None and report.variant == "alone":
        yield _finding(
            report,
            f"the revision failed while clients were at work: {report.failure}",
            "make it wait and try again where it met a lock or a deadlock; correct it where it cannot run with rows",
        )
    yield from _stalls(report, load, alone)
    known = (
        {(line.kind, error.table, error.sqlstate) for line in alone.lines for error in line.migrated.errors}
        if alone
        else set[tuple[str, str, str]]()
    )
    for line in report.lines:
        yield from _errors(report, line, gone, known)


def _stalls(report: CanaryReport, load: Load, alone: CanaryReport | None) -> Iterator[Finding]:
    late = [line for line in report.lines if line.migrated.waited > _bearable(report, line, load, alone)]
    if not late:
        return
    worst = max(late, key=lambda line: line.migrated.waited)
    kinds = ", ".join(f"{line.kind} {_time(line.migrated.waited)}" for line in late)
    seconds, quick = worst.migrated.waited, max(worst.control.longest, NOISE)
    observed = f"longest stalls: {kinds}; without the migration {_time(worst.control.longest)} at most"
    if report.variant == "alone":
        message = (
            f"clients waited up to {_time(seconds)} for its locks, {seconds / quick:.0f} times the control's longest"
        )
        safe = "take the strong lock for moments only: CONCURRENTLY, NOT VALID and VALIDATE, backfills in batches"
    else:
        message = (
            f"clients waited up to {_time(seconds)} in the queue behind it, while {_whom(report)} stood in its way"
        )
        safe = "SET lock_timeout (such as 200ms) before it, and try again when it is cut off"
    yield _finding(report, message, safe, observed=observed)


def _bearable(report: CanaryReport, line: Line, load: Load, alone: CanaryReport | None) -> float:
    """How long a kind of statement may wait, in seconds."""
    timeouts = load.timeouts * load.lock_timeout
    if report.variant == "alone":
        return min(load.ratio * max(line.control.longest, NOISE), timeouts)
    # somebody is in the way: the wait of a lock timeout is meant, and what the revision does by itself is told
    itself = max((other.migrated.waited for other in alone.lines), default=0.0) if alone else 0.0
    return max(timeouts, load.ratio * line.control.longest) + 2 * itself


def _whom(report: CanaryReport) -> str:
    return "a session idle in its transaction" if report.variant == "idle reader" else "a long transaction"


def _errors(
    report: CanaryReport, line: Line, gone: frozenset[str], known: AbstractSet[tuple[str, str, str]]
) -> Iterator[Finding]:
    before = {(error.table, error.sqlstate) for error in line.control.errors}
    for error in line.migrated.errors:
        implied = error.sqlstate in _GONE and error.table in gone
        if implied or (error.table, error.sqlstate) in before or (line.kind, error.table, error.sqlstate) in known:
            continue
        observed = f"{error.count} of {line.migrated.count} statements failed: {error.message}"
        if error.sqlstate == _PLAN_CHANGED:
            yield _plans(report, line, error, observed)
        else:
            yield _finding(
                report,
                f"{line.kind} on {error.table} failed: {error.message} [{error.sqlstate or 'connection lost'}]",
                "do it in two releases: first one that works with both schemas, then the change",
                observed=observed,
                relation=error.table,
            )


def _plans(report: CanaryReport, line: Line, error: ClientError, observed: str) -> Finding:
    star = line.kind == "select *"
    return _finding(
        report,
        f"prepared {line.kind} on {error.table} fails until the session drops its plan: {error.message}",
        "name the columns in SELECT" if star else "add a column of the new type and move over, or restart the release",
        # a column more does that to every SELECT *, which no ORM writes
        severity="note" if star else "error",
        observed=observed,
        relation=error.table,
    )


def _finding(
    report: CanaryReport, message: str, next_step: str, *, severity: Severity = "error", observed: str | None = None,
    relation: str | None = None,
) -> Finding:  # fmt: skip
    return Finding(CHECK, report.where, message, next_step, severity, report.revision, None, observed, relation)


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"
