"""Whether an UPDATE or DELETE reaches few rows, told from its text."""

from __future__ import annotations

import pytest
from airside.migrations.checks.bounded import Reach, reach, reads_few
from airside.schema.core.sql import parse_script
from hypothesis import given
from hypothesis import strategies as st

KEYS = (frozenset({"id"}), frozenset({"tenant", "code"}))


def reached(sql: str) -> Reach:
    return reach(parse_script(sql, origin="test")[0].tree, KEYS)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE t SET a = 1 WHERE id = 1",
        "UPDATE t SET a = 1 WHERE 1 = id",
        "UPDATE t SET a = 1 WHERE t.id = $1 AND b IS NULL",
        "UPDATE t SET a = 1 WHERE id IN (1, 2)",
        "UPDATE t SET a = 1 WHERE id = ANY(ARRAY[1, 2])",
        "UPDATE t SET a = 1 WHERE id = (SELECT max(id) FROM u)",
        "UPDATE t SET a = 1 WHERE tenant = 1 AND code = 'x'",
        "UPDATE t SET a = 1 WHERE id = 1 OR id = 2",
        "UPDATE t SET a = 1 WHERE id BETWEEN 1 AND 100",
        "UPDATE t SET a = 1 WHERE id >= 1 AND id < 100",
        "UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t WHERE b LIMIT 100)",
        "UPDATE t SET a = 1 WHERE ctid = ANY(ARRAY(SELECT ctid FROM t LIMIT 100))",
        "WITH x AS (SELECT id FROM t LIMIT 9) UPDATE t SET a = 1 FROM x WHERE x.id = t.id",
        "UPDATE t SET a = v.a FROM (VALUES (1, 2)) AS v (id, a) WHERE v.id = t.id",
        "UPDATE t SET a = 1 WHERE false",
        "DELETE FROM t WHERE CURRENT OF c",
        "DELETE FROM t USING (VALUES (1)) AS v (id) WHERE t.id = v.id",
        "INSERT INTO t VALUES (1), (2)",
        "INSERT INTO t DEFAULT VALUES",
        "INSERT INTO t SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_class LIMIT 1)",
        "INSERT INTO t SELECT * FROM generate_series(1, 10)",
        "INSERT INTO t SELECT * FROM u LIMIT 10",
        "INSERT INTO t SELECT r.id, 'read' FROM r, p WHERE r.name = 'guest' AND p.role = r.id",
    ],
)
def test_a_key_a_range_of_it_or_a_limit_is_a_bound(sql: str) -> None:
    assert reached(sql) == "few rows"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE t SET a = 1",
        "DELETE FROM t",
        "UPDATE t SET a = 1 WHERE true",
        "UPDATE t SET a = 1 WHERE 1 = 1 AND 'x' = 'x'",
        "UPDATE t SET a = 1 WHERE id = id",
        "DELETE FROM t WHERE id IS NOT NULL",
        "INSERT INTO t SELECT * FROM u",
    ],
)
def test_no_condition_or_one_that_always_holds_is_none(sql: str) -> None:
    assert reached(sql) == "every row"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE t SET a = 1 WHERE a IS NULL",
        "UPDATE t SET a = 1 WHERE tenant = 1",
        "UPDATE t SET a = 1 WHERE id > 5",
        "UPDATE t SET a = 1 WHERE id < 5 OR id > 9",
        "UPDATE t SET a = 1 WHERE id = 1 OR b",
        "UPDATE t SET a = u.a FROM u WHERE u.id = t.id",
        "UPDATE t SET a = 1 WHERE id IN (SELECT t_id FROM u)",
        "UPDATE t SET a = 1 WHERE t.id = other_id",
        "UPDATE t SET a = 1 WHERE EXISTS (SELECT FROM u WHERE u.id = t.id LIMIT 1)",
        "DELETE FROM t WHERE at < now() - interval '1 day'",
        "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE",
        "INSERT INTO t SELECT * FROM u WHERE b",
    ],
)
def test_any_other_condition_may_hold_for_many(sql: str) -> None:
    assert reached(sql) == "all matching rows"


@given(st.lists(st.sampled_from(["a IS NULL", "b > 3", "id = 7", "true", "c LIKE 'x%'"]), min_size=1, max_size=6))
def test_a_condition_more_never_makes_it_reach_further(conditions: list[str]) -> None:
    few = reached(f"UPDATE t SET a = 1 WHERE {' AND '.join(conditions)}") == "few rows"
    assert few == ("id = 7" in conditions)


@pytest.mark.parametrize(
    ("sql", "few"),
    [
        ("SELECT * FROM t WHERE id = 1", True),
        ("SELECT max(id) FROM t", True),
        ("SELECT 1 FROM t LIMIT 1", True),
        ("SELECT count(*) FROM t", False),
        ("SELECT count(*) FROM t LIMIT 1", False),
        ("SELECT * FROM t WHERE a IS NULL", False),
    ],
)
def test_what_a_select_has_to_read(sql: str, few: bool) -> None:
    assert reads_few(parse_script(sql, origin="test")[0].tree, KEYS) == few
