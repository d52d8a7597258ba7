"""A history that itself inserts rows is replayed, undone and provisioned without a question about those rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from airside.migrations.check import check
from airside.migrations.provision import provision
from airside.server import Server
from psycopg import sql

from ..stranger import Project, new_project


@pytest.fixture
def project(tmp_path: Path, server: Server) -> Iterator[Project]:
    made = new_project(tmp_path)
    yield made
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(made.name)))
        for role in ("owner", "app", "readonly"):
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(f"{made.name}_{role}")))


def test_rows_that_the_history_inserted_are_no_loss(server: Server, project: Project) -> None:
    project.revision(
        1,
        "CREATE TABLE seeds (id int); INSERT INTO seeds VALUES (1);\n",
        "-- airside: data-loss table public.seeds\nDROP TABLE seeds;\n",
    )
    project.revision(
        2, "-- airside: data-loss table public.seeds\nDROP TABLE seeds;\n", "CREATE TABLE seeds (id int);\n"
    )
    session = project.session(server)
    database = session.entry.load()
    found = check(server, session.entry, database).findings
    assert not [finding for finding in found if "still holds" in finding.message]
    provision(server, session.entry, database, session)
