"""From a history that ran to its report: rules, ways back, declaration, what is there at head, what is allowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...schema.core.catalog import Catalog
from . import judging
from .allows import apply, read_allows
from .grading import graded
from .model import Context, Final, Finding, Step
from .report import CheckReport, observed
from .rules import every_rule, final_rules, step_rules
from .scope import EVERYTHING, Scope, fresh

if TYPE_CHECKING:
    from .canary import CanaryReport

BESIDES = ("roundtrip", "irreversible", "downgrade", "old-release", "canary")
"""Checks that are no rules and can be allowed like one."""


@dataclass(frozen=True, slots=True)
class Walked:
    """What was seen of one target. `told` are findings that were made on the way.

    `sources` are the files of each revision. `final` is None where the end was not reached, `declared`
    where there is no declaration to hold against the migrations.
    """

    target: str
    revisions: int
    steps: tuple[Step, ...]
    context: Context
    sources: tuple[tuple[str | None, Path], ...]
    told: tuple[Finding, ...] = ()
    skipped: dict[str, str] = field(default_factory=dict[str, str])
    final: Final | None = None
    declared: Catalog | None = None
    declare: str = ""
    scope: Scope = EVERYTHING
    canary: tuple[CanaryReport, ...] = ()


def reported(walked: Walked) -> CheckReport:
    """The report. Pure but for reading the comments of the revisions' files."""
    judged = [step for step in walked.steps if walked.scope.judged(step.revision)]
    found = [graded(finding, walked.context) for finding in (*walked.told, *_found(walked, judged), *_met(walked))]
    known = {rule.name for rule in every_rule()}.union(BESIDES)
    applied = apply(found, read_allows(walked.sources), known, scope=walked.scope)
    return CheckReport(
        walked.target,
        walked.revisions,
        applied.findings,
        walked.skipped,
        applied.allowed,
        observed=observed(judged),
        scope=walked.scope.words,
        judged=None if walked.scope.revisions is None else len(walked.scope.revisions),
        major=walked.context.major,
        canary=walked.canary,
    )


def _met(walked: Walked) -> Iterator[Finding]:
    for report in walked.canary:
        yield from report.findings


def _found(walked: Walked, judged: Sequence[Step]) -> Iterator[Finding]:
    yield from judging.by_rules(judged, walked.context, step_rules())
    yield from judging.refusals(judged)
    yield from judging.ways_back(walked.target, judged)
    if walked.final is None:
        return
    if walked.declared is not None:
        yield from judging.against(walked.target, walked.final.catalog, walked.declared, walked.declare)
    now = tuple(judging.by_final_rules(walked.final, walked.context, final_rules()))
    # what is there when the first of them begins, they have not brought
    before = replace(walked.final, catalog=judged[0].before if judged else walked.final.catalog)
    yield from fresh(now, judging.by_final_rules(before, walked.context, final_rules()))
