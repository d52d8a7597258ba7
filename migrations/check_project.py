"""Anybody's Alembic project judged by what its revisions do, without editing it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg

from ..schema.core.catalog import Catalog, inspect
from ..schema.core.errors import CheckFailed, ConfigurationError
from ..server import Server
from .checks.final import final_of
from .checks.foreign import Project, declared_by, project_history
from .checks.foreign_project import Outcome
from .checks.gate import Walked, reported
from .checks.model import Context, Final, Finding
from .checks.release import Models, checked_out, old_release_findings
from .checks.report import CheckReport
from .checks.request import Request
from .checks.scope import EVERYTHING, Scope, changed_since, since
from .checks.statistics import read_statistics
from .checks.trials import project_canary


def check_project(server: Server, project: Project, request: Request | None = None) -> CheckReport:
    """Run the project's history on a scratch database, and judge what it did.

    What could not be observed is a finding. Raises CheckFailed when the project's process dies, ConfigurationError
    where its ini file cannot be used.
    """
    request = request or Request()
    if request.old_ref is not None and project.metadata is None:
        raise ConfigurationError(
            "the old release has no models to try",
            where="--old-ref",
            next_step="name them: --metadata package.module:Base.metadata",
        )
    context = Context(major=server.major)
    if request.stats_from is not None:
        context = replace(context, statistics=read_statistics(request.stats_from))
    finals: list[Final] = []

    told: list[Finding] = []

    def look(connection: psycopg.Connection[Any]) -> None:
        finals.append(final_of(connection, inspect(connection)))
        told.extend(_old_release(server, project, request.old_ref, connection.info.dbname))

    outcome = project_history(server, project, at_head=look)
    scope = _scope(project, outcome, request)
    final = finals[0] if finals else None
    if final is not None:
        # without Alembic's own table
        final = replace(final, catalog=_at_head(outcome, final.catalog))
    of_rows = (finding for finding in outcome.findings if scope.judged(finding.revision))
    told += [*_problems(project, outcome), *of_rows]
    skipped: dict[str, str] = {}
    declared = _declared(server, project, final, told, skipped)
    return reported(
        Walked(
            _target(project),
            len(outcome.revisions),
            tuple(outcome.steps),
            context,
            tuple((revision.id, Path(revision.file)) for revision in outcome.revisions),
            tuple(told),
            skipped,
            final=final,
            declared=declared,
            declare='alembic revision --autogenerate -m "..."',
            scope=scope,
            canary=project_canary(server, project, outcome.steps, revisions=scope.revisions)
            if request.canary and final is not None
            else (),
        )
    )


def _target(project: Project) -> str:
    """The ini file as it was named, and its section where that is not the usual one."""
    return str(project.ini) if project.section == "alembic" else f"{project.ini} [{project.section}]"


def _scope(project: Project, outcome: Outcome, request: Request) -> Scope:
    if request.since is not None:
        return since({revision.id: revision.parents for revision in outcome.revisions}, request.since)
    if request.changed_since is not None:
        files = {revision.id: [Path(revision.file)] for revision in outcome.revisions}
        return changed_since(files, request.changed_since, project.ini.parent)
    return EVERYTHING


def _at_head(outcome: Outcome, seen: Catalog) -> Catalog:
    return next((step.after for step in reversed(outcome.steps) if step.direction == "up"), seen)


def _problems(project: Project, outcome: Outcome) -> Iterator[Finding]:
    """What went wrong or was not tried; a statement that PostgreSQL refused is found by its rule."""
    failed = {step.revision for step in outcome.steps if step.effects and step.effects[-1].error}
    for problem in outcome.problems:
        if problem.revision in failed:
            continue
        yield Finding(
            "not-checked",
            problem.file or str(project.ini),
            problem.message,
            "see `alembic upgrade head` on an empty database, or say why it need not be checked",
            "error" if problem.revision else "warning",
            problem.revision,
        )


def _old_release(server: Server, project: Project, ref: str | None, database: str) -> tuple[Finding, ...]:
    if ref is None or project.metadata is None:
        return ()
    models = Models(project.metadata, (project.folder, project.ini.parent, *project.path), _target(project))
    with checked_out(ref, project.ini.parent) as release:
        return old_release_findings(server, release, models, database)


def _declared(
    server: Server, project: Project, final: Final | None, told: list[Finding], skipped: dict[str, str]
) -> Catalog | None:
    if project.metadata is None:
        skipped["declarations"] = "give the models: --metadata package.module:Base.metadata"
        return None
    if final is None:
        skipped["declarations"] = "the migrations do not run to their end"
        return None
    try:
        return declared_by(server, project)
    except CheckFailed as error:
        told.append(Finding("declarations", error.where or str(project.ini), error.what, error.next_step or ""))
        return None
