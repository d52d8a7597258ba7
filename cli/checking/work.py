"""Who does what was asked: databases at once, a project, files; on the server there is, or on a throw-away one."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..context import Settings, entries
from ..output import progress

if TYPE_CHECKING:
    from ...migrations.checks.report import CheckReport
    from ...migrations.checks.request import Request
    from ...schema.core.errors import AirsideError
    from ...schema.core.registry import Entry
    from ...server import Server
    from .asked import Asked

Result = tuple[str, "CheckReport | AirsideError"]


def results(settings: Settings, asked: Asked) -> Iterator[Result]:
    """Each target with its report, or with the error that stood in the way of checking it."""
    if asked.static:
        yield from _static(asked)
        return
    with _server(settings) as server:
        if asked.alembic_ini:
            yield from _project(settings, server, asked)
        elif asked.sql:
            yield from _files(settings, server, asked)
        else:
            yield from _databases(settings, server, asked)


@contextmanager
def _server(settings: Settings) -> Generator[Server]:
    """The server that is named or runs; where there is none a throw-away one, as scratch databases are all it takes."""
    from ...schema.core.errors import NoServer

    try:
        server = settings.server()
    except NoServer:
        if settings.data_dir is not None:
            raise
    else:
        yield server
        return
    from ...server import ephemeral

    with ephemeral() as server:
        settings.used = server
        yield server


def _chosen(asked: Asked) -> list[Entry]:
    """The databases of all targets, each once."""
    return list({entry.target: entry for target in asked.targets for entry in entries(target)}.values())


def _databases(settings: Settings, server: Server, asked: Asked) -> Iterator[Result]:
    from ..parallel import attempts

    chosen = _chosen(asked)
    if len(chosen) == 1:
        # the spinner is a thread, and workers are forked: only where there are none
        with progress(settings, f"{chosen[0].target}: checking"):
            done = [*attempts(partial(_database, request=asked.request()), server, chosen)]
        yield from ((entry.target, result) for entry, result in done)
        return
    for entry, result in attempts(partial(_database, request=asked.request()), server, chosen):
        yield entry.target, result


def _database(server: Server, entry: Entry, *, request: Request) -> CheckReport:
    from ...migrations.check import check

    return check(server, entry, entry.load(), request)


def _project(settings: Settings, server: Server, asked: Asked) -> Iterator[Result]:
    from ...migrations.check_project import check_project
    from ...migrations.checks.foreign import Project

    ini = asked.alembic_ini or Path("alembic.ini")
    project = Project(ini, asked.alembic_name or "alembic", asked.metadata, asked.path)
    with progress(settings, f"{ini}: checking"):
        report = check_project(server, project, asked.request())
    yield report.target, report


def _files(settings: Settings, server: Server, asked: Asked) -> Iterator[Result]:
    from ...migrations.check_files import check_files
    from ...migrations.checks.request import SqlFiles

    with progress(settings, f"{len(asked.targets)} files: checking"):
        report = check_files(server, SqlFiles.read(tuple(map(Path, asked.targets)), asked.schema), asked.request())
    yield report.target, report


def _static(asked: Asked) -> Iterator[Result]:
    from ...migrations.check_static import check_database_static, check_files_static

    if asked.sql:
        report = check_files_static(tuple(map(Path, asked.targets)), asked.request())
        yield report.target, report
        return
    for entry in _chosen(asked):
        yield entry.target, check_database_static(entry, asked.request())
