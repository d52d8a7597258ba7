"""`airside check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .context import Settings, entries, pass_settings, shared_options, target_argument
from .output import Record, collected, line
from .worst import Worst

if TYPE_CHECKING:
    from ..migrations.checks.report import CheckReport
    from ..schema.core.registry import Entry
    from ..server import Server


@click.command("check")
@target_argument
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github", "markdown"]),
    default="text",
    help="How to print findings; `github` makes annotations.",
)
@shared_options
@pass_settings
def command(settings: Settings, target: str, style: str) -> int:
    """Check revisions and declarations, as CI does.

    The files, one head, unchanged applied files, migrations that make exactly what is declared, and a way back from
    every revision that restores the catalog before it. Exits with 1 when there is a finding.
    """
    from .reports import REPORTS

    settings.json = settings.json or style == "json"
    chosen = entries(target)
    worst = Worst(settings)
    with collected(settings) as records:
        if style == "markdown" and not settings.json:
            line("| database | check | where | finding | next step |\n|---|---|---|---|---|")
        for report in worst.results(_check, chosen, records, "checking"):
            records.append(_record(report))
            worst.finding(bool(report.findings))
            for text in () if settings.json else REPORTS[style](report):
                line(text)
    return worst.code


def _check(server: Server, entry: Entry) -> CheckReport:
    from ..migrations.check import check

    return check(server, entry, entry.load())


def _record(report: CheckReport) -> Record:
    findings = [
        {"check": item.check, "where": item.where, "message": item.message, "next": item.next_step}
        for item in report.findings
    ]
    return {
        "target": report.target,
        "revisions": report.revisions,
        "ok": not report.findings,
        "findings": findings,
        "skipped": report.skipped,
    }
