"""What a run of the checks hands over: what was found, what was allowed, what is known, what was observed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .effects import Effect, Lock
from .model import Finding, Severity, Step

if TYPE_CHECKING:
    from .canary import CanaryReport

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""Worst first."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one statement did to one table that others may be using; a partition also names the table it is part of.

    `lock` is the mode that it took, None where the transaction held it already; `written` are rows.
    """

    relation: str
    lock: Lock | None = None
    scanned: bool = False
    rewritten: bool = False
    written: int = 0
    root: str | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """One statement as it ran: where it stands, what it did to tables that others may be using, how long it took.

    `where` is `file:line`; `error` is PostgreSQL's message when it refused the statement.
    """

    revision: str
    direction: str
    where: str
    statement: str
    seen: tuple[Seen, ...]
    milliseconds: float
    error: str | None = None

    @classmethod
    def of(cls, effect: Effect) -> Observed:
        seen = tuple(
            Seen(item.relation, item.taken, item.scanned, item.rewritten, item.written, item.root)
            for item in effect.others()
            if item.is_table
        )
        return cls(effect.revision, effect.direction, effect.where, effect.sql, seen, effect.milliseconds, effect.error)

    @property
    def strongest(self) -> Lock | None:
        """The strongest lock that it took."""
        return max((item.lock for item in self.seen if item.lock), default=None)


def observed(steps: Iterable[Step]) -> tuple[Observed, ...]:
    """Every statement of the steps, in the order in which they ran."""
    return tuple(Observed.of(effect) for step in steps for effect in step.effects)


@dataclass(frozen=True, slots=True)
class Allowed:
    """A finding that its author allowed: the reason, and `file:line` of the comment that gives it."""

    finding: Finding
    reason: str
    where: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was checked for one target (a database, an Alembic project, SQL files) and what was found.

    `findings` are what is left after allows and the baseline; `allowed` and `known` are what those took away.
    `skipped` maps a check to the reason. `judged` counts the revisions in scope, which `scope` names in words (such
    as `revisions after 0004`); None where all were. `major` is the PostgreSQL that showed it, None for a static run.
    `canary` is what clients met with, where some were asked for.
    """

    target: str
    revisions: int
    findings: tuple[Finding, ...]
    skipped: dict[str, str] = field(default_factory=dict[str, str])
    allowed: tuple[Allowed, ...] = ()
    known: tuple[Finding, ...] = ()
    observed: tuple[Observed, ...] = ()
    scope: str | None = None
    judged: int | None = None
    major: int | None = None
    canary: tuple[CanaryReport, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings of this severity are left."""
        return sum(finding.severity == severity for finding in self.findings)

    def fails(self, fail_on: Severity = "warning") -> bool:
        """Whether a finding at least as grave as `fail_on` is left."""
        failing = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        return any(finding.severity in failing for finding in self.findings)
