"""What is told of expressions: what has to be indexed, what is always true, what time can turn false."""

from __future__ import annotations

import pytest
from airside.migrations.checks.clock import can_turn_false, changing
from airside.migrations.checks.expressions import Node, always_true, demanded, parsed, spelled
from airside.migrations.checks.nodetree import Applied, applied
from hypothesis import given
from hypothesis import strategies as st


def tree(text: str) -> Node:
    found = parsed(text)
    assert found is not None, text
    return found


@pytest.mark.parametrize(
    ("text", "demands"),
    [
        ("tenant = current_setting('x')::uuid", [{"tenant"}]),
        ("current_setting('x')::uuid = tenant", [{"tenant"}]),
        ("tenant = ANY (my_tenants())", [{"tenant"}]),
        ("docs.org IN (SELECT m.org FROM m)", [{"org"}]),
        ("a = f() AND b = f()", [{"a", "b"}]),
        ("a = f() OR b = f()", [{"a"}, {"b"}]),
        ("a = f() AND (b OR c = 'x')", [{"a"}]),
        ("lower(mail) = f()", [{"lower(mail)"}]),
        ("mail::text = CURRENT_USER", [{"mail"}]),
        ("id::text = CURRENT_USER", [{"id::text"}]),
        ("a = b", []),
        ("a = 1", []),
        ("a > f()", []),
        ("NOT a = f()", []),
        ("f(a)", []),
        ("EXISTS (SELECT FROM m WHERE m.a = f())", []),
    ],
)
def test_what_a_policy_compares_has_to_be_indexed(text: str, demands: list[set[str]]) -> None:
    assert [set(demand) for demand in demanded(tree(text), frozenset({"mail"}))] == demands


@pytest.mark.parametrize(
    "text", ["true", "true::bool", "1 = 1", "id = id", "a = b AND false OR true", "true AND 2 = 2"]
)
def test_what_is_always_true(text: str) -> None:
    assert always_true(tree(text))


@pytest.mark.parametrize(
    "text", ["false", "a", "a = b", "1 = 2", "random() = random()", "true AND a", "NOT true", "f()"]
)
def test_what_need_not_be_true(text: str) -> None:
    assert not always_true(tree(text))


@pytest.mark.parametrize(
    "text",
    [
        "a > 0",
        "born <= CURRENT_DATE",
        "CURRENT_TIMESTAMP > at",
        "now() >= at - interval '1 day'",
        "born < (now() - interval '18 years')::date",
        "born + 3 < CURRENT_DATE + 5",
        "made <= extract(year FROM now()) + 1",
        "made <= date_part('year', CURRENT_DATE)",
        "age(born) > interval '18 years'",
        "age(now(), born) > interval '18 years'",
        "at < date_trunc('day', now())",
        "at <= now() AND at >= '2020-01-01'",
        "done IS NULL OR done <= now()",
    ],
)
def test_time_only_rises(text: str) -> None:
    assert not can_turn_false(tree(text))


@pytest.mark.parametrize(
    "text",
    [
        "departs > now()",
        "departs >= CURRENT_DATE - 3",
        "now() <= departs",
        "at = CURRENT_DATE",
        "at <> now()",
        "at BETWEEN now() - interval '1 day' AND now()",
        "month <= extract(month FROM now())",
        "at <= timestamp '2030-01-01' - (now() - at)",
        "at > coalesce(done, now())",
        "NOT at < now()",
        "owner = CURRENT_USER",
        "x < random()",
        "(at < now()) = true",
        "at <= now() OR at > now() + interval '1 day'",
        "a < LOCALTIME",
    ],
)
def test_what_time_or_the_session_can_turn_false(text: str) -> None:
    assert can_turn_false(tree(text))
    assert changing(tree(text))


conditions = st.recursive(
    st.sampled_from(["true", "a = b", "a > 0", "born <= CURRENT_DATE", "due > now()", "a = f()", "x IN (1, 2)"]),
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR"]), inner)
        | st.builds("(NOT {})".format, inner)
    ),
    max_leaves=8,
)


@given(conditions)
def test_one_spelling_for_one_tree(text: str) -> None:
    once = spelled(tree(text))
    assert spelled(tree(once)) == once


@given(conditions, conditions)
def test_and_is_true_only_with_both_and_or_with_one(one: str, other: str) -> None:
    both = always_true(tree(one)), always_true(tree(other))
    assert always_true(tree(f"({one}) AND ({other})")) == all(both)
    assert always_true(tree(f"({one}) OR ({other})")) == any(both)


@given(conditions, conditions)
def test_what_can_turn_false_can_in_company(one: str, other: str) -> None:
    alone = can_turn_false(tree(one)) or can_turn_false(tree(other))
    assert can_turn_false(tree(f"({one}) AND ({other})")) == alone


def test_a_text_that_does_not_parse_is_told() -> None:
    assert parsed("a =") is None


VAR = "{VAR :varno 1 :varattno 2 :vartype 25 :varlevelsup %d :location 7}"
CONST = "{CONST :consttype 25 :constvalue 5 [ 20 0 0 0 97 ]}"


def operator(number: int, *arguments: str) -> str:
    return f"{{OPEXPR :opno {number} :opfuncid {number + 1000} :args ({' '.join(arguments)}) :location -1}}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", Applied()),
        (operator(98, VAR % 0, CONST), Applied(operators=frozenset({98}))),
        (operator(98, CONST, CONST), Applied()),
        (
            operator(98, "{FUNCEXPR :funcid 870 :args (" + VAR % 0 + ")}", CONST),
            Applied(frozenset({870}), frozenset({98})),
        ),
        (
            operator(98, "{COERCEVIAIO :arg " + VAR % 0 + " :resulttype 23}", CONST),
            Applied(frozenset(), frozenset({98}), frozenset({23})),
        ),
        # of a subquery, and of the table itself from within it
        ("{SUBLINK :subselect {QUERY :quals " + operator(98, VAR % 0, CONST) + "}}", Applied()),
        (
            "{SUBLINK :subselect {QUERY :quals " + operator(98, VAR % 1, CONST) + "}}",
            Applied(operators=frozenset({98})),
        ),
        (
            "{SUBLINK :alias a\\{b\\ :opno\\(c :testexpr " + operator(7, VAR % 0) + "}",
            Applied(operators=frozenset({7})),
        ),
    ],
)
def test_what_is_applied_to_columns_of_the_table(text: str, found: Applied) -> None:
    assert applied(text) == found
