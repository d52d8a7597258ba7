"""For programs: one document; `version` changes when a key changes its meaning or goes away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...migrations.checks.locations import location_of

if TYPE_CHECKING:
    from ...migrations.checks.canary import CanaryReport
    from ...migrations.checks.model import Finding
    from ...migrations.checks.report import CheckReport, Observed
    from .run import Run

VERSION = 1


def lines(run: Run) -> Iterator[str]:
    yield json.dumps(document(run), indent=2)


def document(run: Run) -> dict[str, Any]:
    """The document: a record for each target that was checked, then one with `error` for each that could not be."""
    failures = [
        {"target": failure.target, "error": {"type": failure.kind, "message": failure.message}}
        for failure in run.failures
    ]
    return {
        "version": VERSION,
        "ok": run.ok,
        "fail_on": run.fail_on,
        "databases": [*(_report(run, report) for report in run.reports), *failures],
    }


def _report(run: Run, report: CheckReport) -> dict[str, Any]:
    return {
        "target": report.target,
        "revisions": report.revisions,
        "judged": report.revisions if report.judged is None else report.judged,
        "scope": report.scope,
        "postgresql": report.major,
        "ok": not report.fails(run.fail_on),
        "counts": {
            "error": report.count("error"),
            "warning": report.count("warning"),
            "note": report.count("note"),
            "allowed": len(report.allowed),
            "baseline": len(report.known),
        },
        "findings": [_finding(run, finding) for finding in report.findings],
        "allowed": [
            {**_finding(run, item.finding), "because": item.reason, "allowed_at": item.where} for item in report.allowed
        ],
        "baseline": [_finding(run, finding) for finding in report.known],
        "skipped": report.skipped,
        "statements": [_statement(item) for item in report.observed],
        "canary": [_trial(item) for item in report.canary],
    }


def _trial(report: CanaryReport) -> dict[str, Any]:
    return {
        "revision": report.revision,
        "where": report.where,
        "variant": report.variant,
        "seconds": round(report.seconds, 3),
        "failure": report.failure,
        "rows": dict(report.tables),
        "impossible": dict(report.impossible),
        "clients": [
            {
                "kind": row.kind,
                "statements": row.count,
                "median_ms": round(row.median * 1000, 2),
                "longest_ms": round(row.longest * 1000, 1),
                "waited_for_locks_ms": round(row.waited * 1000, 1),
                "control_longest_ms": round(row.control_longest * 1000, 1),
                "ratio": round(row.ratio, 1),
                "errors": {f"{error.sqlstate} {error.message}": error.count for error in row.errors},
            }
            for row in report.rows()
        ],
    }


def _finding(run: Run, finding: Finding) -> dict[str, Any]:
    location = location_of(finding.where)
    return {
        "check": finding.check,
        "severity": finding.severity,
        "where": finding.where,
        "file": location.relative(run.root) if location.file else None,
        "line": location.line,
        "revision": finding.revision,
        "relation": finding.relation,
        "message": finding.message,
        "observed": finding.observed,
        "next": finding.next_step,
        "statement": finding.statement,
    }


def _statement(item: Observed) -> dict[str, Any]:
    return {
        "revision": item.revision,
        "direction": item.direction,
        "where": item.where,
        "statement": item.statement,
        "milliseconds": round(item.milliseconds, 1),
        "blocks": list(item.strongest.blocks) if item.strongest else [],
        "error": item.error,
        "tables": [
            {
                "relation": seen.relation,
                "partition_of": seen.root,
                "lock": str(seen.lock) if seen.lock else None,
                "scanned": seen.scanned,
                "rewritten": seen.rewritten,
                "written": seen.written,
            }
            for seen in item.seen
        ],
    }
