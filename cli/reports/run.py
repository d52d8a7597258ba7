"""What all formats show: the reports of one run, and how they are to be shown. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ...migrations.checks.locations import location_of

if TYPE_CHECKING:
    from ...migrations.checks.model import Finding, Severity
    from ...migrations.checks.report import CheckReport


@dataclass(frozen=True, slots=True)
class Failure:
    """A target that could not be checked: the class of the error, and what it says."""

    target: str
    kind: str
    message: str


@dataclass(frozen=True)
class Run:
    """The reports and failures of one run.

    Files are shown as seen from `folder` (the working directory), in formats that others place beside a change as
    seen from `root` (the repository). `notes` and `effects` are asked for by option; `colour` by a terminal.
    """

    reports: tuple[CheckReport, ...]
    failures: tuple[Failure, ...] = ()
    folder: Path = Path()
    root: Path = Path()
    fail_on: Severity = "warning"
    notes: bool = False
    effects: bool = False
    colour: bool = False

    @cached_property
    def ok(self) -> bool:
        """Nothing as grave as `fail_on` is left, and all could be checked."""
        return not self.failures and not any(report.fails(self.fail_on) for report in self.reports)

    def count(self, severity: Severity) -> int:
        return sum(report.count(severity) for report in self.reports)

    @property
    def allowed(self) -> int:
        return sum(len(report.allowed) for report in self.reports)

    @property
    def known(self) -> int:
        return sum(len(report.known) for report in self.reports)

    def findings(self) -> Iterator[tuple[CheckReport, Finding]]:
        """Every finding that is left, with its report."""
        return ((report, finding) for report in self.reports for finding in report.findings)

    def shown(self, where: str) -> str:
        """A finding's place as a reader in the working directory would write it."""
        return location_of(where).shown(self.folder)
