"""Scripts are split by PostgreSQL's parser."""

from __future__ import annotations

import pytest
from airside.schema.core.errors import DeclarationError
from airside.schema.core.sql import parse_script, split


def test_semicolons_inside_strings_bodies_and_comments_do_not_split() -> None:
    script = (
        "SELECT 'a;b' /* ; */;\n"
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;\n"
        "CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END ;\n"
        "SELECT 3"
    )
    assert split(script, origin="x") == [
        (1, "SELECT 'a;b'"),
        (2, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$"),
        (3, "CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END"),
        (4, "SELECT 3"),
    ]


def test_comments_belong_to_the_statement_below_them() -> None:
    script = "-- one\n-- SELECT 1;\nSELECT 1; -- tail\n\n-- zwei é\nSELECT 'é';"
    first, second = parse_script(script, origin="x")
    assert (first.line, first.comments) == (3, ("-- one", "-- SELECT 1;"))
    assert (second.line, second.sql, second.comments) == (6, "SELECT 'é'", ("-- zwei é",))


@pytest.mark.parametrize("script", ["", "-- nothing\n", ";;"])
def test_a_script_without_statements_is_empty(script: str) -> None:
    assert split(script, origin="x") == []


def test_a_syntax_error_names_file_and_line() -> None:
    with pytest.raises(DeclarationError, match=r"f\.sql:3: syntax error"):
        split("SELECT 1;\n\nSELEC 2;\n", origin="f.sql")
