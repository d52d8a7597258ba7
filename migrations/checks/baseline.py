"""The findings of an old project that are known and left alone: a committed file that can only shrink.

An entry is found again by what it is about and not by its line: target, rule, file, the statement as PostgreSQL's
parser fingerprints it (literals, spaces and upper case do not count), relation; and how often it is there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import postgast
from postgast import PgQueryError

from ...schema.core.errors import CheckFailed, ConfigurationError
from .locations import location_of
from .model import Finding
from .report import CheckReport

VERSION = 1
GONE = "baseline"
_FIELDS = ("target", "rule", "place", "statement", "relation")
_EXCERPT = 100
_OPTIONAL = frozenset({"checksums", "declarations"})
_ENDS = frozenset({"statement-fails", "not-checked", "heads"})
"""Findings after which nothing more was run."""


@dataclass(frozen=True, slots=True)
class Key:
    """What an entry is about. `place` is a file as seen from the baseline's folder, or an object."""

    target: str
    rule: str
    place: str
    statement: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known findings, counted, and the file that they stand in. Excerpts are for those who read the file."""

    file: Path
    known: Counter[Key]
    excerpts: Mapping[Key, str] = field(default_factory=dict[Key, str])


def key_of(target: str, finding: Finding, folder: Path) -> Key:
    """The key of a finding in a baseline that lies in `folder`."""
    place = location_of(finding.where).relative(folder)
    return Key(_named(target, folder), finding.check, place, fingerprint(finding.statement), finding.relation or "")


def _named(target: str, folder: Path) -> str:
    """A target that is a file (alembic.ini), as seen from the baseline's folder."""
    return location_of(target).relative(folder)


def fingerprint(statement: str | None) -> str:
    """A statement's fingerprint; of one that does not parse, its words."""
    if not statement:
        return ""
    try:
        return postgast.fingerprint(statement).hex
    except PgQueryError:
        return " ".join(statement.split())[:_EXCERPT]


def without_known(report: CheckReport, baseline: Baseline) -> CheckReport:
    """The report without what the baseline knows, and with a note for each entry that no longer occurs.

    Of several alike the first ones are the known ones. Entries are only called gone where all was looked at.
    """
    folder = baseline.file.absolute().parent
    target = _named(report.target, folder)
    remaining = Counter({key: count for key, count in baseline.known.items() if key.target == target})
    left: list[Finding] = []
    known: list[Finding] = []
    for finding in report.findings:
        key = key_of(report.target, finding, folder)
        if remaining[key] > 0:
            remaining[key] -= 1
            known.append(finding)
        else:
            left.append(finding)
    if complete(report) and report.scope is None and report.major is not None:
        left += (_gone(baseline.file, key) for key, count in remaining.items() if count > 0)
    return replace(report, findings=tuple(left), known=(*report.known, *known))


def complete(report: CheckReport) -> bool:
    """Whether the history ran to its end. What needs a live database or models may have been left out."""
    return _cut_short(report) is None


def _cut_short(report: CheckReport) -> str | None:
    for name, reason in report.skipped.items():
        if name not in _OPTIONAL:
            return f"{name} was skipped: {reason}"
    return next((f"{found.where}: {found.message}" for found in report.findings if found.check in _ENDS), None)


def _gone(file: Path, key: Key) -> Finding:
    about = f" about {key.relation}" if key.relation else ""
    return Finding(
        GONE,
        str(file),
        f"{key.rule}{about} in {key.place} is in the baseline, and occurs no more (or less often)",
        "write the baseline again: --baseline FILE --write-baseline",
        "note",
    )


def document(reports: Sequence[CheckReport], file: Path, before: Baseline | None = None) -> str:
    """The text of a baseline of all findings that are left; of targets without a report what was known `before`.

    Raises CheckFailed where not all was looked at.
    """
    folder = file.absolute().parent
    for report in reports:
        what = _cut_short(report)
        if what is not None:
            raise CheckFailed(
                f"{what}; a baseline of this run would hide what was not seen",
                where=report.target,
                next_step="correct what stands in the way, then write the baseline",
            )
    looked_at = {_named(report.target, folder) for report in reports}
    old = before or Baseline(file, Counter())
    counted = Counter({key: count for key, count in old.known.items() if key.target not in looked_at})
    excerpts = dict(old.excerpts)
    fresh: dict[Key, str] = {}
    for report in reports:
        for finding in (*report.known, *report.findings):
            if finding.check == GONE:
                continue
            key = key_of(report.target, finding, folder)
            counted[key] += 1
            fresh.setdefault(key, " ".join((finding.statement or finding.message).split())[:_EXCERPT])
    excerpts |= fresh
    entries = [
        {**{name: getattr(key, name) for name in _FIELDS}, "count": count, "excerpt": excerpts.get(key, "")}
        for key, count in sorted(counted.items(), key=lambda item: tuple(getattr(item[0], name) for name in _FIELDS))
    ]
    return json.dumps({"version": VERSION, "findings": entries}, indent=2, ensure_ascii=False) + "\n"


def read(file: Path) -> Baseline:
    """Read a baseline. Raises ConfigurationError, naming the file, when it is missing or no baseline."""
    try:
        given: Any = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise _unusable(file, "no such file") from error
    except (OSError, ValueError) as error:
        raise _unusable(file, f"not a baseline: {error}") from error
    if not isinstance(given, dict) or cast("dict[str, Any]", given).get("version") != VERSION:
        raise _unusable(file, f"not a baseline of version {VERSION}")
    entries: Any = cast("dict[str, Any]", given).get("findings")
    if not isinstance(entries, list):
        raise _unusable(file, "it has no list `findings`")
    known: Counter[Key] = Counter()
    excerpts: dict[Key, str] = {}
    for number, entry in enumerate(cast("list[Any]", entries), start=1):
        key = _key(file, number, entry)
        known[key] += cast("int", entry["count"])
        excerpts[key] = str(entry.get("excerpt", ""))
    return Baseline(file, known, excerpts)


def _key(file: Path, number: int, entry: Any) -> Key:
    texts = [cast("dict[str, Any]", entry).get(name) for name in _FIELDS] if isinstance(entry, dict) else [None]
    count = cast("dict[str, Any]", entry).get("count") if isinstance(entry, dict) else None
    if not all(isinstance(text, str) for text in texts) or not isinstance(count, int) or count < 1:
        raise _unusable(file, f"findings[{number}] lacks one of {', '.join(_FIELDS)}, count")
    return Key(*cast("Iterable[str]", texts))


def _unusable(file: Path, what: str) -> ConfigurationError:
    return ConfigurationError(
        what, where=str(file), next_step=f"write it: airside check ... --baseline {file} --write-baseline"
    )
