"""What of a canary's report is a finding. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    report: CanaryReport, load: Load, earlier: Sequence[CanaryReport] = (), few: CanaryReport | None = None
) -> Iterator[Finding]:
    """Stalls beyond the gate, and errors that clients did not get before.

    What `earlier` variants of the same revision showed is not found again. `few` is what it did to clients on tables
    with few rows: a stall of that length is the machine's and not the table's. That statements fail for columns
    that are gone is what the rules about renames and drops say.
    """
    if report.failure is not None and report.variant == "alone":
        yield _finding(
            report,
            f"the revision failed while clients were at work: {report.failure}",
            "make it wait and try again where it met a lock or a deadlock; correct it where it cannot run with rows",
        )
    yield from _stalls(report, load, earlier, few)
    for line in report.lines:
        yield from _errors(report, line, _known(earlier))


def is_doubtful(report: CanaryReport, load: Load) -> bool:
    """Whether a stall may be a finding, or only a busy machine's: longer than the control, within the lock timeouts."""
    if report.variant != "alone":
        return False
    return any(
        _of_control(line, load) < line.migrated.waited <= load.timeouts * load.lock_timeout for line in report.lines
    )


def _known(earlier: Sequence[CanaryReport]) -> AbstractSet[tuple[str, str, str]]:
    lines = [line for report in earlier for line in report.lines]
    return {(line.kind, error.table, error.sqlstate) for line in lines for error in line.migrated.errors}


def _of_control(line: Line, load: Load) -> float:
    return load.ratio * max(line.control.longest, NOISE)


def _stalls(
    report: CanaryReport, load: Load, earlier: Sequence[CanaryReport], few: CanaryReport | None
) -> Iterator[Finding]:
    # where one queue is told, another one has the same reason, and the same remedy
    others = [few] if report.variant == "alone" else earlier
    by_itself = max((line.migrated.waited for other in others if other for line in other.lines), default=0.0)
    late = [line for line in report.lines if line.migrated.waited > _bearable(report, line, load, by_itself)]
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


def _bearable(report: CanaryReport, line: Line, load: Load, by_itself: float) -> float:
    """How long a kind of statement may wait, in seconds."""
    timeouts = load.timeouts * load.lock_timeout
    if report.variant == "alone":
        return min(max(_of_control(line, load), load.growth * by_itself), timeouts)
    # somebody is in the way: the wait of a lock timeout is meant, and what the revision does by itself is told
    return max(timeouts, load.ratio * line.control.longest) + 2 * by_itself


def _whom(report: CanaryReport) -> str:
    return "a session idle in its transaction" if report.variant == "idle reader" else "a long transaction"


def _errors(report: CanaryReport, line: Line, known: AbstractSet[tuple[str, str, str]]) -> Iterator[Finding]:
    before = {(error.table, error.sqlstate) for error in line.control.errors}
    for error in line.migrated.errors:
        implied = error.sqlstate in _GONE and error.table in report.gone
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
