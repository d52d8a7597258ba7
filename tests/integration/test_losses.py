"""Statements that lose data in less obvious ways are refused while there is data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from airside.migrations.provision import provision
from airside.migrations.runner import applied_revision, upgrade
from airside.schema.core.errors import DataLossRefused
from airside.server import Server
from psycopg import sql

from ..stranger import Project, new_project

CREATE = """
CREATE SCHEMA shop;
CREATE TABLE shop.notes (id int PRIMARY KEY, body text);
INSERT INTO shop.notes VALUES (1, 'kept');
CREATE TABLE "My Table" ("My Column" text);
INSERT INTO "My Table" VALUES ('kept');
CREATE TABLE empty (id int);
CREATE TABLE people (id int PRIMARY KEY);
CREATE TABLE calls (person int REFERENCES people);
INSERT INTO people VALUES (1);
INSERT INTO calls VALUES (1);
CREATE TABLE days (day date, note text) PARTITION BY RANGE (day);
CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
INSERT INTO days VALUES ('2026-01-05', 'kept');
CREATE TYPE mood AS ENUM ('well');
CREATE TABLE moods (id int, mood mood);
INSERT INTO moods VALUES (1, 'well');
CREATE DOMAIN word AS text;
CREATE TABLE words (id int, word word[]);
INSERT INTO words VALUES (1, '{kept}');
CREATE TABLE parent (id int);
CREATE TABLE child () INHERITS (parent);
INSERT INTO child VALUES (1);
"""


@pytest.fixture
def project(tmp_path: Path, server: Server) -> Iterator[Project]:
    made = new_project(tmp_path)
    made.revision(1, CREATE, "SELECT 1;\n")
    session = made.session(server)
    provision(server, session.entry, session.entry.load(), session)
    yield made
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(made.name)))
        for role in ("owner", "app", "readonly"):
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(f"{made.name}_{role}")))


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DROP TABLE empty, shop.notes", "shop.notes"),
        ('DROP TABLE "My Table"', "public.My Table"),
        ('ALTER TABLE "My Table" DROP COLUMN "My Column"', "public.My Table.My Column"),
        ("ALTER TABLE days DROP COLUMN note", "public.days.note"),
        ("DROP TABLE days_1", "public.days_1"),
        ("DROP TABLE parent CASCADE", "public.parent"),
        ("TRUNCATE people CASCADE", "public.people"),
        ("TRUNCATE empty, people CASCADE", "public.people"),
        ("SET search_path = shop; DROP TABLE notes", "shop.notes"),
        ("SET LOCAL search_path = shop; TRUNCATE notes", "shop.notes"),
        ("SET LOCAL search_path = shop; ALTER TABLE notes DROP body", "shop.notes.body"),
        ("DROP SCHEMA shop CASCADE", "shop.notes"),
        ("DROP TYPE mood CASCADE", "public.moods.mood"),
        ("DROP DOMAIN word CASCADE", "public.words.word"),
        ("DROP OWNED BY CURRENT_USER CASCADE", "public.calls"),
    ],
)
def test_what_a_statement_would_lose_is_found(server: Server, project: Project, statement: str, named: str) -> None:
    project.revision(2, f"{statement};\n", "SELECT 1;\n")
    with pytest.raises(DataLossRefused) as refused:
        upgrade(project.session(server))
    assert named in refused.value.what
    with server.connect(project.name) as connection:
        assert applied_revision(connection) == "0001"


@pytest.mark.parametrize(
    "statement",
    [
        "DROP SCHEMA IF EXISTS nothing CASCADE",
        "DROP TABLE empty CASCADE",
        "CREATE TEMP TABLE calls AS SELECT 1; DROP TABLE calls; CREATE TABLE public.after ()",
        "DROP VIEW IF EXISTS nothing CASCADE",
    ],
)
def test_where_nothing_is_lost_nothing_is_asked(server: Server, project: Project, statement: str) -> None:
    project.revision(2, f"{statement};\n", "SELECT 1;\n")
    upgrade(project.session(server))
    with server.connect(project.name) as connection:
        assert applied_revision(connection) == "0002"


def test_all_that_would_be_lost_is_named_at_once_and_allowed_at_once(server: Server, project: Project) -> None:
    project.revision(2, 'DROP TABLE "My Table", people, days CASCADE;\n', "SELECT 1;\n")
    with pytest.raises(DataLossRefused) as refused:
        upgrade(project.session(server))
    names = ("public.My Table", "public.people", "public.days")
    assert refused.value.next_step is not None
    assert refused.value.next_step.count("--allow-data-loss") == len(names)
    assert "--allow-data-loss 'public.My Table'" in refused.value.next_step
    upgrade(project.session(server, allow_data_loss=frozenset(names)))
