"""The gate for CI: files, one head, checksums, and the history as it runs: what it does, its ways back, its result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from alembic.script import Script

from ..schema.core.catalog import Catalog
from ..schema.core.database import Database
from ..schema.core.errors import AirsideError, EnvironmentProblem, NotProvisioned
from ..schema.core.registry import Entry
from ..server import Server
from . import ledger
from .checks.canary import CanaryReport
from .checks.final import final_of
from .checks.gate import Walked, reported
from .checks.history import History, observed_history
from .checks.model import Context, Final, Finding
from .checks.release import Models, checked_out, old_release_findings
from .checks.report import CheckReport
from .checks.request import Request
from .checks.roundtrip import RoundTrip
from .checks.rows import fill
from .checks.scope import EVERYTHING, Scope, changed_since, since
from .checks.statistics import read_statistics
from .checks.trials import declared_canary
from .declared import declared_catalog
from .lint import lint
from .runner import applied_revision, history, script_directory
from .sqlfile import sibling

RUN = ("migrations", "declarations", "downgrade")
"""The checks for which the history has to run."""

Progress = Callable[[str], None]


def check(
    server: Server,
    entry: Entry,
    database: Database,
    request: Request | None = None,
    *,
    progress: Progress = lambda _: None,
) -> CheckReport:
    """Run every check; a later one is skipped, and said to be, where an earlier finding makes it senseless.

    Raises only what stands in the way of checking at all: no server, no right, no such scope, no such statistics.
    """
    request = request or Request()
    findings = list(lint(entry))
    skipped: dict[str, str] = {}
    context = _context(server, entry, request)
    try:
        past = history(entry)
    except AirsideError as error:
        if isinstance(error, EnvironmentProblem):
            raise
        findings.append(Finding("heads", error.where or entry.target, error.what, error.next_step or ""))
        skipped.update(dict.fromkeys(("checksums", *RUN), "the history cannot be walked"))
        return reported(Walked(entry.target, 0, (), context, (), tuple(findings), skipped))
    scope = _scope(entry, past, request)
    progress("checksums")
    findings += _checksums(server, entry, skipped)
    sources = tuple(_sources(past))
    if any(finding.check == "lint" for finding in findings):
        skipped.update(dict.fromkeys(RUN, "correct the files first"))
        return reported(Walked(entry.target, len(past), (), context, sources, tuple(findings), skipped, scope=scope))
    head = _Head(server, entry, database, request.old_ref, progress)
    round_trip = RoundTrip()
    progress("migrations")
    walk = observed_history(server, entry, database, fill, at_head=head, scope=scope, round_trip=round_trip)
    findings += [*head.findings, *round_trip.findings()]
    findings += _failure(entry, walk, head, skipped)
    declared = None
    if head.final is not None:
        progress("declarations")
        declared = _declared(server, entry, database, findings)
    return reported(
        Walked(
            entry.target,
            len(past),
            walk.steps,
            context,
            sources,
            tuple(findings),
            skipped,
            final=head.final,
            declared=declared,
            declare=f'airside revision {entry.target} -m "..."',
            scope=scope,
            canary=_canary(server, entry, database, walk, scope, progress) if request.canary else (),
        )
    )


@dataclass
class _Head:
    """Looks at the database while it is at head."""

    server: Server
    entry: Entry
    database: Database
    old_ref: str | None
    progress: Progress
    final: Final | None = None
    findings: tuple[Finding, ...] = ()

    def __call__(self, connection: psycopg.Connection[Any], catalog: Catalog) -> None:
        self.final = final_of(connection, catalog, self.database)
        if self.old_ref is not None:
            self.progress("old release")
            with checked_out(self.old_ref, self.entry.origin.parent) as release:
                self.findings = old_release_findings(
                    self.server, release, Models.declared(self.entry, self.database), connection.info.dbname
                )


def _context(server: Server, entry: Entry, request: Request) -> Context:
    with server.connect(server.maintenance, autocommit=True) as connection:
        major = connection.info.server_version // 10_000
    # the runner gives each statement a lock timeout and tries again
    context = Context(runner_sets_timeouts=True, major=major)
    if request.stats_from is None:
        return context
    return replace(context, statistics=read_statistics(request.stats_from, entry.name))


def _scope(entry: Entry, past: Sequence[Script], request: Request) -> Scope:
    if request.since is not None:
        return since({script.revision: _parents(script) for script in past}, request.since)
    if request.changed_since is not None:
        files: Mapping[str, list[Path]] = {script.revision: [path for _, path in _sources([script])] for script in past}
        return changed_since(files, request.changed_since, entry.migrations)
    return EVERYTHING


def _parents(script: Script) -> tuple[str, ...]:
    down = script.down_revision
    return (down,) if isinstance(down, str) else tuple(down or ())


def _sources(past: Iterable[Script]) -> Iterator[tuple[str, Path]]:
    for script in past:
        for path in (Path(script.path), sibling(script.path, "up"), sibling(script.path, "down")):
            yield script.revision, path


def _checksums(server: Server, entry: Entry, skipped: dict[str, str]) -> Iterator[Finding]:
    """Applied revisions of the live database still have their files, unchanged."""
    try:
        with server.connect(entry.name, autocommit=True) as connection:
            revision = applied_revision(connection)
            recorded = ledger.applied_checksums(connection) if ledger.exists(connection) else {}
        heads = (revision,) if revision else ()
        ledger.verify(script_directory(entry), heads, recorded, target=entry.target)
    except NotProvisioned:
        skipped["checksums"] = "the database is not provisioned on this server"
    except AirsideError as error:
        if isinstance(error, EnvironmentProblem):
            raise
        yield Finding("checksums", error.where or entry.target, error.what, error.next_step or "")


def _failure(entry: Entry, walk: History, head: _Head, skipped: dict[str, str]) -> Iterator[Finding]:
    """What ended the run; a statement that PostgreSQL refused is found by its rule."""
    error = walk.failure
    if error is None:
        return
    if isinstance(error, EnvironmentProblem) and not error.where:
        raise error
    missed = RUN[2:] if head.final is not None else RUN[1:]
    skipped.update(dict.fromkeys(missed, "the migrations do not run to their end"))
    refused = walk.steps and walk.steps[-1].effects and walk.steps[-1].effects[-1].error
    if not refused:
        yield Finding("migrations", error.where or entry.target, error.what, error.next_step or "")


def _canary(
    server: Server, entry: Entry, database: Database, walk: History, scope: Scope, progress: Progress
) -> tuple[CanaryReport, ...]:
    """What clients meet with while the revisions in scope run; nothing where they do not run at all."""
    if walk.failure is not None:
        return ()
    return declared_canary(server, entry, database, walk.steps, revisions=scope.revisions, progress=progress)


def _declared(server: Server, entry: Entry, database: Database, findings: list[Finding]) -> Catalog | None:
    try:
        return declared_catalog(server, database)
    except AirsideError as error:
        if isinstance(error, EnvironmentProblem):
            raise
        findings.append(Finding("declarations", error.where or entry.target, error.what, error.next_step or ""))
        return None
