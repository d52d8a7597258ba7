"""A revision that alters a table with an unfinished detach is refused, on every version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from airside.migrations.provision import provision
from airside.migrations.runner import current, upgrade
from airside.schema.core.errors import Refused
from airside.server import Server
from psycopg import sql

from ..stranger import Project, new_project

TABLES = """CREATE TABLE t (at date NOT NULL, n int) PARTITION BY RANGE (at);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
"""


@pytest.fixture
def project(tmp_path: Path, server: Server) -> Iterator[Project]:
    made = new_project(tmp_path)
    made.revision(1, TABLES, "-- airside: data-loss table public.t\nDROP TABLE t;\n")
    session = made.session(server)
    provision(server, session.entry, session.entry.load(), session)
    yield made
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(made.name)))


def break_off(server: Server, database: str) -> None:
    with server.connect(database) as reader, server.connect(database, autocommit=True) as connection:
        reader.execute("SELECT FROM t")
        connection.execute("SET statement_timeout = '200ms'")
        with pytest.raises(psycopg.errors.QueryCanceled):
            connection.execute("ALTER TABLE t DETACH PARTITION t_1 CONCURRENTLY")


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE t ADD COLUMN more int",
        "ALTER TABLE public.t RENAME n TO number",
        "ALTER TABLE t ADD CONSTRAINT t_n_check CHECK (n > 0)",
        "ALTER TABLE t_1 ADD COLUMN more int",
        "ALTER TABLE t RENAME TO u",
    ],
)
def test_it_is_refused_and_goes_on_after_the_detach_is_finished(
    server: Server, project: Project, statement: str
) -> None:
    project.revision(2, f"{statement};\n", "SELECT 1;\n")
    break_off(server, project.name)
    with pytest.raises(Refused, match=r"0002_step\.up\.sql:1: the detach of public\.t_1 from public\.t was broken off"):
        upgrade(project.session(server))
    assert current(server, project.entry).revision == "0001"
    with server.connect(project.name, autocommit=True) as connection:
        connection.execute("ALTER TABLE t DETACH PARTITION t_1 FINALIZE")
    upgrade(project.session(server))
    assert current(server, project.entry).revision == "0002"


def test_finishing_it_in_a_revision_and_other_tables_are_allowed(server: Server, project: Project) -> None:
    break_off(server, project.name)
    project.revision(2, "CREATE TABLE u (id int);\nALTER TABLE u ADD COLUMN n int;\n", "DROP TABLE u;\n")
    project.revision(
        3, "ALTER TABLE t DETACH PARTITION t_1 FINALIZE;\nALTER TABLE t ADD COLUMN m int;\n", "SELECT 1;\n"
    )
    upgrade(project.session(server))
    assert current(server, project.entry).revision == "0003"


def test_outside_a_transaction_it_is_refused_before_it_is_run(server: Server, project: Project) -> None:
    project.revision(2, "-- airside: transaction = off\nALTER TABLE t ADD COLUMN IF NOT EXISTS m int;\n", "SELECT 1;\n")
    break_off(server, project.name)
    with pytest.raises(Refused):
        upgrade(project.session(server))
    with server.connect(project.name) as connection:
        assert connection.execute("SELECT FROM pg_attribute WHERE attname = 'm'").fetchone() is None
