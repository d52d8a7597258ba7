"""`inspect` on a real server: every kind, what is left out, how it behaves as a guest in a connection."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from airside.schema.core.catalog import Catalog, Key, inspect
from airside.schema.core.compare import compare
from airside.server import Server
from psycopg import sql
from psycopg.rows import dict_row

from .catalog_cases import CASES, OWNER, UNPLANNED, Case

Connection = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def reader(server: Server) -> Iterator[str]:
    """A role without any right; roles belong to the whole cluster, so its name is its own."""
    name = f"reader_{uuid.uuid4().hex[:8]}"
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)))
        yield name
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.fixture
def connection(server: Server, database: str, reader: str) -> Iterator[Connection]:
    with server.connect(database, autocommit=True) as connected:
        yield connected


def _run(connection: Connection, script: str) -> Catalog:
    connection.execute(script.encode())
    return inspect(connection)


def _named(value: Any, reader: str) -> Any:
    """The same with the role's real name for READER."""
    if isinstance(value, str):
        return value.replace("READER", reader)
    if isinstance(value, dict):
        return {name: _named(item, reader) for name, item in value.items()}
    return [_named(item, reader) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_kind(case: Case, connection: Connection, database: str, reader: str) -> None:
    if connection.info.server_version // 10000 < case.since:
        pytest.skip(f"PostgreSQL {case.since} and later")
    script, own = case.script.replace("READER", reader).replace("AIRSIDE_SUB", f'"{database}"'), database
    key = Key(case.key.kind, tuple(_named(part, reader).replace("AIRSIDE_SUB", own) for part in case.key.identity))
    try:
        found = _run(connection, script)[key]
        if case.name not in ("shell type", "collation"):
            assert found.properties == _named(case.properties, reader)
        if case.extra is not None:
            assert found.extra == case.extra
        _assert_no_secret(inspect(connection))
    finally:
        connection.execute(sql.SQL("DROP SUBSCRIPTION IF EXISTS {}").format(sql.Identifier(database)))
        connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(reader)))


def _assert_no_secret(catalog: Catalog) -> None:
    assert "secret" not in repr(dict(catalog))


def test_transform(connection: Connection) -> None:
    script = "CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal))"
    # its identity is spelled otherwise in PostgreSQL 15
    (found,) = [item for key, item in _run(connection, script).items() if key.kind == "transform"]
    assert found.properties == {"from_sql": "prsd_lextype(internal)"}


def test_what_cannot_be_planned_is_seen() -> None:
    assert len({case.key.kind for case in UNPLANNED}) == 18


def test_a_new_database_is_nearly_empty(connection: Connection) -> None:
    keys = {str(key) for key in inspect(connection)}
    assert keys == {
        "schema public",
        "comment schema.public",
        "extension plpgsql",
        "comment extension.plpgsql",
    }


LEFT_OUT = {
    "ledger of the tool": "CREATE SCHEMA airside; CREATE TABLE airside.t (a integer DEFAULT 1 PRIMARY KEY);"
    "COMMENT ON TABLE airside.t IS 'x'; GRANT SELECT ON airside.t TO PUBLIC",
    "temporary objects": "CREATE TEMP TABLE t (a serial PRIMARY KEY, b text); CREATE TEMP VIEW v AS SELECT 1",
    "comments on what PostgreSQL brings": "COMMENT ON FUNCTION now() IS 'x'; COMMENT ON TYPE integer IS 'x'",
    "grants on what PostgreSQL brings": "REVOKE EXECUTE ON FUNCTION now() FROM PUBLIC",
}


@pytest.mark.parametrize("script", LEFT_OUT.values(), ids=LEFT_OUT)
def test_left_out(script: str, connection: Connection) -> None:
    before = inspect(connection)
    after = _run(connection, f"BEGIN; {script}")
    connection.execute("ROLLBACK")
    assert compare(before, after) == ()


PARTITIONED = """
CREATE TABLE r (id integer PRIMARY KEY);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE p (
    day date, id integer NOT NULL DEFAULT 1, n serial, r integer REFERENCES r,
    CONSTRAINT positive CHECK (id > 0), PRIMARY KEY (day, id)
) PARTITION BY RANGE (day);
CREATE INDEX by_r ON p (r);
CREATE TRIGGER g BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
"""
CHILDREN = """
CREATE TABLE c PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE d PARTITION OF p FOR VALUES FROM ('2021-01-01') TO ('2022-01-01') PARTITION BY LIST (id);
CREATE TABLE e PARTITION OF d FOR VALUES IN (1);
COMMENT ON TABLE c IS 'x';
ALTER TABLE c ADD CONSTRAINT own CHECK (day >= '2020-01-01') NOT VALID;
ALTER TABLE e ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON e;
GRANT SELECT ON e TO PUBLIC;
"""


def test_partitions_that_agree_make_no_difference(connection: Connection) -> None:
    before = _run(connection, PARTITIONED)
    assert compare(before, _run(connection, CHILDREN)) == ()


DISAGREEMENTS = {
    "owner": ("ALTER TABLE e OWNER TO READER", ("e", "owner is READER, that of public.d is SUPER")),
    "persistence": (
        "CREATE UNLOGGED TABLE u PARTITION OF d FOR VALUES IN (2)",
        ("u", "is UNLOGGED, public.d is not"),
    ),
    "default": (
        "ALTER TABLE c ALTER id SET DEFAULT 2",
        ("c", "column id has the default 2, in public.p it has 1"),
    ),
    "default missing": (
        "ALTER TABLE c ALTER id DROP DEFAULT",
        ("c", "column id has the default NULL, in public.p it has 1"),
    ),
    "not null": ("ALTER TABLE c ALTER r SET NOT NULL", ("c", "column r is NOT NULL, in public.p it is NULL")),
    "index": ("CREATE INDEX i ON ONLY d (r)", ("e", "index i of public.d is missing")),
    "constraint": (
        "ALTER TABLE ONLY d ADD CONSTRAINT k UNIQUE (id, day)",
        ("e", "constraint k of public.d is missing"),
    ),
    "trigger": ("ALTER TABLE c DISABLE TRIGGER g", ("c", "trigger g is not enabled as it is in public.p")),
}


@pytest.mark.parametrize(("script", "expected"), DISAGREEMENTS.values(), ids=DISAGREEMENTS)
def test_partitions_that_disagree(script: str, expected: tuple[str, str], connection: Connection, reader: str) -> None:
    _run(connection, PARTITIONED + CHILDREN)
    catalog = _run(connection, _named(script, reader))
    sentence = _named(expected[1], reader).replace("SUPER", connection.info.user)
    assert catalog[Key("partition", ("public", expected[0]))].properties == {"disagreements": [sentence]}
    assert len([key for key in catalog if key.kind == "partition"]) == 1
    connection.execute("DROP TABLE p CASCADE")


def test_extension_members_are_left_out(connection: Connection) -> None:
    before = inspect(connection)
    connection.execute("CREATE EXTENSION btree_gist")
    changes = [str(change) for change in compare(before, inspect(connection))]
    assert changes == ["create comment extension.btree_gist", "create extension btree_gist"]


def test_security_labels(connection: Connection) -> None:
    connection.execute("CREATE TABLE t (a integer)")
    # No label provider comes with PostgreSQL, so the rows are written as one would.
    connection.execute("SET allow_system_table_mods = on")
    connection.execute(
        "INSERT INTO pg_seclabel VALUES ('t'::regclass, 'pg_class'::regclass, 0, 'sky', 'blue'),"
        " ('t'::regclass, 'pg_class'::regclass, 1, 'sky', 'red')"
    )
    catalog = inspect(connection)
    assert catalog[Key("security_label", ("table", "public", "t", "sky"))].properties == {"label": "blue"}
    assert catalog[Key("security_label", ("column", "public", "t", "a", "sky"))].properties == {"label": "red"}


EXAMPLE = """
CREATE SCHEMA s;
CREATE TYPE s.mood AS ENUM ('sad', 'happy');
CREATE DOMAIN s.positive AS integer CONSTRAINT positive CHECK (VALUE > 0);
CREATE FUNCTION s.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION s.twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN n * 2;
CREATE TABLE s.person (
    id serial PRIMARY KEY, name text NOT NULL, mood s.mood DEFAULT 'sad', size s.positive,
    number integer GENERATED ALWAYS AS IDENTITY, CONSTRAINT named CHECK (name <> '')
);
CREATE TABLE s.pet (
    id integer PRIMARY KEY DEFAULT s.twice(1), person integer CONSTRAINT whose REFERENCES s.person,
    moods s.mood[], twice integer GENERATED ALWAYS AS (s.twice(person)) STORED
);
CREATE INDEX by_twice ON s.pet (s.twice(person));
CREATE TRIGGER touch BEFORE UPDATE ON s.person FOR EACH ROW EXECUTE FUNCTION s.touch();
CREATE POLICY own ON s.person USING (s.twice(id) > 0);
CREATE VIEW s.people AS SELECT id, name FROM s.person;
CREATE MATERIALIZED VIEW s.names AS SELECT name FROM s.people;
CREATE STATISTICS s.both ON id, name FROM s.person;
CREATE PUBLICATION news FOR TABLE s.pet;
CREATE FUNCTION s.first() RETURNS SETOF s.person LANGUAGE sql BEGIN ATOMIC SELECT * FROM s.person; END;
COMMENT ON INDEX s.person_pkey IS 'x';
GRANT SELECT (name) ON s.people TO PUBLIC;
"""

CHANGES = {
    "GRANT SELECT ON s.person TO PUBLIC": "create grant table.s.person.PUBLIC",
    "GRANT SELECT (name) ON s.person TO PUBLIC": "create grant column.s.person.name.PUBLIC",
    "GRANT USAGE ON SEQUENCE s.person_number_seq TO PUBLIC": "create grant sequence.s.person_number_seq.PUBLIC",
    "REVOKE EXECUTE ON FUNCTION s.twice FROM PUBLIC": "create grant function.s.twice.integer.PUBLIC",
    "COMMENT ON COLUMN s.people.name IS 'x'": "create comment column.s.people.name",
    "COMMENT ON INDEX s.person_pkey IS 'y'": "alter comment index.s.person_pkey (text)",
    "COMMENT ON CONSTRAINT person_pkey ON s.person IS 'y'": "create comment constraint.s.person.person_pkey",
    "COMMENT ON SCHEMA public IS NULL": "drop comment schema.public",
    "ALTER INDEX s.by_twice SET (fillfactor = 60)": "alter index s.by_twice (definition)",
    "ALTER INDEX s.person_pkey SET (fillfactor = 60)": "alter constraint s.person.person_pkey (index_options)",
    "ALTER TABLE s.person ALTER name DROP NOT NULL": "alter column s.person.name (not_null)",
    "ALTER TABLE s.person ALTER number SET INCREMENT 3": "alter column s.person.number (identity_options)",
    "ALTER TABLE s.pet ADD other numeric(4,1)": "create column s.pet.other",
    "ALTER TABLE s.person ENABLE ROW LEVEL SECURITY": "alter table s.person (rls)",
    "ALTER TABLE s.person DISABLE TRIGGER touch": "alter trigger s.person.touch (enabled)",
    "ALTER SEQUENCE s.person_id_seq CACHE 9": "alter sequence s.person_id_seq (cache)",
    "ALTER TYPE s.mood ADD VALUE 'calm'": "alter enum s.mood (labels)",
    "ALTER DOMAIN s.positive SET NOT NULL": "alter domain s.positive (not_null)",
    "ALTER VIEW s.people SET (security_barrier)": "alter view s.people (options)",
    "ALTER PUBLICATION news ADD TABLE s.person": "alter publication news (tables)",
    "ALTER POLICY own ON s.person TO CURRENT_USER": "alter policy s.person.own (roles)",
    "ALTER STATISTICS s.both SET STATISTICS 10": "alter statistics s.both (target)",
    "ALTER FUNCTION s.twice STABLE": "alter function s.twice.integer (definition)",
    "ALTER TABLE s.pet VALIDATE CONSTRAINT whose": None,
    "ANALYZE s.pet": None,
    "REINDEX INDEX s.by_twice": None,
    "SELECT nextval('s.person_id_seq')": None,
}


@pytest.mark.parametrize("statement", CHANGES)
def test_one_statement_is_one_change(statement: str, connection: Connection) -> None:
    before = _run(connection, EXAMPLE)
    after = _run(connection, statement)
    expected = CHANGES[statement]
    assert [str(change) for change in compare(before, after)] == ([expected] if expected else [])
    assert (before.fingerprint == after.fingerprint) == (expected is None)


def test_equal_scripts_give_equal_catalogs(server: Server, connection: Connection, reader: str) -> None:
    """Also when the owners differ and the order of creation did."""
    first = _run(connection, "CREATE TABLE unrelated (); DROP TABLE unrelated;" + EXAMPLE)
    name = f"second_{uuid.uuid4().hex[:8]}"
    create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0")
    with server.connect(autocommit=True) as admin:
        admin.execute(create.format(sql.Identifier(name), sql.Identifier(reader)))
        try:
            with server.connect(name, autocommit=True) as other:
                other.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(reader)))
                second = _run(other, EXAMPLE)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    assert compare(first, second) == ()
    assert first.fingerprint == second.fingerprint
    assert second.owner == reader
    assert second.major == connection.info.server_version // 10000


def _key(text: str) -> Key:
    kind, _, identity = text.partition(" ")
    return Key(kind, tuple(identity.split(".")))


DEPENDENCIES = {
    "table s.person": "schema s",
    "column s.person.mood": "enum s.mood, schema s, table s.person",
    "column s.person.id": "schema s, sequence s.person_id_seq, table s.person",
    "column s.person.number": "schema s, table s.person",
    "column s.pet.id": "function s.twice.integer, schema s, table s.pet",
    "column s.pet.moods": "enum s.mood, schema s, table s.pet",
    "column s.pet.twice": "column s.pet.person, function s.twice.integer, schema s, table s.pet",
    "sequence s.person_id_seq": "schema s",
    "constraint s.person.named": "column s.person.name, schema s, table s.person",
    "constraint s.pet.whose": "column s.person.id, column s.pet.person, constraint s.person.person_pkey,"
    " schema s, table s.person, table s.pet",
    "index s.by_twice": "column s.pet.person, function s.twice.integer, schema s, table s.pet",
    "trigger s.person.touch": "function s.touch., schema s, table s.person",
    "policy s.person.own": "column s.person.id, function s.twice.integer, schema s, table s.person",
    "view s.people": "column s.person.id, column s.person.name, schema s, table s.person",
    "materialized_view s.names": "schema s, view s.people",
    "statistics s.both": "column s.person.id, column s.person.name, schema s, table s.person",
    "publication news": "table s.pet",
    "function s.first.": "column s.person.id, column s.person.mood, column s.person.name, column s.person.number,"
    " column s.person.size, schema s, table s.person",
    "comment index.s.person_pkey": "constraint s.person.person_pkey",
    "grant column.s.people.name.PUBLIC": "view s.people",
}


def test_dependencies(connection: Connection) -> None:
    connection.execute(EXAMPLE)
    catalog = inspect(connection, dependencies=True)
    found = {text: ", ".join(sorted(map(str, catalog.dependencies[_key(text)]))) for text in DEPENDENCIES}
    assert found == DEPENDENCIES
    assert all(key in catalog and key not in needs for key, needs in catalog.dependencies.items())
    assert all(need in catalog for needs in catalog.dependencies.values() for need in needs)


def test_dependencies_have_no_circle(connection: Connection) -> None:
    connection.execute((PARTITIONED + CHILDREN + EXAMPLE).encode())
    remaining = dict(inspect(connection, dependencies=True).dependencies)
    while ready := [key for key, needs in remaining.items() if not needs & remaining.keys()]:
        for key in ready:
            del remaining[key]
    assert remaining == {}


def test_dependencies_on_members_of_extensions_name_the_extension(connection: Connection) -> None:
    connection.execute("CREATE EXTENSION citext; CREATE TABLE t (a citext)")
    catalog = inspect(connection, dependencies=True)
    assert Key("extension", ("citext",)) in catalog.dependencies[Key("column", ("public", "t", "a"))]


def test_without_being_asked_there_are_no_dependencies(connection: Connection) -> None:
    assert _run(connection, EXAMPLE).dependencies == {}


ODD_SETTINGS = """
SET search_path = s, public; SET quote_all_identifiers = on; SET datestyle = 'SQL, DMY';
SET intervalstyle = iso_8601; SET timezone = 'Asia/Tokyo'; SET bytea_output = escape; SET extra_float_digits = -5;
"""
SPELLED = """
CREATE TABLE s.spelled (
    a interval DEFAULT '1 day', b timestamptz DEFAULT '2020-02-01 00:00+00', c bytea DEFAULT '\\x61',
    d double precision DEFAULT 0.1::double precision, e date DEFAULT '2020-02-01'
)
"""


def test_settings_of_the_session_change_nothing_and_stay(connection: Connection) -> None:
    before = _run(connection, EXAMPLE + SPELLED)
    connection.execute(ODD_SETTINGS)
    after = inspect(connection)
    assert compare(before, after) == ()
    shown = connection.execute("SELECT current_setting('search_path'), current_setting('intervalstyle')").fetchone()
    assert shown == ("s, public", "iso_8601")


def test_inside_an_open_transaction(connection: Connection) -> None:
    """It sees what the transaction did, and leaves it open with its settings."""
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL search_path = public, pg_catalog")
        catalog = _run(connection, "CREATE TABLE fresh (a integer)")
        assert Key("table", ("public", "fresh")) in catalog
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
        connection.execute("CREATE TABLE later ()")
        row = connection.execute("SELECT current_setting('search_path'), current_setting('jit')").fetchone()
        assert row == ("public, pg_catalog", connection.execute("SHOW jit").fetchone()[0])  # type: ignore[index]
    assert Key("table", ("public", "fresh")) not in inspect(connection)


@pytest.mark.parametrize("autocommit", [True, False])
def test_leaves_nothing_behind(server: Server, database: str, autocommit: bool) -> None:
    with server.connect(database, autocommit=autocommit, row_factory=dict_row) as connected:
        settings = "SELECT name, setting FROM pg_settings ORDER BY name"
        before = connected.execute(settings).fetchall()
        connected.rollback()
        inspect(connected, dependencies=True)
        assert connected.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        assert connected.execute(settings).fetchall() == before
        assert connected.execute("SELECT count(*) AS n FROM pg_prepared_statements").fetchone() == {"n": 0}
        locks = "SELECT count(*) AS n FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'pg_index'::regclass"
        assert connected.execute(locks).fetchone() == {"n": 0}


def test_a_role_without_rights_reads_the_same(connection: Connection, reader: str) -> None:
    connection.execute(EXAMPLE)
    foreign = (
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER x FOREIGN DATA WRAPPER w;"
        "CREATE USER MAPPING FOR PUBLIC SERVER x OPTIONS (password 'secret');"
        "CREATE EVENT TRIGGER g ON sql_drop EXECUTE FUNCTION s.dropped()"
    )
    connection.execute("CREATE FUNCTION s.dropped() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'")
    connection.execute(foreign)
    everything = inspect(connection, dependencies=True)
    connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(reader)))
    seen = inspect(connection, dependencies=True)
    assert compare(everything, seen) == ()
    assert everything.dependencies == seen.dependencies


def test_a_temporary_table_does_not_stand_in_for_a_catalog(connection: Connection) -> None:
    before = _run(connection, EXAMPLE)
    connection.execute("CREATE TEMP TABLE pg_class (oid oid); CREATE TEMP TABLE pg_namespace (oid oid)")
    assert compare(before, inspect(connection)) == ()


def test_comment_on_the_database(connection: Connection, database: str) -> None:
    comment = sql.SQL("COMMENT ON DATABASE {} IS 'all of it'; GRANT CREATE ON DATABASE {} TO PUBLIC")
    connection.execute(comment.format(sql.Identifier(database), sql.Identifier(database)))
    catalog = inspect(connection)
    assert catalog[Key("comment", ("database",))].properties == {"text": "all of it"}
    assert catalog[Key("grant", ("database", "PUBLIC"))].properties == {
        "privileges": ["CONNECT", "CREATE", "TEMPORARY"]
    }


def test_names_that_need_quotes(connection: Connection) -> None:
    connection.execute('CREATE SCHEMA "S.x"; CREATE TABLE "S.x"."T""y" ("C, d" integer PRIMARY KEY)')
    catalog = inspect(connection)
    assert Key("column", ("S.x", 'T"y', "C, d")) in catalog
    assert catalog[Key("constraint", ("S.x", 'T"y', 'T"y_pkey'))].extra == {"columns": ["C, d"]}
    assert catalog[Key("table", ("S.x", 'T"y'))].properties["owner"] == OWNER
