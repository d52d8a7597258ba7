"""Provisioning beside others: at the same time, and where the database is there already."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from airside.migrations.declared import empty_database
from airside.migrations.provision import provision
from airside.migrations.rights import apply_database_rights
from airside.schema.core.errors import MissingRight
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


def test_rights_given_twice_at_once(server: Server, project: Project) -> None:
    database = project.entry.load()
    with empty_database(server, database) as made:

        def give() -> None:
            with made.connect(autocommit=True) as connection:
                for _ in range(20):
                    apply_database_rights(connection, made.name, database)

        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(give) for _ in range(4)]:
                done.result()


def test_a_database_of_somebody_else_is_named_with_the_way_out(server: Server, project: Project) -> None:
    session = project.session(server)
    database = session.entry.load()
    name = sql.Identifier(project.name)
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        with pytest.raises(MissingRight) as refused:
            provision(server, session.entry, database, session)
        assert refused.value.next_step is not None
        assert refused.value.next_step.startswith(f'ALTER DATABASE "{project.name}" OWNER TO')
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, sql.Identifier(database.roles.owner)))
    provision(server, session.entry, database, session)
