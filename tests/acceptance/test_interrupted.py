"""Ctrl-C and a server that is killed: one line with the next step, nothing half-done, and the next run ends at head."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from airside.migrations.provision import provision
from airside.server import Server, ephemeral

from ..stranger import Project, new_project

SLOW = ("CREATE TABLE half ();\nSELECT pg_sleep({seconds});\n", "DROP TABLE half;\n")
INDEX = (
    "-- airside: transaction = off\nCREATE INDEX CONCURRENTLY IF NOT EXISTS notes_id_idx ON notes (id);\n",
    "-- airside: transaction = off\nDROP INDEX CONCURRENTLY IF EXISTS notes_id_idx;\n",
)


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that a test may kill."""
    with ephemeral() as started:
        yield started


@pytest.fixture
def project(tmp_path: Path, own_server: Server) -> Project:
    made = new_project(tmp_path)
    made.revision(1, "CREATE TABLE notes (id int);\n", "DROP TABLE notes;\n")
    session = made.session(own_server)
    provision(own_server, session.entry, session.entry.load(), session)
    return made


def start_upgrade(server: Server, project: Project, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "airside.cli", "upgrade", project.name],
        cwd=project.folder,
        env={**environment, "AIRSIDE_URL": server.url("postgres", show_password=True)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a shell in the background starts its children with SIGINT ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def wait_for(server: Server, project: Project, statement: str) -> None:
    """Until the upgrade runs a statement that begins so."""
    with server.connect(project.name, autocommit=True) as connection:
        for _ in range(200):
            if connection.execute(
                "SELECT 1 FROM pg_stat_activity WHERE application_name = 'airside upgrade' AND state = 'active'"
                " AND query LIKE %s",
                [f"{statement}%"],
            ).fetchone():
                return
            time.sleep(0.05)
        seen = connection.execute("SELECT application_name, state, query FROM pg_stat_activity").fetchall()
    raise AssertionError(f"{statement} was never seen: {seen}")


def only_line(process: subprocess.Popen[str], code: int) -> str:
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code, errors
    assert errors.startswith("airside: "), errors
    assert errors.count("\n") == 1, errors
    assert "Next: " in errors
    return errors


def invalid_indexes(server: Server, project: Project) -> int:
    with server.connect(project.name) as connection:
        return len(connection.execute("SELECT FROM pg_index WHERE NOT indisvalid").fetchall())


def finish(server: Server, project: Project, environment: dict[str, str]) -> None:
    process = start_upgrade(server, project, environment)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert invalid_indexes(server, project) == 0


def test_ctrl_c_in_a_transaction(own_server: Server, project: Project, environment: dict[str, str]) -> None:
    project.revision(2, SLOW[0].format(seconds=60), SLOW[1])
    process = start_upgrade(own_server, project, environment)
    wait_for(own_server, project, "SELECT pg_sleep")
    process.send_signal(signal.SIGINT)
    only_line(process, 130)
    project.revision(2, SLOW[0].format(seconds=0), SLOW[1])
    finish(own_server, project, environment)


def test_ctrl_c_outside_a_transaction(own_server: Server, project: Project, environment: dict[str, str]) -> None:
    project.revision(2, *INDEX)
    with own_server.connect(project.name) as writer:
        writer.execute("INSERT INTO notes VALUES (1)")
        process = start_upgrade(own_server, project, environment)
        wait_for(own_server, project, "CREATE INDEX CONCURRENTLY")
        process.send_signal(signal.SIGINT)
        only_line(process, 130)
    finish(own_server, project, environment)


@pytest.mark.parametrize("concurrently", [False, True])
def test_a_killed_server(tmp_path: Path, environment: dict[str, str], concurrently: bool) -> None:
    made = new_project(tmp_path)
    made.revision(1, "CREATE TABLE notes (id int);\n", "DROP TABLE notes;\n")
    made.revision(2, *(INDEX if concurrently else (SLOW[0].format(seconds=60), SLOW[1])))
    with ephemeral() as server:
        with server.connect(autocommit=True) as connection:
            folder = connection.execute("SHOW data_directory").fetchone()
        assert folder is not None
        session = made.session(server)
        (made.migrations / "0002_step.py").rename(tmp_path / "kept")
        provision(server, session.entry, session.entry.load(), session)
        (tmp_path / "kept").rename(made.migrations / "0002_step.py")
        writer = server.connect(made.name)
        writer.execute("INSERT INTO notes VALUES (1)")
        process = start_upgrade(server, made, environment)
        wait_for(server, made, "CREATE INDEX CONCURRENTLY" if concurrently else "SELECT pg_sleep")
        os.kill(int(Path(folder[0], "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        for _ in range(3):
            time.sleep(0.1)
        errors = only_line(process, 3)
        writer.close()
    assert "lost" in errors
