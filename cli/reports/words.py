"""Words that several formats use: counts, excerpts of statements, what a statement did. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import dedent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...migrations.checks.effects import Lock
    from ...migrations.checks.model import Finding, Severity
    from ...migrations.checks.report import CheckReport, Observed, Seen

SQL_FILES = "sql"
"""The target of a run over plain files."""
_ORDER: tuple[Severity, ...] = ("error", "warning", "note")


def count(number: int, noun: str) -> str:
    """`3 errors`, `1 error`, `no errors`."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def counted(numbers: Iterable[tuple[int, str]]) -> list[str]:
    """Those that are not nought, in words."""
    return [count(number, noun) for number, noun in numbers if number]


def verdict(errors: int, warnings: int, notes: int, allowed: int, known: int, *, hidden: bool = False) -> str:
    """`1 error, 2 warnings, 3 notes, 1 allowed, 4 in the baseline`, or `no findings`; with a hint to `hidden` notes."""
    parts = counted([(errors, "error"), (warnings, "warning"), (notes, "note")]) or ["no findings"]
    if hidden and notes:
        parts[-1] += f" (--notes shows {'it' if notes == 1 else 'them'})"
    parts += [f"{number} {word}" for number, word in ((allowed, "allowed"), (known, "in the baseline")) if number]
    return ", ".join(parts)


def revisions(report: CheckReport) -> str:
    """`14 revisions on PostgreSQL 17`, or `3 of 14 revisions (revisions after 0011), files only`."""
    text = count(report.revisions, "file" if report.target == SQL_FILES else "revision")
    if report.judged is not None:
        text = f"{report.judged} of {text} ({report.scope})"
    return f"{text} on PostgreSQL {report.major}" if report.major else text


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Worst first; else in their order."""
    return sorted(findings, key=lambda finding: _ORDER.index(finding.severity))


def excerpt(statement: str, *, lines: int = 6, width: int = 140) -> list[str]:
    """The first lines of a statement, indented as it was; the last one says how many are left out."""
    first, _, rest = statement.strip().partition("\n")
    whole = [line.rstrip() for line in (first, *dedent(rest).splitlines()) if line.strip()]
    if rest and len(whole) > 1:
        whole[1:] = [f"    {line}" for line in whole[1:]]
    cut = [line if len(line) <= width else f"{line[: width - 3]}..." for line in whole]
    return cut if len(cut) <= lines else [*cut[: lines - 1], f"... {len(cut) - lines + 1} more lines"]


def one_line(text: str, width: int = 100) -> str:
    """A text on one line, cut at `width`."""
    words = " ".join(text.split())
    return words if len(words) <= width else f"{words[: width - 3]}..."


def effect_of(report: CheckReport, finding: Finding) -> Observed | None:
    """The statement that a finding is about, as it ran."""
    if finding.statement is None:
        return None
    return next(
        (item for item in report.observed if item.where == finding.where and item.statement == finding.statement), None
    )


def observed_of(report: CheckReport, finding: Finding) -> str:
    """What PostgreSQL showed: in the rule's words, else the effect of its statement; empty where nothing is known."""
    statement = None if finding.observed else effect_of(report, finding)
    return finding.observed or ("; ".join(effects(statement)) if statement else "")


def effects(observed: Observed) -> Iterator[str]:
    """What a statement did, table by table; partitions count for the table that they are part of."""
    for name, seen in _by_root(observed.seen).items():
        parts = [*([str(lock)] if (lock := _strongest(seen)) else []), *_work(seen)]
        if parts:
            partitions = sum(item.root is not None for item in seen)
            more = f" and {count(partitions, 'partition')}" if partitions else ""
            yield f"{name}{more}: {', '.join(parts)}"


def lock_and_work(observed: Observed) -> str:
    """The strongest lock of a statement, and whether anything was scanned or rewritten: for a narrow column."""
    lock = observed.strongest
    return ", ".join([*([str(lock)] if lock else []), *_work(observed.seen)])


def _by_root(seen: Iterable[Seen]) -> dict[str, list[Seen]]:
    grouped: dict[str, list[Seen]] = {}
    for item in sorted(seen, key=lambda item: (item.root or item.relation, item.root is not None, item.relation)):
        grouped.setdefault(item.root or item.relation, []).append(item)
    return grouped


def _strongest(seen: Iterable[Seen]) -> Lock | None:
    return max((item.lock for item in seen if item.lock), default=None)


def _work(seen: Iterable[Seen]) -> Iterator[str]:
    items = list(seen)
    if any(item.scanned for item in items):
        yield "scanned"
    if any(item.rewritten for item in items):
        yield "rewritten"
    if written := sum(item.written for item in items):
        yield f"{count(written, 'row')} written"
