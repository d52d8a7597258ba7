"""Statements are read from their trees, those within DO blocks and functions too."""

from __future__ import annotations

import pytest
from airside.migrations.checks.effects import Effect
from airside.migrations.checks.trees import commands, default_of, kind_of, means, names, option, statements, type_name
from hypothesis import given
from hypothesis import strategies as st
from postgast import pg_query_pb2

_NAME = st.text(st.characters(codec="utf-8", exclude_characters=".\x00"), min_size=1, max_size=20)


def effect(sql: str) -> Effect:
    return Effect(sql, "f:1", "1", "up", 1, True, ())


def kinds(sql: str, **routines: str) -> list[str]:
    return [kind_of(node) for node in statements(effect(sql), routines)]


def test_a_plain_statement_is_itself() -> None:
    assert kinds("CREATE INDEX ON t (a)") == ["index_stmt"]
    assert kinds("not SQL") == []


@pytest.mark.parametrize(
    "body",
    [
        "ALTER TABLE t ADD COLUMN a int;",
        "IF NOT EXISTS (SELECT 1) THEN ALTER TABLE t ADD COLUMN a int; END IF;",
        "EXECUTE 'ALTER TABLE t ADD COLUMN a int';",
        "EXECUTE 'ALTER TABLE ' || quote_ident('t') || ' ADD COLUMN a int';",
        "EXECUTE format('ALTER TABLE %I ADD COLUMN %s %s', 't', 'a', 'int');",
        "EXECUTE format('ALTER TABLE %2$I ADD COLUMN %1$s int', 'a', 't');",
        "EXECUTE concat('ALTER TABLE t', ' ADD COLUMN a int');",
        "BEGIN ALTER TABLE t ADD COLUMN a int; EXCEPTION WHEN duplicate_column THEN NULL; END;",
        "EXECUTE 'DO ''BEGIN ALTER TABLE t ADD COLUMN a int; END''';",
    ],
)
def test_commands_in_a_block_are_found(body: str) -> None:
    [command] = commands(effect(f"DO $$ BEGIN {body} END $$"))
    assert (command.relation, command.subtype, command.name) == ("t", pg_query_pb2.AT_AddColumn, "a")


def test_what_only_a_run_knows_may_be_anything() -> None:
    [command] = commands(effect("DO $$ DECLARE n text; BEGIN EXECUTE format('ALTER TABLE p_%s SET LOGGED', n); END $$"))
    assert names(command.relation, "public.p_2026")
    assert not names(command.relation, "public.q_2026")


def test_functions_are_followed_as_far_as_they_are_known() -> None:
    inner = "CREATE FUNCTION inner_one() RETURNS void LANGUAGE sql AS 'REINDEX TABLE t'"
    outer = "CREATE FUNCTION outer_one() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM inner_one(); END $$"
    assert "reindex_stmt" in kinds("SELECT outer_one()", inner_one=inner, outer_one=outer)
    assert "reindex_stmt" in kinds("DO $$ BEGIN PERFORM outer_one(); END $$", inner_one=inner, outer_one=outer)
    assert "reindex_stmt" not in kinds("SELECT outer_one()", outer_one=outer)
    itself = "CREATE FUNCTION again() RETURNS void LANGUAGE sql AS 'SELECT again()'"
    assert set(kinds("SELECT again()", again=itself)) == {"select_stmt"}


@given(_NAME, _NAME, _NAME)
def test_a_name_means_the_relation_that_it_names(schema: str, table: str, other: str) -> None:
    assert names(table, f"{schema}.{table}")
    assert names(f"{schema}.{table}", f"{schema}.{table}")
    assert names(f"{other}.{table}", f"{schema}.{table}") == (other == schema)
    assert means(other, table) == (other == table)


@pytest.mark.parametrize(
    ("sql", "full"),
    [
        ("VACUUM FULL t", True),
        ("VACUUM (FULL) t", True),
        ("VACUUM (FULL true, ANALYZE) t", True),
        ("VACUUM (FULL 1) t", True),
        ("VACUUM (FULL off) t", False),
        ("VACUUM (FULL 0) t", False),
        ("VACUUM (ANALYZE) t", False),
    ],
)
def test_options_are_on_unless_they_say_off(sql: str, full: bool) -> None:
    tree = effect(sql).tree
    assert tree is not None
    assert option(tree.vacuum_stmt.options, "full") is full


def test_a_new_column_tells_its_type_and_default() -> None:
    plain, filled = commands(effect("ALTER TABLE t ADD COLUMN a numeric(10, 2), ADD COLUMN b serial DEFAULT 1"))
    assert (type_name(plain.column.type_name), default_of(plain.column)) == ("numeric", None)
    assert type_name(filled.column.type_name) == "serial"
    assert default_of(filled.column) is not None


def test_bodies_that_are_no_text_are_read_or_left() -> None:
    atomic = "CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC UPDATE t SET a = 1; DELETE FROM u; END"
    assert kinds("SELECT f()", f=atomic) == ["select_stmt", "update_stmt", "delete_stmt"]
    in_c = "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'library', 'symbol'"
    assert kinds("SELECT f()", f=in_c) == ["select_stmt"]
    expression = "CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1"
    assert kinds("SELECT f()", f=expression) == ["select_stmt"]
    assert kinds("DO LANGUAGE plpython3u 'pass'") == ["do_stmt"]
