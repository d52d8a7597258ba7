"""Workflow commands that GitHub shows beside the lines of a change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...migrations.checks.locations import location_of
from .words import by_severity, observed_of

if TYPE_CHECKING:
    from ...migrations.checks.model import Finding
    from ...migrations.checks.report import CheckReport
    from .run import Run

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def lines(run: Run) -> Iterator[str]:
    """Worst first: GitHub shows ten of each kind for a step."""
    for report in run.reports:
        for finding in by_severity(report.findings):
            yield _annotation(run, report, finding)
        for name, reason in report.skipped.items():
            yield f"::notice title=airside {_property(name)}::{_escaped(f'{report.target}: skipped: {reason}')}"
    for failure in run.failures:
        yield f"::error title=airside {_property(failure.kind)}::{_escaped(failure.message)}"


def _annotation(run: Run, report: CheckReport, finding: Finding) -> str:
    observed = observed_of(report, finding)
    location = location_of(finding.where)
    place = ""
    if location.file:
        place = f"file={_property(location.relative(run.root))},line={location.line or 1},"
    parts = [finding.message if location.file else f"{location.text}: {finding.message}"]
    parts += [f"Observed: {observed}"] if observed else []
    parts += [f"Next: {finding.next_step}"] if finding.next_step else []
    title = f"title=airside {_property(finding.check)}"
    message = "\n".join(parts)
    return f"::{_COMMANDS[finding.severity]} {place}{title}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
