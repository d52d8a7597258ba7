"""An upgrade killed at random moments: the next one ends at head with nothing half-done."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator

import pytest
from airside.migrations import ledger
from airside.migrations.provision import provision
from airside.migrations.runner import applied_revision, upgrade
from airside.schema.core.catalog import Catalog, inspect
from airside.schema.core.compare import compare
from airside.server import Server
from psycopg import sql

from ..stranger import Project, new_project

CREATE = (
    "CREATE TABLE items (id int PRIMARY KEY, a int, b text);\n"
    "INSERT INTO items SELECT i, i % 97, md5(i::text) FROM generate_series(1, 20000) AS i;\n",
    "-- airside: data-loss table public.items\nDROP TABLE items;\n",
)
STEPS = {
    2: (
        "ALTER TABLE items ADD COLUMN c int;\nCREATE TABLE more (id int REFERENCES items (id));\n",
        "DROP TABLE more;\nALTER TABLE items DROP COLUMN c;\n",
    ),
    3: (
        "-- airside: transaction = off\n"
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS items_a_idx ON items (a);\n"
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS items_b_idx ON items (b);\n",
        "SELECT 1;\n",
    ),
    4: (
        "UPDATE items SET c = a + 1;\nALTER TABLE items ADD CONSTRAINT items_c_check CHECK (c > 0) NOT VALID;\n",
        "ALTER TABLE items DROP CONSTRAINT items_c_check;\n",
    ),
    5: ("ALTER TABLE items VALIDATE CONSTRAINT items_c_check;\n", "SELECT 1;\n"),
    6: (
        "-- airside: transaction = off\nDROP INDEX CONCURRENTLY IF EXISTS items_b_idx;\n"
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS items_b_key ON items (b);\n",
        "SELECT 1;\n",
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Iterator[Project]:
    """A project whose database stands at the first revision, with rows, to be cloned for each round."""
    made = new_project(tmp_path_factory.mktemp("kill"))
    made.revision(1, *CREATE)
    session = made.session(server)
    provision(server, session.entry, session.entry.load(), session)
    made.revisions(STEPS)
    yield made
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(made.name)))


@pytest.mark.soak
def test_a_killed_upgrade_is_finished_by_the_next(server: Server, project: Project, rounds: int) -> None:
    expected, duration = undisturbed(server, project)
    reached: set[str | None] = set()
    for number in range(rounds):
        name = f"{project.name}_{number}"
        clone(server, project, name)
        killed_after(server, project, name, random.Random(number).uniform(0, duration))
        with server.connect(name, autocommit=True) as connection:
            reached.add(applied_revision(connection))
        upgrade(project.session(server, database=name))
        with server.connect(name, autocommit=True) as connection:
            assert applied_revision(connection) == "0006"
            assert compare(inspect(connection), expected) == ()
            ups = [(line.revision, line.direction) for line in ledger.entries(connection)]
            assert ups == [(f"{revision:04d}", "up") for revision in range(1, 7)]
            invalid = connection.execute("SELECT count(*) FROM pg_index WHERE NOT indisvalid").fetchone()
            assert invalid == (0,)
        drop(server, name)
    assert len(reached) > 1, "the kills all hit the same place"


def undisturbed(server: Server, project: Project) -> tuple[Catalog, float]:
    name = f"{project.name}_calm"
    clone(server, project, name)
    began = time.monotonic()
    upgrade(project.session(server, database=name))
    duration = time.monotonic() - began
    with server.connect(name, autocommit=True) as connection:
        catalog = inspect(connection)
    drop(server, name)
    return catalog, duration


def killed_after(server: Server, project: Project, name: str, seconds: float) -> None:
    """Run the upgrade in a forked process and kill it with SIGKILL."""
    child = os.fork()
    if child == 0:
        try:
            upgrade(project.session(server, database=name))
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def clone(server: Server, project: Project, name: str) -> None:
    with server.connect(autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(f"{project.name}_owner"), sql.Identifier(project.name)
            )
        )


def drop(server: Server, name: str) -> None:
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
