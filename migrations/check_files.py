"""Plain SQL files judged by what they do: for projects whose migrations are run by another tool."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg

from ..schema.core.catalog import Catalog
from ..schema.core.errors import DeclarationError
from ..server import Server
from .checks.final import final_of
from .checks.gate import Walked, reported
from .checks.model import Context, Final, Finding, Step
from .checks.report import CheckReport
from .checks.request import Request, SqlFiles
from .checks.rows import fill
from .checks.script import Script, observed_scripts
from .checks.statistics import read_statistics
from .checks.trials import script_canary

TARGET = "sql"


def check_files(server: Server, files: SqlFiles, request: Request | None = None) -> CheckReport:
    """Run the files in turn on a scratch database on top of the given schema, and judge what they did.

    What was wrong with the schema before is nothing to tell. Raises CheckFailed when the schema does not run.
    """
    request = request or Request()
    context = Context(major=server.major)
    if request.stats_from is not None:
        context = replace(context, statistics=read_statistics(request.stats_from))
    sources = tuple((_name(script), Path(script.name)) for script in files.scripts)
    finals: list[Final] = []

    def look(connection: psycopg.Connection[Any], catalog: Catalog) -> None:
        finals.append(final_of(connection, catalog))

    told: tuple[Finding, ...] = ()
    steps: tuple[Step, ...] = ()
    try:
        steps = observed_scripts(server, files.scripts, fill, given=files.schema, at_head=look)
    except DeclarationError as error:
        told = (Finding("lint", error.where or TARGET, error.what, error.next_step or "correct the file"),)
    skipped: dict[str, str] = {}
    if len(steps) < len(files.scripts):
        left = [script.name for script in files.scripts[len(steps) :]]
        skipped["files"] = f"not run, as one before them failed: {', '.join(left)}" if steps else "one does not parse"
    final = finals[0] if finals else None
    return reported(
        Walked(
            TARGET,
            len(files.scripts),
            steps,
            context,
            sources,
            told,
            skipped,
            final=final,
            canary=script_canary(server, files.scripts, steps, given=files.schema)
            if request.canary and final is not None
            else (),
        )
    )


def _name(script: Script) -> str:
    return Path(script.name).stem
