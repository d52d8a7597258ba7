"""Values for columns, from their types and CHECKs."""

from __future__ import annotations

import re

import pytest
from airside.migrations.checks.values import Column, candidates, matching_text
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "pattern",
    [
        "^[A-Z]{3}$",
        r"^\d{4}-\d{2}$",
        "^(a|b)+$",
        "[^0-9]",
        "^[A-Za-z0-9._%+-]+@[a-z]+[.][a-z]{2,}$",
        "^x?y*$",
        r"\w+ \w+",
    ],
)
def test_a_text_matches_the_pattern_of_a_check(pattern: str) -> None:
    text = matching_text(pattern)
    assert text is not None
    assert re.search(pattern, text)


def test_a_pattern_that_cannot_be_read_gives_nothing() -> None:
    assert matching_text(r"(a)\1") is None
    assert matching_text("[") is None


def column(type_: str, category: str, *, not_null: bool = True, labels: tuple[str, ...] = ()) -> Column:
    return Column("c", type_, not_null=not_null, has_default=False, category=category, labels=labels)


def test_the_words_of_a_check_come_first() -> None:
    check = "CHECK (((status)::text = ANY (ARRAY['open'::text, 'it''s shut'::text])))"
    assert candidates(column("text", "S"), [check], 0)[:2] == ("open", "it's shut")


def test_a_length_that_a_check_names_is_tried() -> None:
    assert "XXX" in candidates(column("text", "S"), ["CHECK ((char_length(c) = 3))"], 0)


@given(st.integers(1, 300), st.integers(0, 5))
def test_texts_fit_their_length(length: int, row: int) -> None:
    values = candidates(column(f"character varying({length})", "S"), [], row)
    assert all(len(value) <= length for value in values if value is not None)


@given(st.integers(1, 38).flatmap(lambda p: st.tuples(st.just(p), st.integers(0, p))))
def test_numbers_of_a_numeric_keep_to_its_whole_digits(shape: tuple[int, int]) -> None:
    precision, scale = shape
    largest = candidates(column(f"numeric({precision},{scale})", "N"), [], 0)
    whole = [len(value.partition(".")[0]) for value in largest if value is not None and set(value) <= set("9.")]
    assert max(whole) <= max(precision - scale, 1)


def test_null_is_tried_only_where_it_may_be() -> None:
    assert None not in candidates(column("integer", "N"), [], 0)
    assert None in candidates(column("integer", "N", not_null=False), [], 0)


def test_rows_begin_with_different_values() -> None:
    assert candidates(column("integer", "N"), [], 0)[0] != candidates(column("integer", "N"), [], 1)[0]


def test_an_enum_has_its_labels() -> None:
    assert set(candidates(column("mood", "E", labels=("sad", "glad")), [], 0)) == {"sad", "glad"}
