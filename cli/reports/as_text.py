"""For people: findings by file, with the statement, what was observed, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from ...migrations.checks.locations import location_of
from .words import count, effects, excerpt, observed_of, one_line, revisions, verdict

if TYPE_CHECKING:
    from ...migrations.checks.canary import CanaryReport
    from ...migrations.checks.model import Finding
    from ...migrations.checks.report import CheckReport, Observed
    from .run import Run

_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def lines(run: Run) -> Iterator[str]:
    """The lines of each report, then a total when there are several."""
    for report in run.reports:
        yield from _report(run, report)
    yield from closing(run)


def closing(run: Run) -> Iterator[str]:
    """The total, where there are several reports."""
    if len(run.reports) + len(run.failures) > 1:
        numbers = (run.count("error"), run.count("warning"), run.count("note"), run.allowed, run.known)
        failed = f", {count(len(run.failures), 'target')} not checked" if run.failures else ""
        yield ""
        yield f"{len(run.reports) + len(run.failures)} targets: {verdict(*numbers)}{failed}"


def _report(run: Run, report: CheckReport) -> Iterator[str]:
    if run.effects:
        yield from _effects(run, report)
    shown = [finding for finding in report.findings if run.notes or finding.severity != "note"]
    for group in _by_file(shown):
        last = None
        for finding in group:
            statement = (finding.where, finding.statement)
            yield from _finding(run, report, finding, repeated=statement == last)
            last = statement
        yield ""
    for trial in report.canary:
        yield from _trial(run, trial)
    for name, reason in report.skipped.items():
        yield f"{report.target}: [{name}] skipped: {reason}"
    yield _summary(run, report)


def _summary(run: Run, report: CheckReport) -> str:
    numbers = (report.count("error"), report.count("warning"), report.count("note"))
    found = verdict(*numbers, len(report.allowed), len(report.known), hidden=not run.notes)
    return f"{report.target}: {revisions(report)}, {found}"


def _by_file(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Files in the order in which they come; in each by line. What is in no file comes last."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(location_of(finding.where).file or "", []).append(finding)
    elsewhere = groups.pop("", [])
    files = [sorted(group, key=lambda finding: location_of(finding.where).line or 0) for group in groups.values()]
    return [*files, *([elsewhere] if elsewhere else [])]


def _finding(run: Run, report: CheckReport, finding: Finding, *, repeated: bool) -> Iterator[str]:
    severity = _styled(run, finding.severity, fg=_COLOURS[finding.severity], bold=True)
    yield f"{run.shown(finding.where)}: {severity} [{finding.check}] {' '.join(finding.message.split())}"
    if finding.statement and not repeated:
        yield from (_styled(run, f"    | {line}", dim=True) for line in excerpt(finding.statement))
    observed = observed_of(report, finding)
    if observed:
        yield from _labelled("observed", observed)
    if finding.next_step:
        yield from _labelled("next", finding.next_step)


def _labelled(label: str, text: str) -> Iterator[str]:
    first, *rest = text.strip().splitlines()
    yield f"    {label}: {first}"
    yield from (f"        {line}" for line in rest)


def _effects(run: Run, report: CheckReport) -> Iterator[str]:
    """What each statement did to tables that others may be using; statements that touched none are counted."""
    quiet = 0
    for item in report.observed:
        told = list(effects(item))
        if not told and not item.error:
            quiet += 1
            continue
        yield f"{run.shown(item.where)}: {one_line(item.statement)} ({item.milliseconds:.0f} ms)"
        yield from (f"    {line}" for line in told)
        yield from _blocked(item)
        if item.error:
            yield f"    refused: {item.error}"
    if report.observed:
        yield f"{report.target}: {count(quiet, 'other statement')} touched no table that was there before"
        yield ""


def _trial(run: Run, trial: CanaryReport) -> Iterator[str]:
    """What clients met with while a revision ran."""
    rows = ", ".join(f"{table} ({number:,} rows)" for table, number in trial.tables) or "no table to work on"
    yield f"{run.shown(trial.where)}: canary, {trial.variant}: ran {trial.seconds:.2f} s; clients on {rows}"
    for row in trial.rows():
        errors = ", ".join(f"{error.count} x {error.sqlstate} {error.message}" for error in row.errors)
        met = f"median {row.median * 1000:6.1f} ms, longest {row.longest * 1000:7.1f} ms"
        control = f"control {row.control_longest * 1000:6.1f} ms{f', {errors}' if errors else ''}"
        yield f"    {row.kind:<18}{row.count:>7} statements, {met}, {control}"
    yield from (f"    {table}: {reason}" for table, reason in trial.impossible)
    yield from _failure(trial)
    yield ""


def _failure(trial: CanaryReport) -> Iterator[str]:
    if trial.failure:
        yield f"    did not run: {trial.failure}"


def _blocked(item: Observed) -> Iterator[str]:
    if item.strongest and item.strongest.blocks:
        yield f"    blocks {', '.join(item.strongest.blocks)}"


def _styled(run: Run, text: str, **style: str | bool) -> str:
    return click.style(text, **style) if run.colour else text  # type: ignore[arg-type]
