"""A pull-request comment that a reviewer reads in half a minute: verdict, one table, the rest folded away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from .words import count, effect_of, excerpt, lock_and_work, observed_of, one_line, revisions, verdict

if TYPE_CHECKING:
    from ...migrations.checks.model import Finding
    from ...migrations.checks.report import CheckReport, Observed
    from .run import Run

MARKER = "<!-- airside check -->"
"""The first line, by which a later run finds the comment that it replaces."""
# GitHub takes comments of up to 65,536 characters
_LIMIT = 60_000
_ROWS = 40
_DETAILS = 20
_STATEMENTS = 40

Item = tuple["CheckReport", "Finding"]


def lines(run: Run) -> Iterator[str]:
    yield MARKER
    yield f"### airside check: {_verdict(run)}"
    yield ""
    for report in run.reports:
        yield f"- `{report.target}`: {revisions(report)}, {_numbers(report)}"
    for failure in run.failures:
        yield f"- `{failure.target}`: **not checked**: {_cell(failure.message)}"
    graver = [(report, finding) for report, finding in run.findings() if finding.severity != "note"]
    graver.sort(key=lambda item: item[1].severity != "error")
    notes = [item for item in run.findings() if item[1].severity == "note"]
    room = _LIMIT
    for part in (
        _table(run, graver),
        _details(run, graver),
        _folded("note", notes, run),
        _allowed(run),
        _statements(run),
        _skipped(run),
    ):
        text = list(part)
        room -= sum(len(line) + 1 for line in text)
        if room < 0:
            yield from ("", "The rest is too long for a comment: see the log.")
            return
        yield from text


def _verdict(run: Run) -> str:
    numbers = verdict(run.count("error"), run.count("warning"), run.count("note"), 0, 0)
    failed = f", {count(len(run.failures), 'target')} not checked" if run.failures else ""
    return f"{'passed' if run.ok else '**failed**'} ({numbers}{failed})"


def _numbers(report: CheckReport) -> str:
    return verdict(
        report.count("error"), report.count("warning"), report.count("note"), len(report.allowed), len(report.known)
    )


def _table(run: Run, items: Sequence[Item]) -> Iterator[str]:
    if not items:
        return
    yield ""
    yield "| | where | finding | lock, scan, rewrite |"
    yield "|---|---|---|---|"
    for report, finding in items[:_ROWS]:
        message = f"**{finding.check}** {_cell(one_line(finding.message, 200))}"
        yield f"| {finding.severity} | `{_cell(run.shown(finding.where))}` | {message} | {_work(report, finding)} |"
    if len(items) > _ROWS:
        yield f"| | | and {len(items) - _ROWS} more | |"


def _work(report: CheckReport, finding: Finding) -> str:
    statement = effect_of(report, finding)
    return _cell(lock_and_work(statement)) if statement else ""


def _details(run: Run, items: Sequence[Item]) -> Iterator[str]:
    """What each finding is about: the statement, what was observed, the safe form."""
    if not items:
        return
    yield from _opened("Statements and safe forms")
    for report, finding in items[:_DETAILS]:
        yield f"**{finding.check}** `{_cell(run.shown(finding.where))}`: {_plain(finding.message)}"
        yield ""
        if finding.statement:
            yield from _fenced(excerpt(finding.statement, lines=8), "sql")
        observed = observed_of(report, finding)
        if observed:
            yield f"Observed: {_plain(observed)}  "
        if "\n" in finding.next_step.strip():
            yield "Next:"
            yield from _fenced(finding.next_step.strip().splitlines(), "sql")
        elif finding.next_step:
            yield f"Next: {_plain(finding.next_step)}"
        yield ""
    if len(items) > _DETAILS:
        yield f"And {len(items) - _DETAILS} more: `airside check` tells them all."
        yield ""
    yield "</details>"


def _folded(what: str, items: Sequence[Item], run: Run) -> Iterator[str]:
    if not items:
        return
    yield from _opened(count(len(items), what))
    for _, finding in items[:_ROWS]:
        yield f"- `{_cell(run.shown(finding.where))}` **{finding.check}** {_cell(one_line(finding.message, 200))}"
    if len(items) > _ROWS:
        yield f"- and {len(items) - _ROWS} more"
    yield ""
    yield "</details>"


def _allowed(run: Run) -> Iterator[str]:
    items = [item for report in run.reports for item in report.allowed]
    if not items:
        return
    yield from _opened(f"{len(items)} allowed")
    for item in items[:_ROWS]:
        yield f"- `{_cell(run.shown(item.where))}` **{item.finding.check}** because {_cell(item.reason)}"
    if len(items) > _ROWS:
        yield f"- and {len(items) - _ROWS} more"
    yield ""
    yield "</details>"


def _statements(run: Run) -> Iterator[str]:
    """What the statements did that took a lock others would notice; of a whole history that would be too long."""
    noticed = [
        item
        for report in run.reports
        for item in report.observed
        if item.direction == "up" and item.strongest and item.strongest.blocks
    ]
    if not noticed or len(noticed) > _STATEMENTS:
        return
    yield from _opened(f"What {count(len(noticed), 'statement')} did to tables that were there before")
    yield "| where | statement | lock, scan, rewrite | blocks |"
    yield "|---|---|---|---|"
    yield from (_statement(run, item) for item in noticed)
    yield ""
    yield "</details>"


def _statement(run: Run, item: Observed) -> str:
    blocks = ", ".join(item.strongest.blocks) if item.strongest else ""
    cells = (f"`{_cell(run.shown(item.where))}`", _code(item.statement), _cell(lock_and_work(item)), blocks)
    return f"| {' | '.join(cells)} |"


def _skipped(run: Run) -> Iterator[str]:
    skipped = [(report.target, name, reason) for report in run.reports for name, reason in report.skipped.items()]
    if not skipped:
        return
    yield from _opened(f"{len(skipped)} skipped")
    yield from (f"- `{target}` {name}: {_cell(reason)}" for target, name, reason in skipped)
    yield ""
    yield "</details>"


def _opened(title: str) -> Iterable[str]:
    return ("", f"<details><summary>{title}</summary>", "")


def _fenced(text: Iterable[str], language: str) -> Iterator[str]:
    body = list(text)
    longest = max((len(run) for line in body for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}{language}"
    yield from body
    yield fence
    yield ""


def _code(statement: str) -> str:
    return f"`{_cell(one_line(statement, 90).replace('`', chr(39)))}`"


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")


def _plain(text: str) -> str:
    """One line that is text and nothing else."""
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
