"""From what was observed to findings: the rules, the ways back, the declaration. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...schema.core.catalog import Catalog
from ...schema.core.compare import Change, compare
from .model import Context, Final, FinalRule, Finding, Rule, Step

_SHOWN = 5


def by_rules(steps: Iterable[Step], context: Context, rules: Sequence[Rule]) -> Iterator[Finding]:
    """What the rules find in each step, in the order of the history."""
    for step in steps:
        for rule in rules:
            if step.direction in rule.directions:
                yield from rule.judge(step, context)


def by_final_rules(final: Final, context: Context, rules: Sequence[FinalRule]) -> Iterator[Finding]:
    """What the rules find at head."""
    for rule in rules:
        yield from rule.judge(final, context)


def refusals(steps: Iterable[Step]) -> Iterator[Finding]:
    """Rows made up for the check that a statement could not work with: whether real ones could be alike, only their
    owner knows.
    """
    for step in steps:
        for effect in step.refused:
            yield Finding(
                "rows-refused",
                effect.where,
                f"the statement failed with rows that were made up for the check: {effect.error}",
                "see that no row of yours is like that; the check went on without the rows",
                "note",
                effect.revision,
                effect.sql,
            )


def ways_back(target: str, steps: Sequence[Step]) -> Iterator[Finding]:
    """Each down restores the catalog before its up; the first that does not is told, for it breaks those before it."""
    before = {step.revision: step.before for step in steps if step.direction == "up"}
    for step in steps:
        if step.direction == "down" and step.revision in before:
            remaining = compare(step.after, before[step.revision])
            if remaining:
                yield Finding(
                    "downgrade",
                    step.file,
                    f"down of {target} {step.revision} does not restore the catalog before it: {_told(remaining)}",
                    "correct it so that it takes back all that up did",
                    revision=step.revision,
                )
                return


def against(target: str, migrated: Catalog, declared: Catalog, next_step: str) -> Iterator[Finding]:
    """Migrations and declaration make the same catalog."""
    for change in compare(migrated, declared):
        yield Finding(
            "declarations", f"{target} {change.key}", f"migrations and declaration differ: {change}", next_step
        )


def _told(changes: Sequence[Change]) -> str:
    more = f"; and {len(changes) - _SHOWN} more" if len(changes) > _SHOWN else ""
    return "; ".join(map(str, changes[:_SHOWN])) + more
