"""The pure parts of the planner: names, casts, the order of nodes and their stages."""

from __future__ import annotations

import pytest
from airside.schema.core.catalog import Key
from airside.schema.core.plan.actions.routines import parameters
from airside.schema.core.plan.casts import keeps_every_value, same_index_order, using
from airside.schema.core.plan.graph import Node, cycles, ordered, stages
from airside.schema.core.plan.model import Statement
from airside.schema.core.plan.quote import bare, options, qualified, quote_ident, quote_literal, shortened
from airside.schema.core.plan.ties import split_name

ENUMS = frozenset({"public.mood"})


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("users", "users"),
        ("order", '"order"'),
        ("Users", '"Users"'),
        ("a.b", '"a.b"'),
        ('a"b', '"a""b"'),
        ("value", "value"),
        ("between", '"between"'),
        ("1st", '"1st"'),
        ("ü", '"ü"'),
    ],
)
def test_names_are_quoted_where_postgresql_needs_it(name: str, quoted: str) -> None:
    assert quote_ident(name) == quoted


def test_literals_survive_quotes_and_backslashes() -> None:
    assert quote_literal("it's") == "'it''s'"
    assert quote_literal("a\\b'c") == "E'a\\\\b''c'"


def test_qualified_names_split_again() -> None:
    for parts in (["public", "users"], ["My.Schema", 'a"b'], ["x", "order"]):
        assert split_name(qualified(*parts)) == parts


def test_shortened_names_fit_in_bytes() -> None:
    assert shortened("users", "__new") == "users__new"
    assert len(shortened("ü" * 60, "__new").encode()) <= 63


def test_options_quote_what_is_no_word() -> None:
    assert options(["fillfactor=70", "a=x y", "b"]) == "(fillfactor = 70, a = 'x y', b)"


@pytest.mark.parametrize(
    ("text", "stripped"),
    [("(a > 1)", "a > 1"), ("(a) + (b)", "(a) + (b)"), ("(a = ')')", "a = ')'"), ("a", "a"), ("((a))", "(a)")],
)
def test_outer_parentheses(text: str, stripped: str) -> None:
    assert bare(text) == stripped


@pytest.mark.parametrize(
    ("old", "new", "keeps"),
    [
        ("character varying(10)", "character varying(20)", True),
        ("character varying(20)", "character varying(10)", False),
        ("character varying(20)", "text", True),
        ("text", "character varying(20)", False),
        ("integer", "bigint", True),
        ("bigint", "integer", False),
        ("integer", "numeric", True),
        ("integer", "numeric(12,2)", True),
        ("bigint", "numeric(12,2)", False),
        ("numeric(8,2)", "numeric(10,2)", True),
        ("numeric(8,2)", "numeric(9,4)", False),
        ("numeric", "numeric(10,2)", False),
        ("real", "double precision", True),
        ("double precision", "real", False),
        ("date", "timestamp without time zone", True),
        ("timestamp without time zone", "date", False),
        ("timestamp(3) without time zone", "timestamp(6) without time zone", True),
        ("timestamp without time zone", "timestamp(0) without time zone", False),
        ("timestamp without time zone", "timestamp with time zone", True),
        ("public.mood", "text", True),
        ("text", "public.mood", False),
        ("jsonb", "json", True),
        ("json", "jsonb", False),
        ("cidr", "inet", True),
        ("inet", "cidr", False),
        ("integer[]", "bigint[]", True),
        ("bigint[]", "integer[]", False),
        ("integer", "integer[]", False),
        ("character(3)", "character varying(3)", True),
        ("integer", "boolean", False),
    ],
)
def test_widening_and_narrowing(old: str, new: str, keeps: bool) -> None:
    assert keeps_every_value(old, new, enums=ENUMS) is keeps


@pytest.mark.parametrize(
    ("old", "new", "expression"),
    [
        ("integer", "bigint", None),
        ("bigint", "integer", None),
        ("integer", "text", None),
        ("date", "timestamp with time zone", None),
        ("text", "integer", "c::integer"),
        ("text", "public.mood", "c::public.mood"),
        ("public.mood", "public.other", "c::text::public.other"),
        ("integer", "uuid", "c::text::uuid"),
        ("integer[]", "bigint[]", None),
        ("integer[]", "uuid[]", "c::text[]::uuid[]"),
    ],
)
def test_using_only_where_no_cast_is_certain(old: str, new: str, expression: str | None) -> None:
    assert using("c", old, new, enums=ENUMS | {"public.other"}) == expression


def test_keys_survive_within_an_operator_family() -> None:
    assert same_index_order("integer", "bigint")
    assert not same_index_order("integer", "text")


def test_parameters_know_their_defaults() -> None:
    assert parameters("a integer, b text DEFAULT 'x, (y'::text, OUT c numeric(3,2)") == [
        ("a integer", False),
        ("b text", True),
        ("OUT c numeric(3,2)", False),
    ]


def node(name: str, *, rank: int = 1, transactional: bool = True) -> Node:
    return Node(Key("table", (name,)), "create", (1, rank, (name,)), [Statement(name)], transactional)


def texts(nodes: list[Node], *, split: bool = True) -> list[list[str]]:
    return [[statement.sql for statement in stage.statements] for stage in stages(nodes, (), split=split)]


def test_order_keeps_edges_and_prefers_low_ranks() -> None:
    a, b, c = node("a", rank=3), node("b", rank=2), node("c", rank=1)
    c.needs(a)
    assert [n.key.identity[0] for n in ordered([a, b, c])] == ["b", "a", "c"]


def test_a_cycle_still_gives_every_node_once() -> None:
    a, b = node("a"), node("b")
    a.needs(b)
    b.needs(a)
    assert sorted(n.key.identity[0] for n in ordered([a, b])) == ["a", "b"]


def test_stages_are_as_few_as_can_be() -> None:
    index, using_it, other = node("index", transactional=False), node("using"), node("other")
    using_it.needs(index)
    assert texts([index, using_it, other]) == [["index"], ["other", "using"]]


def test_hard_edges_part_transactions() -> None:
    add, validate = node("add"), node("validate")
    validate.needs(add, hard=True)
    assert texts([add, validate]) == [["add"], ["validate"]]
    assert texts([add, validate], split=False) == [["add", "validate"]]


def test_a_drop_waits_for_the_creation_that_replaces_it() -> None:
    add_label, drop, create = node("label"), node("drop"), node("create")
    create.needs(add_label, hard=True)
    create.needs(drop)
    found = stages([add_label, drop, create], [(drop, create)], split=True)
    assert [[s.sql for s in stage.statements] for stage in found] == [["label"], ["drop", "create"]]


def test_cycles_are_found_once() -> None:
    a, b, c, d = (Key("table", (name,)) for name in "abcd")
    assert list(cycles({a: {b}, b: {c}, c: {a}, d: {a}})) == [frozenset({a, b, c})]
