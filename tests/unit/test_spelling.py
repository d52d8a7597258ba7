"""Expressions that PostgreSQL spells in two ways."""

from __future__ import annotations

import pytest
from airside.schema.core.catalog.spelling import one_spelling, spelled
from airside.schema.core.plan.readable import readable

FIRST = "CHECK (((state)::text = ANY ((ARRAY['new'::character varying, 'it''s'::character varying])::text[])))"
RESTORED = "CHECK (((state)::text = ANY (ARRAY[('new'::character varying)::text, ('it''s'::character varying)::text])))"


def test_the_restored_spelling_is_the_first() -> None:
    assert one_spelling(RESTORED) == FIRST
    assert one_spelling(FIRST) == FIRST


def test_other_arrays_stay() -> None:
    text = "CHECK ((a = ANY (ARRAY[('x'::character varying)::text, b])))"
    assert one_spelling(text) == text


def test_nested_properties_are_spelled_too() -> None:
    assert spelled({"constraints": {"c": RESTORED}, "n": 1}) == {"constraints": {"c": FIRST}, "n": 1}


def test_a_draft_says_in() -> None:
    assert readable(FIRST) == "CHECK ((state IN ('new', 'it''s')))"
    assert readable(FIRST.replace("= ANY", "<> ALL")) == "CHECK ((state NOT IN ('new', 'it''s')))"


def test_bodies_of_routines_stay_as_they_are() -> None:
    assert readable(f"CREATE OR REPLACE FUNCTION f() {FIRST}").endswith(FIRST)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "CHECK ((((a >= 1) AND (a <= 2)) AND ((b >= 1) AND (b <= 2))))",
            "CHECK (((a >= 1) AND (a <= 2) AND ((b >= 1) AND (b <= 2))))",
        ),
        ("((((a < 1) OR (a > 2)) OR b) OR c)", "((a < 1) OR (a > 2) OR b OR c)"),
        ("(((x = ') AND (') AND y) AND z)", "((x = ') AND (') AND y AND z)"),
    ],
)
def test_a_chain_is_flat_on_the_left(before: str, after: str) -> None:
    assert one_spelling(before) == after
    assert one_spelling(after) == after


@pytest.mark.parametrize(
    "text",
    [
        "(((a < 1) OR (a > 2)) AND b)",
        "(((a < 1) AND (a > 2)) OR b)",
        "((a AND b) IS TRUE)",
        "((a) AND (b))",
        """((x = '((a) AND b) AND c') OR ("((a) AND b) AND c" AND y))""",
        "(f((a AND b), c) AND d)",
        ") AND ((",
    ],
)
def test_other_parentheses_stay(text: str) -> None:
    assert one_spelling(text) == text
