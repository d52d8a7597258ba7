"""The gate for CI: files, one head, checksums, migrations == declarations, and every way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import psycopg

from ..schema.core.catalog import Catalog, inspect
from ..schema.core.compare import compare
from ..schema.core.database import Database
from ..schema.core.errors import AirsideError, EnvironmentProblem, NotProvisioned
from ..schema.core.registry import Entry
from ..server import Server
from . import ledger
from .checks.model import Finding
from .checks.report import CheckReport
from .declared import declared_catalog
from .lint import lint
from .replay import replayed
from .runner import applied_revision, downgrade, history, script_directory, upgrade
from .session import Session

CHECKS = ("lint", "heads", "checksums", "declarations", "downgrade")


def check(
    server: Server, entry: Entry, database: Database, *, progress: Callable[[str], None] = lambda _: None
) -> CheckReport:
    """Run every check; a later one is skipped, and said to be, where an earlier finding makes it senseless.

    Raises only what stands in the way of checking at all (no server, no right).
    """
    findings = list(lint(entry))
    skipped: dict[str, str] = {}
    try:
        past = history(entry)
    except AirsideError as error:
        if isinstance(error, EnvironmentProblem):
            raise
        findings.append(Finding("heads", error.where or entry.target, error.what, error.next_step or ""))
        skipped.update(dict.fromkeys(CHECKS[2:], "the history cannot be walked"))
        return CheckReport(entry.target, 0, tuple(findings), skipped)
    progress("checksums")
    findings += _checksums(server, entry, skipped)
    if findings and any(finding.check == "lint" for finding in findings):
        skipped.update(dict.fromkeys(CHECKS[3:], "correct the files first"))
        return CheckReport(entry.target, len(past), tuple(findings), skipped)
    findings += _replay(server, entry, database, skipped, progress)
    return CheckReport(entry.target, len(past), tuple(findings), skipped)


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


def _replay(
    server: Server, entry: Entry, database: Database, skipped: dict[str, str], progress: Callable[[str], None]
) -> Iterator[Finding]:
    progress("migrations")
    snapshots: list[tuple[str, Catalog]] = []
    try:
        with replayed(server, entry, database, "base") as session:
            with server.connect(session.database, autocommit=True) as connection:
                snapshots.append(("base", inspect(connection)))
            session.after_step = lambda revision, _direction, raw: snapshots.append((revision, inspect(raw)))
            if history(entry):
                upgrade(session)
            yield from _against_declaration(server, entry, database, snapshots[-1][1], progress)
            progress("downgrade")
            yield from _ways_back(session, snapshots)
    except AirsideError as error:
        if isinstance(error, EnvironmentProblem) and not error.where:
            raise
        skipped.setdefault("downgrade", "the migrations do not run")
        yield Finding("declarations", error.where or entry.target, error.what, error.next_step or "")


def _against_declaration(
    server: Server, entry: Entry, database: Database, migrated: Catalog, progress: Callable[[str], None]
) -> Iterator[Finding]:
    progress("declarations")
    try:
        desired = declared_catalog(server, database)
    except AirsideError as error:
        if isinstance(error, EnvironmentProblem):
            raise
        yield Finding("declarations", error.where or entry.target, error.what, error.next_step or "")
        return
    for change in compare(migrated, desired):
        yield Finding(
            "declarations",
            f"{entry.target} {change.key}",
            f"migrations and declaration differ: {change}",
            f'airside revision {entry.target} -m "..."',
        )


def _ways_back(session: Session, snapshots: Sequence[tuple[str, Catalog]]) -> Iterator[Finding]:
    """Undo one revision after the other; each must restore the catalog before it."""
    before = {revision: earlier for (_, earlier), (revision, _) in pairwise(snapshots)}
    wrong: list[Finding] = []

    def compare_with_before(revision: str, _direction: str, raw: psycopg.Connection[Any]) -> None:
        remaining = compare(inspect(raw), before[revision])
        if remaining and not wrong:
            wrong.append(
                Finding(
                    "downgrade",
                    f"{session.entry.target} {revision}",
                    f"down does not restore the catalog before it: {'; '.join(map(str, remaining[:5]))}",
                    f"correct the .down.sql of revision {revision}",
                )
            )

    session.after_step = compare_with_before
    if before:
        downgrade(session, "base")
    yield from wrong
