"""A project with the sample database of the archive, provisioned once a session; `airside archive` in its folder."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from airside.partitions.create import ensure
from airside.schema.core.registry import load_registry
from airside.server import Server
from psycopg import sql

from ..integration import archive_sample
from ..integration.declared import Connection, empty_database
from .shop import Airside


@dataclass(frozen=True)
class Yard:
    """A project with the sample database, and `airside archive` in its folder."""

    folder: Path
    name: str
    server: Server
    airside: Airside
    environment: dict[str, str]

    def __call__(self, command: str, *arguments: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        return self.airside("archive", command, self.name, *arguments, cwd=self.folder, code=code)

    def document(self, command: str, *arguments: str, code: int = 0) -> dict[str, Any]:
        (record,) = json.loads(self(command, *arguments, "--json", code=code).stdout)["databases"]
        return record

    def started(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "airside.cli", "archive", "run", self.name, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def made(folder: Path, server: Server, airside: Airside) -> str:
    """A project in `folder`, provisioned; its name."""
    name = f"yard_{uuid.uuid4().hex[:10]}"
    text = Path(str(archive_sample.__file__)).read_text(encoding="utf-8")
    (folder / f"{name}_schema.py").write_text(text.replace('NAME = "archive_sample"', f'NAME = "{name}"'))
    (folder / "migrations").mkdir()
    (folder / "airside.toml").write_text(
        f'[[databases]]\nsystem = "{name}_system"\nname = "{name}"\n'
        f'module = "{name}_schema"\nmigrations = "migrations"\n'
    )
    airside("revision", name, "-m", "everything", cwd=folder)
    airside("provision", name, cwd=folder)
    ensure(server, load_registry(folder).one(name).load(), datetime(2025, 1, 1, tzinfo=UTC), datetime.now(UTC))
    return name


@pytest.fixture(scope="session")
def yard_template(
    server: Server, airside: Airside, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, str]]:
    folder = tmp_path_factory.mktemp("yard")
    name = made(folder, server, airside)
    yield folder, name
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        for role in ("owner", "app", "readonly"):
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(f"{name}_{role}")))


@pytest.fixture
def yard(
    server: Server, airside: Airside, environment: dict[str, str], yard_template: tuple[Path, str]
) -> Iterator[Yard]:
    """The project's database as it was provisioned: a copy is kept under another name meanwhile."""
    folder, name = yard_template
    with empty_database(server, f"{name}_owner", template=name) as kept:
        yield Yard(folder, name, server, airside, environment)
        with server.connect(autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                    *map(sql.Identifier, (name, f"{name}_owner", kept))
                )
            )


@pytest.fixture
def db(yard: Yard) -> Iterator[Connection]:
    with yard.server.connect(yard.name, autocommit=True) as connection:
        connection.execute("SET timezone = 'UTC'")
        yield connection


def keep_months(db: Connection, table: str, *months: str) -> None:
    """Of the months that are due leave only these: each takes its time."""
    leaves = db.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass(%s)", [table]
    ).fetchall()
    for (leaf,) in leaves:
        if leaf < f"{table}_2025_11" and leaf not in {f"{table}_{month}" for month in months}:
            db.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(leaf)))
