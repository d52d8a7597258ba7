"""Files judged by what stands in them, without a server: quick enough to run before each commit.

What only a run shows (locks, scans, rewrites, ways back) is not looked at, and said to be skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ..schema.core.errors import AirsideError
from ..schema.core.registry import Entry
from .checks.allows import apply, read_allows
from .checks.gate import BESIDES
from .checks.grading import graded
from .checks.locations import location_of
from .checks.model import Context, Finding
from .checks.report import CheckReport
from .checks.request import Request
from .checks.rules import every_rule
from .checks.scope import EVERYTHING, Scope, changed_files, since
from .checks.static import judged, static_findings, static_steps
from .sqlfile import SqlFile, read_sql_file

FILES = "sql"
_SKIPPED = {"effects": "--static runs nothing: locks, scans, rewrites and ways back were not looked at"}


def check_database_static(entry: Entry, request: Request) -> CheckReport:
    """The revisions of a declared database. Raises UnknownRevision, UsageError or EnvironmentProblem for its scope."""
    scope, files = _scope(entry, request)
    context = _context(request, entry.name, runner_sets_timeouts=True)
    found = static_findings(entry, context)
    told = [item for item in found if _in_scope(location_of(item.where).file, item.revision, scope, files)]
    stubs = sorted(entry.migrations.glob("*.py"))
    sources = [(None, path) for path in sorted(entry.migrations.iterdir()) if files is None or path.resolve() in files]
    judged_revisions = sum(_in_scope(str(stub), None, scope, files) for stub in stubs)
    return _reported(
        CheckReport(
            entry.target,
            len(stubs),
            tuple(told),
            dict(_SKIPPED),
            scope=scope.words,
            judged=None if scope is EVERYTHING else judged_revisions,
        ),
        context,
        sources,
    )


def check_files_static(paths: Sequence[Path], request: Request) -> CheckReport:
    """SQL files, each a migration. One that does not parse is a finding."""
    files: list[SqlFile] = []
    found: list[Finding] = []
    for path in paths:
        try:
            files.append(read_sql_file(path))
        except AirsideError as error:
            found.append(Finding("lint", error.where or str(path), error.what, error.next_step or "correct the file"))
    context = _context(request)
    found += judged(static_steps(files), context)
    report = CheckReport(FILES, len(paths), tuple(found), dict(_SKIPPED))
    return _reported(report, context, [(None, path) for path in paths])


def _context(request: Request, database: str | None = None, *, runner_sets_timeouts: bool = False) -> Context:
    context = Context(runner_sets_timeouts=runner_sets_timeouts)
    if request.stats_from is None:
        return context
    # a driver is needed for statistics alone
    from .checks.statistics import read_statistics

    return replace(context, statistics=read_statistics(request.stats_from, database))


def _scope(entry: Entry, request: Request) -> tuple[Scope, frozenset[Path] | None]:
    """The revisions in scope, and the files where these decide."""
    if request.changed_since is not None:
        words = f"revisions changed since {request.changed_since}"
        return Scope(frozenset(), words), changed_files(request.changed_since, entry.migrations)
    if request.since is not None:
        # Alembic is needed for the order of revisions alone
        from alembic.util import to_tuple

        from .runner import history

        parents = {script.revision: to_tuple(script.down_revision, ()) for script in history(entry)}
        return since(parents, request.since), None
    return EVERYTHING, None


def _in_scope(file: str | None, revision: str | None, scope: Scope, files: Iterable[Path] | None) -> bool:
    if files is not None and file is not None:
        stub = Path(file).name.partition(".")[0]
        return any(path.name.partition(".")[0] == stub and path.parent == Path(file).resolve().parent for path in files)
    return scope.judged(revision or (Path(file).name.split("_", 1)[0] if file else None))


def _reported(report: CheckReport, context: Context, sources: Iterable[tuple[str | None, Path]]) -> CheckReport:
    known = {rule.name for rule in every_rule()}.union(BESIDES)
    found = [graded(finding, context) for finding in report.findings]
    applied = apply(found, read_allows(sources), known, static=True)
    return replace(report, findings=applied.findings, allowed=applied.allowed)
