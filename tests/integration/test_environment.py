"""What a database is marked as, and what is refused because of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from airside.schema.core.errors import Refused
from airside.seeds.environment import ENVIRONMENTS, Environment, mark, mark_of, require
from airside.server import Server


@pytest.fixture
def connection(server: Server, database: str) -> Iterator[psycopg.Connection[Any]]:
    with server.connect(database, autocommit=True) as opened:
        yield opened


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_mark_is_kept(connection: psycopg.Connection[Any], name: Environment) -> None:
    assert mark_of(connection) is None
    assert mark(connection, name)
    assert mark_of(connection) == name
    assert not mark(connection, name)


def test_a_mark_is_raised_and_never_lowered(connection: psycopg.Connection[Any]) -> None:
    for name in ENVIRONMENTS:
        assert mark(connection, name)
    for name in ("staging", "development"):
        with pytest.raises(Refused, match="not lowered") as refused:
            mark(connection, name, harmless=True)
        assert mark_of(connection) == "production"
        by_hand = str(refused.value.next_step).partition(": ")[2]
        connection.execute(by_hand.encode())
        assert mark_of(connection) == name
        assert mark(connection, "production")


def test_a_database_that_holds_rows_counts_as_production_until_it_is_marked(
    connection: psycopg.Connection[Any],
) -> None:
    connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
    with pytest.raises(Refused, match="kept"):
        mark(connection, "development")
    assert mark_of(connection) is None
    assert mark(connection, "development", harmless=True)


def test_empty_tables_and_reference_data_are_not_rows_to_lose(connection: psycopg.Connection[Any]) -> None:
    connection.execute("CREATE TABLE empty (id int)")
    connection.execute("CREATE TABLE airports AS SELECT 1 AS id")
    connection.execute("CREATE SCHEMA airside")
    connection.execute("CREATE TABLE airside.reference AS SELECT 'airports' AS table_name")
    assert mark(connection, "development")


def test_what_is_not_for_production_is_refused_there(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    with pytest.raises(Refused, match="no mark") as refused:
        require(server, database, "development", "staging")
    assert f"airside provision {database} --environment development" in str(refused.value.next_step)
    mark(connection, "staging")
    require(server, database, "development", "staging")
    with pytest.raises(Refused, match="marked staging"):
        require(server, database, "development")
