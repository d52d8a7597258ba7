"""Plans on a real server: from one schema to another and back, online and in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from airside.schema.core.catalog import Catalog, Key, inspect
from airside.schema.core.compare import compare
from airside.schema.core.plan import Plan, plan
from airside.server import Server
from psycopg import sql

from .plan_pairs import PAIRS, ROLES

Connection = psycopg.Connection[Any]


@pytest.fixture(scope="module", autouse=True)
def _roles(server: Server) -> None:
    with server.connect(autocommit=True) as connection:
        for role in ROLES:
            exists = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            if exists is None:
                connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))


@contextmanager
def built(server: Server, script: str) -> Iterator[Connection]:
    """A database with the script run in it, dropped afterwards."""
    name = f"plan_{uuid.uuid4().hex[:10]}"
    with server.connect(autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            with server.connect(name, autocommit=True) as connection:
                connection.execute(script.encode())
                yield connection
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def apply(connection: Connection, made: Plan) -> None:
    """Run the stages as the runner does: in a transaction, or each statement on its own."""
    for stage in made.stages:
        if stage.transactional:
            with connection.transaction():
                for statement in stage.statements:
                    connection.execute(statement.sql.encode())
        else:
            for statement in stage.statements:
                connection.execute(statement.sql.encode())


def move(connection: Connection, wanted: Catalog, *, online: bool) -> Plan:
    """Plan from what is there to `wanted`, apply it, and expect exactly that."""
    current = inspect(connection, dependencies=True)
    made = plan(current, wanted, online=online)
    assert made.unplanned == (), [f"{one.change}: {one.reason}" for one in made.unplanned]
    assert made.before == current.fingerprint
    assert made.after == wanted.fingerprint
    if not online:
        assert [stage.transactional for stage in made.stages] in ([], [True])
    apply(connection, made)
    assert [str(change) for change in compare(inspect(connection), wanted)] == [], "\n".join(
        statement.sql for statement in made.statements
    )
    return made


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_there_and_back(server: Server, pair: Any) -> None:
    if server.major < pair.min_major:
        pytest.skip(f"needs PostgreSQL {pair.min_major}")
    with built(server, pair.old) as one, built(server, pair.new) as other:
        old, new = inspect(one, dependencies=True), inspect(other, dependencies=True)
        assert compare(old, new), "the two sides of the pair are equal"
        move(one, new, online=True)
        move(one, old, online=False)
        move(other, old, online=True)
        move(other, new, online=False)


def test_nothing_to_do(server: Server) -> None:
    with built(server, "CREATE TABLE trip (id bigserial PRIMARY KEY, title text)") as connection:
        catalog = inspect(connection, dependencies=True)
        assert plan(catalog, catalog).stages == ()


def test_rows_survive_exchanged_enum(server: Server) -> None:
    old = "CREATE TYPE mood AS ENUM ('sad', 'ok', 'gone'); CREATE TABLE person (mood mood DEFAULT 'ok', past mood[]);"
    new = "CREATE TYPE mood AS ENUM ('ok', 'sad'); CREATE TABLE person (mood mood DEFAULT 'ok', past mood[]);"
    with built(server, old) as connection, built(server, new) as target:
        connection.execute("INSERT INTO person VALUES ('sad', '{ok,sad}'), (default, '{}'), (null, null)")
        move(connection, inspect(target, dependencies=True), online=True)
        rows = connection.execute("SELECT mood::text, past::text FROM person ORDER BY mood NULLS LAST").fetchall()
        assert rows == [("ok", "{}"), ("sad", "{ok,sad}"), (None, None)]


def test_removed_label_in_use_stops_the_plan_and_loses_nothing(server: Server) -> None:
    old = "CREATE TYPE mood AS ENUM ('sad', 'gone'); CREATE TABLE person (mood mood);"
    new = "CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE person (mood mood);"
    with built(server, old) as connection, built(server, new) as target:
        connection.execute("INSERT INTO person VALUES ('gone')")
        before = inspect(connection, dependencies=True)
        made = plan(before, inspect(target, dependencies=True))
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            apply(connection, made)
        assert inspect(connection).fingerprint == before.fingerprint
        assert connection.execute("SELECT mood::text FROM person").fetchall() == [("gone",)]


@pytest.mark.parametrize("online", [True, False])
def test_identity_goes_on_after_the_rows_that_exist(server: Server, online: bool) -> None:
    old = "CREATE TABLE trip (id serial PRIMARY KEY, title text)"
    new = "CREATE TABLE trip (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, title text)"
    with built(server, old) as connection, built(server, new) as target:
        before = inspect(connection, dependencies=True)
        connection.execute("INSERT INTO trip (title) VALUES ('a'), ('b'), ('c')")
        move(connection, inspect(target, dependencies=True), online=online)
        assert connection.execute("INSERT INTO trip (title) VALUES ('d') RETURNING id").fetchone() == (4,)
        move(connection, before, online=online)
        assert connection.execute("INSERT INTO trip (title) VALUES ('e') RETURNING id").fetchone() == (5,)


def test_no_table_is_scanned_under_an_exclusive_lock(server: Server) -> None:
    """While a reader holds the table, each online statement either waits for no reader or is done at once."""
    old = "CREATE TABLE trip (id bigint, code text, seats integer); CREATE TABLE place (id bigint PRIMARY KEY);"
    new = """
        CREATE TABLE place (id bigint PRIMARY KEY);
        CREATE TABLE trip (id bigint PRIMARY KEY, code text NOT NULL UNIQUE, seats integer CHECK (seats > 0),
            FOREIGN KEY (id) REFERENCES place (id));
        CREATE INDEX ON trip (seats);
    """
    with built(server, old) as connection, built(server, new) as target:
        made = move(connection, inspect(target, dependencies=True), online=True)
    plain = [statement.sql for statement in made.statements]
    assert all("CONCURRENTLY" in text for text in plain if text.startswith(("CREATE INDEX", "CREATE UNIQUE")))
    adding = [text for text in plain if "ADD CONSTRAINT" in text]
    assert all("NOT VALID" in text or "USING INDEX" in text for text in adding)
    validated = next(n for n, stage in enumerate(made.stages) if any("VALIDATE" in s.sql for s in stage.statements))
    required = next(n for n, stage in enumerate(made.stages) if any("SET NOT NULL" in s.sql for s in stage.statements))
    assert validated < required


def test_stages_outside_a_transaction_can_run_twice(server: Server) -> None:
    old = """
        CREATE TABLE trip (code text, title text, day date);
        CREATE INDEX a ON trip (day);
        CREATE INDEX b ON trip (title);
    """
    new = "CREATE TABLE trip (code text UNIQUE, title text, day date); CREATE INDEX a ON trip (day DESC);"
    with built(server, old) as connection, built(server, new) as target:
        wanted = inspect(target, dependencies=True)
        made = plan(inspect(connection, dependencies=True), wanted)
        for stage in made.stages:
            for _ in range(1 if stage.transactional else 2):
                for statement in stage.statements:
                    connection.execute(statement.sql.encode())
        assert inspect(connection).fingerprint == wanted.fingerprint


REFUSED = {
    "partition key": (
        "CREATE TABLE e (day date, id int) PARTITION BY RANGE (day)",
        "CREATE TABLE e (day date, id int) PARTITION BY RANGE (id)",
        Key("table", ("public", "e")),
    ),
    "becomes partitioned": (
        "CREATE TABLE e (day date, id int)",
        "CREATE TABLE e (day date, id int, PRIMARY KEY (day, id)) PARTITION BY RANGE (day)",
        Key("table", ("public", "e")),
    ),
    "operator": (
        "CREATE FUNCTION same(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2'",
        "CREATE FUNCTION same(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2';"
        "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = same)",
        None,
    ),
    "attributes change place under a column": (
        "CREATE TYPE spot AS (x int, y int); CREATE TABLE t (s spot)",
        "CREATE TYPE spot AS (y int, x int); CREATE TABLE t (s spot)",
        Key("composite", ("public", "spot")),
    ),
    "enum in a partition key": (
        "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE e (m mood) PARTITION BY LIST (m)",
        "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE e (m mood) PARTITION BY LIST (m)",
        Key("enum", ("public", "mood")),
    ),
    "range in use": (
        "CREATE TYPE span AS RANGE (SUBTYPE = integer); CREATE TABLE e (s span)",
        "CREATE TYPE span AS RANGE (SUBTYPE = bigint); CREATE TABLE e (s span)",
        Key("range", ("public", "span")),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_name(server: Server, name: str) -> None:
    old_script, new_script, key = REFUSED[name]
    with built(server, old_script) as one, built(server, new_script) as other:
        made = plan(inspect(one, dependencies=True), inspect(other, dependencies=True))
        assert made.unplanned
        assert all(len(refused.reason) > 10 for refused in made.unplanned)
        if key is not None:
            assert key in {refused.change.key for refused in made.unplanned}
        apply(one, made)


def test_losses_are_named(server: Server) -> None:
    old = """
        CREATE TABLE a (id int, note text, kind varchar(20), twice int GENERATED ALWAYS AS (id * 2) STORED);
        CREATE TABLE b (id int);
        CREATE SEQUENCE s;
        CREATE MATERIALIZED VIEW m AS SELECT 1 AS one;
    """
    with built(server, old) as one, built(server, "CREATE TABLE a (id bigint, kind varchar(10))") as other:
        made = plan(inspect(one, dependencies=True), inspect(other, dependencies=True))
    assert sorted(str(loss) for statement in made.statements for loss in statement.losses) == [
        "-- airside: data-loss column public.a.note",
        "-- airside: data-loss narrowing public.a.kind",
        "-- airside: data-loss sequence public.s",
        "-- airside: data-loss table public.b",
    ]
