"""SARIF 2.1.0 (OASIS), as code scanning reads it: rules with their pages, results, what was allowed as suppressed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ...migrations.checks.baseline import fingerprint
from ...migrations.checks.beside import CHECKS
from ...migrations.checks.locations import location_of
from ...migrations.checks.rule_pages import documentation, page
from .words import observed_of

if TYPE_CHECKING:
    from ...migrations.checks.model import Finding
    from ...migrations.checks.report import CheckReport
    from .run import Run

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {"error": "error", "warning": "warning", "note": "note"}


def lines(run: Run) -> Iterator[str]:
    yield json.dumps(document(run), indent=2)


def document(run: Run) -> dict[str, Any]:
    """The log, with one run."""
    from ...migrations.checks.rules import every_rule

    known = {name: (summary, "error") for name, summary in CHECKS.items()}
    known |= {rule.name: (rule.summary, rule.severity) for rule in every_rule()}
    rules = [*sorted(known), *sorted({finding.check for finding in _all(run)} - known.keys())]
    seen: Counter[str] = Counter()
    results = [
        result for report in run.reports for result in _results(run, report, {name: n for n, name in enumerate(rules)})
    ]
    for result in results:
        prints = result["partialFingerprints"]
        seen[prints["airside/v1"]] += 1
        # two of a kind are told apart by their order
        prints["airside/v1"] += f":{seen[prints['airside/v1']]}"
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {**_driver(), "rules": [_rule(name, *known.get(name, (name, "error"))) for name in rules]}
                },
                "automationDetails": {"id": "airside/check/"},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
                "invocations": [_invocation(run)],
                "results": results,
            }
        ],
    }


def _all(run: Run) -> Iterator[Finding]:
    for report in run.reports:
        yield from report.findings
        yield from report.known
        yield from (item.finding for item in report.allowed)


def _driver() -> dict[str, Any]:
    from importlib import metadata

    driver = {"name": "airside", "semanticVersion": metadata.version("airside")}
    url = documentation()
    return {**driver, "informationUri": url} if url else driver


def _rule(name: str, summary: str, severity: str) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": name,
        # code scanning asks for all three
        "shortDescription": {"text": summary},
        "fullDescription": {"text": summary},
        "help": {"text": summary},
        "defaultConfiguration": {"level": _LEVELS[severity]},
    }
    text = page(name)
    if text:
        rule["help"]["markdown"] = text
        url = documentation()
        if url:
            rule["helpUri"] = f"{url}/rules/{name}.md"
    return rule


def _results(run: Run, report: CheckReport, indexes: dict[str, int]) -> Iterator[dict[str, Any]]:
    for finding in report.findings:
        yield {**_result(run, report, finding, indexes), "suppressions": []}
    for item in report.allowed:
        inside = {"kind": "inSource", "justification": item.reason, "location": _physical(run, item.where)}
        yield {**_result(run, report, item.finding, indexes), "suppressions": [inside]}
    for finding in report.known:
        outside = {"kind": "external", "justification": "in the baseline"}
        yield {**_result(run, report, finding, indexes), "suppressions": [outside]}


def _result(run: Run, report: CheckReport, finding: Finding, indexes: dict[str, int]) -> dict[str, Any]:
    observed = observed_of(report, finding)
    parts = [finding.message, *([f"Observed: {observed}"] if observed else [])]
    parts += [f"Next: {finding.next_step}"] if finding.next_step else []
    location = location_of(finding.where)
    key = (report.target, finding.check, location.relative(run.root), finding.relation, fingerprint(finding.statement))
    return {
        "ruleId": finding.check,
        "ruleIndex": indexes[finding.check],
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(parts)},
        "locations": [_location(run, report, finding)],
        "partialFingerprints": {"airside/v1": hashlib.sha256(repr(key).encode()).hexdigest()[:32]},
        "properties": {"target": report.target, "revision": finding.revision},
    }


def _location(run: Run, report: CheckReport, finding: Finding) -> dict[str, Any]:
    """Where it is. What is about an object is shown at the statement that touched the object last."""
    location: dict[str, Any] = {}
    where = finding.where if location_of(finding.where).file else _last_touched(report, finding.relation)
    if where:
        location.update(_physical(run, where))
        if finding.statement and where == finding.where and "region" in location["physicalLocation"]:
            location["physicalLocation"]["region"]["snippet"] = {"text": finding.statement}
    name = finding.relation or (None if location_of(finding.where).file else finding.where)
    if name:
        location["logicalLocations"] = [{"fullyQualifiedName": name}]
    return location


def _last_touched(report: CheckReport, relation: str | None) -> str | None:
    up = [item for item in report.observed if item.direction == "up"]
    touching = [item.where for item in up if any(relation == seen.relation for seen in item.seen)]
    return next(reversed(touching or [item.where for item in up]), None)


def _physical(run: Run, where: str) -> dict[str, Any]:
    location = location_of(where)
    relative = location.relative(run.root)
    inside = not relative.startswith(("../", "/"))
    artifact = {"uri": quote(relative), "uriBaseId": _ROOT} if inside else {"uri": _absolute(location.file)}
    # code scanning refuses a place without a line
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": location.line or 1}}}


def _absolute(file: str | None) -> str:
    return Path(file or "").absolute().as_uri()


def _invocation(run: Run) -> dict[str, Any]:
    skipped = [
        (f"{report.target}: {name} was skipped: {reason}", "note")
        for report in run.reports
        for name, reason in report.skipped.items()
    ]
    told = [*skipped, *((failure.message, "error") for failure in run.failures)]
    return {
        "executionSuccessful": not run.failures,
        "toolExecutionNotifications": [{"level": level, "message": {"text": text}} for text, level in told],
    }
