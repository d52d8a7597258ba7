"""Cases that share a database find nothing of each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from airside.schema.core.catalog import inspect
from airside.server import Server

from .ground import Ground

LEFT = [
    "CREATE TABLE t (id serial PRIMARY KEY); CREATE VIEW v AS SELECT 1; COMMENT ON SCHEMA public IS 'x'",
    "CREATE SCHEMA other; CREATE TABLE other.t (); DROP SCHEMA public",
    "CREATE ROLE ground_role; CREATE TABLE t (); GRANT SELECT ON t TO ground_role;"
    " GRANT CREATE ON SCHEMA public TO ground_role",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
    "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
    " CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f(); CREATE PUBLICATION p FOR ALL TABLES",
    "CREATE TYPE pair AS (a int, b int); CREATE FUNCTION to_pair(int) RETURNS pair LANGUAGE sql AS 'SELECT $1, $1';"
    " CREATE CAST (int AS pair) WITH FUNCTION to_pair(int)",
]


@pytest.fixture
def ground(server: Server) -> Iterator[Ground]:
    made = Ground(server)
    yield made
    made.close()


@pytest.mark.parametrize("script", LEFT)
def test_nothing_stays_behind(server: Server, ground: Ground, script: str) -> None:
    with ground.place(server) as place, place.connect() as connection:
        before = inspect(connection).fingerprint
        connection.commit()
        connection.execute(script.encode())
        connection.commit()
    with ground.place(server) as place, place.connect() as connection:
        assert inspect(connection).fingerprint == before
        assert connection.execute("SELECT FROM pg_roles WHERE rolname = 'ground_role'").fetchone() is None


def test_it_is_one_database_as_long_as_nothing_stays_behind(server: Server, ground: Ground) -> None:
    names: list[str] = []
    for _ in range(2):
        with ground.place(server) as place, place.connect(autocommit=True) as connection:
            connection.execute("CREATE TABLE t ()")
            names.append(place.name)
    assert names[0] == names[1]
