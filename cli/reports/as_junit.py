"""JUnit's XML: a suite for each target; a case for each sound revision, and for each check that found something.

A case is a failure when it holds a finding that fails the run; the others are its output.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from ...migrations.checks.locations import location_of
from ...migrations.checks.report import SEVERITIES
from .words import by_severity, observed_of

if TYPE_CHECKING:
    from ...migrations.checks.model import Finding
    from ...migrations.checks.report import CheckReport
    from .run import Run

# what XML 1.0 has no way to write
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def lines(run: Run) -> Iterator[str]:
    root = ElementTree.Element("testsuites", name="airside check")
    for report in run.reports:
        _suite(run, root, report)
    for failure in run.failures:
        suite = ElementTree.SubElement(
            root, "testsuite", name=_text(failure.target), tests="1", failures="0", errors="1"
        )
        case = ElementTree.SubElement(suite, "testcase", classname=_text(failure.target), name="check")
        ElementTree.SubElement(case, "error", type=failure.kind, message=_text(failure.message))
    ElementTree.indent(root)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield ElementTree.tostring(root, encoding="unicode")


def _suite(run: Run, root: ElementTree.Element, report: CheckReport) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=_text(report.target))
    seconds = _seconds(report)
    cases: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        cases.setdefault((_revision(finding), finding.check), []).append(finding)
    for revision, time in seconds.items():
        if not any(named == revision for named, _ in cases):
            ElementTree.SubElement(suite, "testcase", classname=_text(report.target), name=revision, time=time)
    failures = 0
    for (revision, check), findings in cases.items():
        name = f"{revision} {check}".strip()
        case = ElementTree.SubElement(suite, "testcase", classname=_text(report.target), name=_text(name))
        case.set("time", seconds.get(revision, "0"))
        failures += _case(run, report, case, findings)
    for name, reason in report.skipped.items():
        case = ElementTree.SubElement(suite, "testcase", classname=_text(report.target), name=_text(name), time="0")
        ElementTree.SubElement(case, "skipped", message=_text(reason))
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(failures))
    suite.set("errors", "0")
    suite.set("skipped", str(len(report.skipped)))
    suite.set("time", f"{sum(map(float, seconds.values())):.3f}")


def _case(run: Run, report: CheckReport, case: ElementTree.Element, findings: Sequence[Finding]) -> bool:
    failing = SEVERITIES[: SEVERITIES.index(run.fail_on) + 1]
    ordered = by_severity(findings)
    text = "\n\n".join(_told(run, report, finding) for finding in ordered)
    if ordered[0].severity in failing:
        failure = ElementTree.SubElement(
            case, "failure", type=ordered[0].severity, message=_text(ordered[0].message.splitlines()[0])
        )
        failure.text = _text(text)
        return True
    ElementTree.SubElement(case, "system-out").text = _text(text)
    return False


def _told(run: Run, report: CheckReport, finding: Finding) -> str:
    observed = observed_of(report, finding)
    parts = [f"{run.shown(finding.where)}: {finding.severity} [{finding.check}] {finding.message}"]
    parts += [finding.statement] if finding.statement else []
    parts += [f"observed: {observed}"] if observed else []
    parts += [f"next: {finding.next_step}"] if finding.next_step else []
    return "\n".join(parts)


def _revision(finding: Finding) -> str:
    """The revision of a finding, by its id or else by its file; empty for what is about none."""
    file = location_of(finding.where).file
    return finding.revision or (Path(file).name if file else "")


def _seconds(report: CheckReport) -> dict[str, str]:
    """The revisions that ran, and how long their statements took, up and down."""
    totals: dict[str, float] = {}
    for item in report.observed:
        totals[item.revision] = totals.get(item.revision, 0.0) + item.milliseconds / 1000
    return {revision: f"{seconds:.3f}" for revision, seconds in totals.items()}


def _text(text: str) -> str:
    return _IMPOSSIBLE.sub("\ufffd", text)
