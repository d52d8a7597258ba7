"""Drift: every kind of change made by hand is seen, also right after a look that found none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from airside.migrations.cache import CatalogCache, catalog_token
from airside.migrations.drift import drift
from airside.migrations.provision import provision
from airside.schema.core.catalog import Catalog, inspect
from airside.schema.core.compare import compare
from airside.server import Server
from psycopg import sql

from ..stranger import Project, new_project

UP = """
CREATE EXTENSION btree_gist;
CREATE SCHEMA audit;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN positive AS int CHECK (value > 0);
CREATE SEQUENCE numbers;
CREATE TABLE notes (id int PRIMARY KEY, body text NOT NULL, feeling mood DEFAULT 'sad', amount positive, tag text);
CREATE INDEX notes_tag_idx ON notes (tag);
CREATE TABLE links (note_id int CONSTRAINT links_note_fk REFERENCES notes (id));
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER notes_touch BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch();
CREATE VIEW tagged AS SELECT id, tag FROM notes;
CREATE MATERIALIZED VIEW tags AS SELECT tag, count(*) AS n FROM notes GROUP BY tag;
CREATE POLICY own ON notes USING (true);
CREATE STATISTICS notes_stats ON body, tag FROM notes;
COMMENT ON TABLE notes IS 'what was noted';
"""
BY_HAND = (
    "ALTER TABLE notes ADD COLUMN extra int",
    "ALTER TABLE notes ALTER COLUMN body TYPE varchar(200)",
    "ALTER TABLE notes ALTER COLUMN tag SET DEFAULT 'x'",
    "ALTER TABLE notes ALTER COLUMN body DROP NOT NULL",
    "ALTER TABLE notes ALTER COLUMN tag SET STATISTICS 500",
    "ALTER TABLE notes ALTER COLUMN tag SET STORAGE external",
    "ALTER TABLE notes SET (fillfactor = 70)",
    "ALTER TABLE links SET UNLOGGED",
    "ALTER TABLE notes ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE notes REPLICA IDENTITY FULL",
    "ALTER TABLE notes OWNER TO CURRENT_USER",
    "ALTER TABLE notes ADD CONSTRAINT c CHECK (id > 0) NOT VALID",
    "ALTER TABLE links DROP CONSTRAINT links_note_fk",
    "ALTER TABLE notes DISABLE TRIGGER notes_touch",
    "DROP TRIGGER notes_touch ON notes",
    "CREATE INDEX by_hand ON notes (body)",
    "ALTER INDEX notes_tag_idx SET (fillfactor = 50)",
    "DROP INDEX notes_tag_idx",
    "ALTER INDEX notes_tag_idx RENAME TO other_idx",
    "ALTER TYPE mood ADD VALUE 'calm'",
    "ALTER DOMAIN positive DROP CONSTRAINT positive_check",
    "ALTER SEQUENCE numbers INCREMENT BY 5",
    "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
    "CREATE OR REPLACE VIEW tagged AS SELECT id, tag FROM notes WHERE tag IS NOT NULL",
    "ALTER VIEW tagged SET (security_invoker = true)",
    "CREATE INDEX tags_idx ON tags (tag)",
    "ALTER POLICY own ON notes USING (false)",
    "DROP STATISTICS notes_stats",
    "GRANT SELECT ON notes TO PUBLIC",
    "GRANT SELECT (tag) ON notes TO PUBLIC",
    "GRANT USAGE ON SCHEMA audit TO PUBLIC",
    "REVOKE EXECUTE ON FUNCTION touch() FROM PUBLIC",
    "GRANT TEMPORARY ON DATABASE {database} TO PUBLIC",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA audit GRANT SELECT ON TABLES TO PUBLIC",
    "COMMENT ON TABLE notes IS 'something else'",
    "COMMENT ON COLUMN notes.tag IS 'a tag'",
    "CREATE TABLE by_hand (id int)",
    "CREATE SCHEMA by_hand",
    "CREATE TYPE pair AS (a int, b int)",
    "CREATE TYPE span AS RANGE (subtype = int)",
    "CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int)",
    "CREATE PUBLICATION by_hand FOR TABLE notes",
    "CREATE RULE r AS ON DELETE TO links DO INSTEAD NOTHING",
    "CREATE COLLATION by_hand (provider = libc, locale = 'C')",
    "CREATE EXTENSION pg_trgm",
    "DROP VIEW tagged",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Iterator[Project]:
    made = new_project(tmp_path_factory.mktemp("drift"))
    made.revision(1, UP, "SELECT 1;\n")
    session = made.session(server)
    provision(server, session.entry, session.entry.load(), session)
    yield made
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(made.name)))


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.getbasetemp() / "drift-cache"
    monkeypatch.setenv("AIRSIDE_CACHE_DIR", str(folder))
    return folder


@pytest.fixture(scope="module")
def untouched(server: Server, project: Project) -> Catalog:
    with server.connect(project.name, autocommit=True) as connection:
        return inspect(connection)


@pytest.mark.parametrize("statement", BY_HAND)
def test_a_change_by_hand_changes_the_token_and_is_seen(
    server: Server, project: Project, untouched: Catalog, statement: str
) -> None:
    clone = f"{project.name}_x"
    names = [sql.Identifier(name) for name in (clone, project.name, project.entry.load().roles.owner)]
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(*names))
    try:
        with server.connect(clone, autocommit=True) as connection:
            before = catalog_token(connection)
            connection.execute("ANALYZE")
            assert catalog_token(connection) == before
            connection.execute(statement.replace("{database}", clone).encode())
            assert catalog_token(connection) != before
            assert compare(untouched, inspect(connection)) != ()
    finally:
        with server.connect(autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(names[0]))


def test_drift_is_found_named_and_gone_again(server: Server, project: Project) -> None:
    entry, database = project.entry, project.entry.load()
    assert drift(server, entry, database).changes == ()
    with server.connect(project.name, autocommit=True) as connection:
        connection.execute("ALTER TABLE notes ALTER COLUMN tag SET DEFAULT 'x'")
        (change,) = drift(server, entry, database).changes
        assert str(change) == "alter column public.notes.tag (default)"
        connection.execute("ALTER TABLE notes ALTER COLUMN tag DROP DEFAULT")
    assert drift(server, entry, database).changes == ()


def test_a_damaged_cache_is_found_out_again(server: Server, project: Project, cache: Path) -> None:
    entry, database = project.entry, project.entry.load()
    assert drift(server, entry, database).changes == ()
    for file in (cache / "catalogs").iterdir():
        file.write_bytes(file.read_bytes()[:-20])
        assert CatalogCache().load(file.name) is None
    for file in (cache / "agreed").iterdir():
        file.unlink()
    assert drift(server, entry, database).changes == ()
