"""The findings of `check` in the formats that read them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..migrations.checks.model import Finding
    from ..migrations.checks.report import CheckReport

_FILE_LINE = re.compile(r"(?P<file>.+?\.(?:sql|py|toml))(?::(?P<line>\d+))?\Z")


def as_text(report: CheckReport) -> Iterator[str]:
    """`where: [check] message. Next: ...`, then what was skipped, then a summary."""
    for finding in report.findings:
        yield f"{finding.where}: [{finding.check}] {finding.message}{_next(finding)}"
    for name, reason in report.skipped.items():
        yield f"{report.target}: [{name}] skipped: {reason}"
    yield f"{report.target}: {_count(report.revisions, 'revision')}, {_count(len(report.findings), 'finding')}"


def as_github(report: CheckReport) -> Iterator[str]:
    """Workflow commands that GitHub shows beside the lines of a change."""
    for finding in report.findings:
        place = _FILE_LINE.match(finding.where)
        where = f"file={_property(place['file'])},line={place['line'] or 1}," if place else ""
        message = f"{'' if place else f'{finding.where}: '}{finding.message}{_next(finding)}"
        yield f"::error {where}title=airside {finding.check}::{_escaped(message)}"
    for name, reason in report.skipped.items():
        yield f"::notice title=airside {name}::{_escaped(f'{report.target}: skipped: {reason}')}"


def as_markdown(report: CheckReport) -> Iterator[str]:
    """Rows of a table; one that says so where nothing was found."""
    for finding in report.findings:
        cells = (report.target, finding.check, finding.where, finding.message, finding.next_step)
        yield f"| {' | '.join(map(_cell, cells))} |"
    if not report.findings:
        yield f"| {_cell(report.target)} | | | no findings | |"
    for name, reason in report.skipped.items():
        yield f"| {_cell(report.target)} | {name} | | skipped: {_cell(reason)} | |"


REPORTS: dict[str, Callable[[CheckReport], Iterator[str]]] = {
    "text": as_text,
    "github": as_github,
    "markdown": as_markdown,
}


def _next(finding: Finding) -> str:
    return f". Next: {finding.next_step}" if finding.next_step else ""


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
