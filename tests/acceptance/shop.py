"""A stranger's project on a real server, and the executable in its folder."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from airside.server import Server

from ..stranger import Project

Airside = Callable[..., "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True)
class Shop:
    """A stranger's project, and `airside` in its folder."""

    project: Project
    server: Server
    airside: Airside

    def __call__(self, command: str, *arguments: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        return self.airside(command, self.project.name, *arguments, cwd=self.project.folder, code=code)

    def document(self, command: str, *arguments: str, code: int = 0) -> dict[str, Any]:
        """What the command prints with --json for the one database."""
        (record,) = json.loads(self(command, *arguments, "--json", code=code).stdout)["databases"]
        return record

    def refusal(self, command: str, *arguments: str, code: int) -> str:
        """The one line of an error."""
        done = self(command, *arguments, code=code)
        assert done.stderr.count("\n") == 1, done.stderr
        assert done.stderr.startswith("airside: ")
        assert "Next: " in done.stderr
        return done.stderr

    @property
    def revision(self) -> str:
        ((revision,),) = self.execute("SELECT version_num FROM airside.alembic_version")
        return revision

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        with self.server.connect(self.project.name, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []
