"""Tables whose rows a migration refuses are emptied, with all that refers to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from airside.migrations.checks.emptied import Refusal, empty, empty_all, empty_for, refusal
from airside.server import Server

SCHEMA = """
CREATE TABLE a (id int PRIMARY KEY, v text);
CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
CREATE TABLE c (b int REFERENCES b, at date) PARTITION BY RANGE (at);
CREATE TABLE c1 PARTITION OF c DEFAULT;
CREATE TABLE other (v text);
CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'never'; END $$;
CREATE TRIGGER guard BEFORE TRUNCATE ON b EXECUTE FUNCTION no();
INSERT INTO a VALUES (1, 'x');
INSERT INTO b VALUES (1, 1);
INSERT INTO c VALUES (1, '2026-01-01');
INSERT INTO other VALUES ('x');
"""


@pytest.fixture
def connection(server: Server, database: str) -> Iterator[psycopg.Connection[Any]]:
    with server.connect(database) as connection:
        connection.execute(SCHEMA)
        connection.commit()
        yield connection


def rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    counted = connection.execute(
        "SELECT 'a', count(*) FROM a UNION ALL SELECT 'b', count(*) FROM b"
        " UNION ALL SELECT 'c', count(*) FROM c UNION ALL SELECT 'other', count(*) FROM other"
    )
    return dict(counted.fetchall())


def test_what_refers_to_a_table_goes_with_it_guarded_or_not(connection: psycopg.Connection[Any]) -> None:
    assert empty(connection, "public", "a") == ("public.a", "public.b", "public.c")
    assert rows(connection) == {"a": 0, "b": 0, "c": 0, "other": 1}
    row = connection.execute("SELECT tgenabled FROM pg_trigger WHERE tgname = 'guard'").fetchone()
    assert row == ("O",)


def test_a_partition_stands_for_its_parent(connection: psycopg.Connection[Any]) -> None:
    assert empty(connection, "public", "c1") == ("public.c",)


def test_a_table_that_is_not_there_is_nothing_to_empty(connection: psycopg.Connection[Any]) -> None:
    assert empty(connection, "public", "nothing") == ()
    assert sum(rows(connection).values()) == 4


def refused(connection: psycopg.Connection[Any], statement: str) -> Refusal:
    with pytest.raises(psycopg.Error) as caught:
        connection.execute(statement.encode())
    connection.rollback()
    return refusal(caught.value)


@pytest.mark.parametrize(
    ("statement", "emptied"),
    [
        # named by the error
        ("ALTER TABLE other ADD CONSTRAINT short CHECK (v = 'y')", {"public.other"}),
        # named by the statement alone
        ("ALTER TABLE other ALTER v TYPE int USING v::int", {"public.other"}),
        ("UPDATE other SET v = 1 / (length(v) - 1)", {"public.other"}),
        # by neither
        (
            "DO $$ BEGIN EXECUTE 'ALTER TABLE other ALTER v TYPE int USING v::int'; END $$",
            {"public.a", "public.b", "public.c", "public.other"},
        ),
    ],
)
def test_the_tables_that_a_refusal_is_about(
    connection: psycopg.Connection[Any], statement: str, emptied: set[str]
) -> None:
    said = refused(connection, statement)
    assert said.is_of_rows
    reasons = empty_for(connection, said, statement)
    assert reasons.keys() == emptied
    assert all(said.message in reason for reason in reasons.values())
    connection.execute(statement.encode())


def test_some_tables_are_left(connection: psycopg.Connection[Any]) -> None:
    assert empty_all(connection, but=["public.other"]) == ("public.a", "public.b", "public.c")


def test_a_mistake_in_a_statement_is_not_about_rows(connection: psycopg.Connection[Any]) -> None:
    said = refused(connection, "ALTER TABLE nothing ADD COLUMN x int")
    assert (said.sqlstate, said.is_of_rows) == ("42P01", False)


def test_errors_of_other_drivers_are_read_too() -> None:
    class Asyncpg(Exception):
        sqlstate, schema_name, table_name = "23505", "public", "a"

    class Psycopg2(Exception):
        pgcode = "23514"
        diag = type("Diag", (), {"schema_name": "s", "table_name": "t", "message_primary": "said"})

    wrapped = RuntimeError("around")
    wrapped.orig = ValueError("adapted")  # type: ignore[attr-defined]
    wrapped.orig.__cause__ = Asyncpg("duplicate")  # type: ignore[attr-defined]
    assert refusal(wrapped) == Refusal("duplicate", "23505", "public", "a")
    assert refusal(Psycopg2()) == Refusal("said", "23514", "s", "t")
    assert refusal(Exception({"C": "23502", "M": "null", "s": "public", "t": "a"})).table == "a"
    assert refusal(ValueError("their code")) == Refusal("their code")
