"""Loading reference data: added once, updated in place, and never over what somebody else wrote."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from airside import seeds
from airside.schema.core.database import Database
from airside.schema.core.errors import NotProvisioned, Refused
from airside.schema.core.registry import load_registry
from airside.schema.core.sql import query
from airside.seeds.environment import would_mark
from airside.seeds.reference import Merged, load, would_load
from airside.seeds.reference.identity import reference_id
from airside.seeds.reference.merge import merge
from airside.seeds.reference.tables import ReferenceTable
from airside.server import Server
from psycopg import sql

from .provisioned import provisioned

CREATE = b"""
CREATE SCHEMA airside;
CREATE TABLE public.places (
    id uuid PRIMARY KEY, code text NOT NULL UNIQUE, other text NOT NULL UNIQUE,
    name text, size numeric(6, 2), more jsonb);
"""
PLACES = ReferenceTable("places", ("code",), ("other", "name", "size", "more"), lambda _: (), others=("other",))


@pytest.fixture
def connection(server: Server, database: str) -> Iterator[psycopg.Connection[Any]]:
    with server.connect(database, autocommit=True) as opened:
        opened.execute(CREATE)
        opened.execute(query(Path(seeds.__path__[0]) / "queries", "create_reference"))
        yield opened


def place(code: str, other: str, name: str = "name", size: float = 1.5, more: str = '{"a": 1}') -> tuple[Any, ...]:
    return reference_id("place", code), code, other, name, size, more


def merged(connection: psycopg.Connection[Any], *rows: tuple[Any, ...], write: bool = True) -> tuple[int, int, int]:
    with connection.transaction():
        done = merge(connection, PLACES, rows, write=write)
    assert done.rows == len(rows)
    return done.added, done.updated, done.kept


def names(connection: psycopg.Connection[Any]) -> dict[str, str]:
    return dict(connection.execute("SELECT code, other || name FROM public.places").fetchall())


def test_a_set_is_added_once(connection: psycopg.Connection[Any]) -> None:
    rows = [place("A", "x"), place("B", "y")]
    assert merged(connection, *rows, write=False) == (2, 0, 0)
    assert names(connection) == {}
    assert merged(connection, *rows) == (2, 0, 0)
    assert merged(connection, *rows) == (0, 0, 0)


def test_a_newer_set_updates_in_place_and_deletes_nothing(connection: psycopg.Connection[Any]) -> None:
    merged(connection, place("A", "x"), place("B", "y"), place("C", "z"))
    connection.execute(
        "CREATE TABLE visits (place uuid REFERENCES public.places); INSERT INTO visits SELECT id FROM public.places"
    )
    newer = [place("A", "x", "new"), place("B", "y"), place("D", "w")]
    assert merged(connection, *newer, write=False) == (1, 1, 0)
    assert merged(connection, *newer) == (1, 1, 0)
    assert names(connection) == {"A": "xnew", "B": "yname", "C": "zname", "D": "wname"}
    assert merged(connection, place("A", "x", "newest", 2.25, "{}"), *newer[1:]) == (0, 1, 0)


def test_a_row_that_somebody_changed_stays(connection: psycopg.Connection[Any]) -> None:
    merged(connection, place("A", "x"), place("B", "y"))
    connection.execute("UPDATE public.places SET name = 'theirs' WHERE code = 'A'")
    assert merged(connection, place("A", "x", "new"), place("B", "y", "new")) == (0, 1, 1)
    assert names(connection) == {"A": "xtheirs", "B": "ynew"}
    # once it is as the set has it, it belongs to the set again
    connection.execute("UPDATE public.places SET name = 'new' WHERE code = 'A'")
    assert merged(connection, place("A", "x", "new"), place("B", "y", "new")) == (0, 0, 0)
    assert merged(connection, place("A", "x", "newer"), place("B", "y", "new")) == (0, 1, 0)


def test_a_row_that_somebody_made_stays_with_its_id(connection: psycopg.Connection[Any]) -> None:
    connection.execute("INSERT INTO public.places VALUES (gen_random_uuid(), 'A', 'own', 'theirs')")
    row = connection.execute("SELECT id FROM public.places").fetchone()
    assert merged(connection, place("A", "x"), place("B", "y")) == (1, 0, 1)
    assert connection.execute("SELECT id FROM public.places WHERE code = 'A'").fetchone() == row
    assert names(connection) == {"A": "owntheirs", "B": "yname"}


def test_a_unique_value_that_somebody_else_holds_keeps_the_row_back(connection: psycopg.Connection[Any]) -> None:
    connection.execute("INSERT INTO public.places VALUES (gen_random_uuid(), 'Z', 'x', 'theirs')")
    assert merged(connection, place("A", "x"), place("B", "y")) == (1, 0, 1)
    connection.execute("UPDATE public.places SET code = 'moved' WHERE code = 'B'")
    assert merged(connection, place("A", "x"), place("B", "w")) == (0, 0, 2)
    assert names(connection) == {"Z": "xtheirs", "moved": "yname"}


def test_a_unique_value_moves_from_row_to_row(connection: psycopg.Connection[Any]) -> None:
    merged(connection, place("A", "1"), place("B", "2"), place("C", "3"))
    assert merged(connection, place("A", "2"), place("B", "3"), place("C", "4"), place("D", "1")) == (1, 3, 0)
    assert names(connection) == {"A": "2name", "B": "3name", "C": "4name", "D": "1name"}
    # each waits for the other: nothing is forced
    assert merged(connection, place("A", "3"), place("B", "2"), place("C", "4"), place("D", "1")) == (0, 0, 2)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the databases that hold reference data, as provisioning leaves them."""
    with provisioned(tmp_path_factory.mktemp("cache"), "flight_db", "inventory_db") as made:
        yield made


@pytest.fixture
def flights(server: Server) -> Database:
    database = load_registry().one("flight_db").load()
    with server.connect("flight_db", autocommit=True) as connection:
        connection.execute("TRUNCATE airports, airlines, aircraft_types CASCADE")
        connection.execute("TRUNCATE airside.reference, airside.reference_rows")
    return database


def loaded(done: tuple[Merged, ...]) -> dict[str, tuple[int, int, int]]:
    return {table.table: (table.added, table.updated, table.kept) for table in done}


def test_every_airport_airline_aircraft_and_route(server: Server, flights: Database) -> None:
    planned = would_load(server, flights)
    first = load(server, flights)
    assert planned == first
    assert {table.table: table.added for table in first.tables} == {table.table: table.rows for table in first.tables}
    assert load(server, flights, unless_current=True) == load(server, flights)
    assert not load(server, flights).changed
    with server.connect(flights.name) as connection:
        (distance,) = connection.execute(
            "SELECT distance_km FROM routes"
            " INNER JOIN airports AS o ON o.id = origin_airport_id"
            " INNER JOIN airports AS d ON d.id = destination_airport_id"
            " WHERE (o.iata_code, d.iata_code) = ('LHR', 'JFK')"
        ).fetchone() or (0,)
        assert distance == pytest.approx(5540, rel=0.005)
        assert connection.execute("SELECT name FROM airlines WHERE iata_code = 'LX'").fetchone() == (
            "Swiss International Air Lines",
        )


def test_what_was_deleted_comes_back_when_it_is_asked_for(server: Server, flights: Database) -> None:
    load(server, flights)
    with server.connect(flights.name, autocommit=True) as connection:
        connection.execute("DELETE FROM airlines WHERE iata_code = 'LX'")
    assert not load(server, flights, unless_current=True).changed
    assert would_load(server, flights).changed
    assert loaded(load(server, flights).tables)["airlines"] == (1, 0, 0)


def test_routes_follow_an_airport_with_an_id_of_its_own(server: Server, flights: Database) -> None:
    own = UUID(int=7)
    with server.connect(flights.name, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO airports (id, iata_code, icao_code, name, city, country, timezone)"
            " VALUES (%s, 'JFK', 'KJFK', 'ours', 'New York', 'USA', 'America/New_York')",
            [own],
        )
        done = loaded(load(server, flights).tables)
        assert done["airports"][2] == 1
        row = connection.execute("SELECT count(*) FROM routes WHERE origin_airport_id = %s", [own]).fetchone()
        assert row is not None
        assert row[0] > 50


def test_twice_at_once(server: Server, flights: Database) -> None:
    with server.connect(flights.name, autocommit=True) as connection:
        connection.execute("DROP TABLE airside.reference, airside.reference_rows")
    with ThreadPoolExecutor(3) as pool:
        done = [future.result() for future in [pool.submit(load, server, flights) for _ in range(3)]]
    assert sorted(one.changed for one in done) == [False, False, True]


def test_a_table_that_is_missing_is_named(server: Server, flights: Database) -> None:
    with server.connect(flights.name, autocommit=True) as connection:
        connection.execute("ALTER TABLE routes RENAME TO ways")
        try:
            with pytest.raises(NotProvisioned, match="routes") as missing:
                load(server, flights)
            assert missing.value.next_step == "airside upgrade flight_db"
            assert sum(table.added for table in would_load(server, flights).tables) > 10000
        finally:
            connection.execute("ALTER TABLE ways RENAME TO routes")


def test_seats_belong_to_the_aircraft_of_the_other_database(server: Server, flights: Database) -> None:
    load(server, flights)
    with server.connect("inventory_db") as seats, server.connect(flights.name) as aircraft:
        counted = seats.execute("SELECT aircraft_type_id, class, count(*) FROM seat_configurations GROUP BY 1, 2")
        said = aircraft.execute("SELECT id, e.key, e.value::int FROM aircraft_types, jsonb_each_text(capacity) AS e")
        assert sorted(counted.fetchall()) == sorted(said.fetchall())


def test_a_database_without_reference_tables(server: Server) -> None:
    database = load_registry().one("review_service_db").load()
    assert load(server, database).tables == would_load(server, database).tables == ()


def test_the_environment_does_not_mind_reference_data(server: Server, flights: Database) -> None:
    load(server, flights)
    with server.connect(flights.name, autocommit=True) as connection:
        assert would_mark(connection, "development")
        connection.execute(sql.SQL("CREATE TABLE public.extra AS SELECT 1 AS id"))
        with pytest.raises(Refused, match="extra"):
            would_mark(connection, "development")
        connection.execute("DROP TABLE public.extra")
