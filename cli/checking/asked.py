"""What was asked of `airside check`, and whether it makes sense together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ..reports import ENDINGS

if TYPE_CHECKING:
    from ...migrations.checks.request import Request

FailOn = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Asked:
    """The options, as click read them; each has the name of its option."""

    targets: tuple[str, ...]
    sql: bool
    schema: Path | None
    alembic_ini: Path | None
    alembic_name: str | None
    metadata: str | None
    path: tuple[Path, ...]
    since: str | None
    changed_since: str | None
    baseline: Path | None
    write_baseline: bool
    stats_from: str | None
    write_stats: Path | None
    old_ref: str | None
    canary: bool
    static: bool
    style: str
    output: tuple[Path, ...]
    notes: bool
    effects: bool
    fail_on: FailOn

    def refuse_nonsense(self) -> None:
        """Raises click.UsageError for options that exclude or need one another."""
        for wrong, what in (*self._kinds(), *self._ways(), *self._outputs()):
            if wrong:
                raise click.UsageError(what)

    def request(self) -> Request:
        from ...migrations.checks.request import Request

        return Request(self.since, self.changed_since, self.stats_from, self.old_ref, self.canary, self.static)

    def _kinds(self) -> tuple[tuple[object, str], ...]:
        """What to check: databases, SQL files, or an Alembic project."""
        files = "--sql is about files"
        python = "--static reads SQL; the revisions of an Alembic project are Python, and have to run"
        return (
            (self.alembic_ini and self.sql, "--alembic-ini and --sql exclude one another: check one thing at a time"),
            (self.alembic_ini and self.targets, "--alembic-ini names what to check: leave TARGET out"),
            (not self.targets and self.sql, "--sql needs files: airside check --sql FILE..."),
            (
                not (self.targets or self.alembic_ini),
                "nothing to check: give a TARGET (or `all`), --alembic-ini FILE, or --sql FILE...",
            ),
            (self.alembic_name and not self.alembic_ini, "--alembic-name needs --alembic-ini"),
            (self.metadata and not self.alembic_ini, "--metadata needs --alembic-ini"),
            (self.path and not self.alembic_ini, "--path needs --alembic-ini"),
            (self.schema and not self.sql, "--schema is what the files of --sql find: give both"),
            (self.schema and self.static, "--static runs nothing: leave --schema out"),
            (self.sql and self.since, f"{files}: --since needs revisions"),
            (self.sql and self.changed_since, f"{files}: name those that changed instead of --changed-since"),
            (self.sql and self.old_ref, f"{files}: --old-ref needs models"),
            (self.alembic_ini and self.static, python),
        )

    def _ways(self) -> tuple[tuple[object, str], ...]:
        """How to check it."""
        part = "a baseline holds all that is found"
        missing = [name for name in self.targets if self.sql and not Path(name).is_file()]
        return (
            (missing, f"--sql: no such file: {', '.join(missing)}"),
            (self.since and self.changed_since, "--since and --changed-since exclude one another"),
            (self.static and self.canary, "--static runs nothing: leave --canary out"),
            (self.static and self.old_ref, "--static runs nothing: leave --old-ref out"),
            (self.write_stats and "://" not in (self.stats_from or ""), "--write-stats needs --stats-from URL"),
            (self.write_baseline and not self.baseline, "--write-baseline needs --baseline FILE, the file to write"),
            (self.write_baseline and self.static, f"{part}: write it without --static"),
            (self.write_baseline and (self.since or self.changed_since), f"{part}: write it without a scope"),
        )

    def _outputs(self) -> tuple[tuple[object, str], ...]:
        known = ", ".join(ENDINGS)
        return tuple(
            (file.suffix not in ENDINGS, f"--output {file}: the name says the format, and ends with one of {known}")
            for file in self.output
        )


def repository(folder: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """The root that places in a change are told from: GitHub's workspace, else git's, else the folder itself."""
    workspace = environ.get("GITHUB_WORKSPACE")
    if workspace and folder.is_relative_to(workspace):
        return Path(workspace)
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), folder)
