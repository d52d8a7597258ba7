"""What a statement did to tables in use: partitions under their parent, nothing of what the step made itself."""

from __future__ import annotations

import pytest
from airside.migrations.checks.effects import Effect, Lock, Touched
from airside.migrations.checks.impact import Impact, impacts
from airside.migrations.checks.model import Context, Step
from airside.migrations.checks.rules import (
    add_required_column,
    check_not_valid,
    foreign_key_not_valid,
    index_not_concurrent,
    scan_under_lock,
    set_not_null_scan,
    table_rewrite,
    trigger_lock,
)
from airside.schema.core.catalog import Catalog
from hypothesis import given
from hypothesis import strategies as st

_RULES = [
    module.RULE
    for module in (
        add_required_column,
        check_not_valid,
        foreign_key_not_valid,
        index_not_concurrent,
        scan_under_lock,
        set_not_null_scan,
        table_rewrite,
        trigger_lock,
    )
]
_STATEMENTS = [
    "CREATE INDEX ON t (a)",
    "ALTER TABLE t ADD CHECK (a > 0)",
    "ALTER TABLE t ADD COLUMN b int NOT NULL",
    "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u",
    "CREATE TRIGGER x BEFORE UPDATE ON t EXECUTE FUNCTION f()",
    "DO $$ BEGIN ALTER TABLE t ALTER a SET NOT NULL; END $$",
]
_AX = Lock.ACCESS_EXCLUSIVE


def effect(sql: str, *touched: Touched, transaction: int = 1, error: str | None = None) -> Effect:
    return Effect(sql, "f:1", "1", "up", transaction, True, touched, error=error)


def step(*effects: Effect, major: int = 17) -> Step:
    catalog = Catalog(objects={}, major=major, owner="")
    return Step("1", "up", "f", effects, catalog, catalog)


def last(*effects: Effect, major: int = 17) -> Impact:
    return list(impacts(step(*effects, major=major)))[-1]


def test_partitions_are_told_with_their_parent() -> None:
    impact = last(
        effect(
            "ALTER TABLE p ADD CHECK (a > 0)",
            Touched("public.p", "p", _AX, _AX),
            Touched("public.p1", "r", _AX, _AX, scanned=True, root="public.p"),
            Touched("public.p2", "r", _AX, _AX, scanned=True, root="public.p"),
        )
    )
    [table] = impact.tables
    assert str(table) == "public.p and 2 partitions"
    assert table.scanned
    assert table.shown == (
        "ACCESS EXCLUSIVE on public.p and 2 partitions; read whole; blocks reads, writes, DDL, autovacuum"
    )


def test_a_partition_that_is_named_itself_stands_for_itself() -> None:
    impact = last(
        effect(
            "ALTER TABLE p ATTACH PARTITION p1 DEFAULT",
            Touched("public.p", "p", Lock.SHARE_UPDATE_EXCLUSIVE, Lock.SHARE_UPDATE_EXCLUSIVE),
            Touched("public.p1", "r", _AX, _AX, scanned=True, root="public.p"),
        )
    )
    assert [str(table) for table in impact.named("p1")] == ["public.p1"]


def test_a_table_that_the_transaction_locked_before_is_still_in_use() -> None:
    impact = last(
        effect("ALTER TABLE t ADD COLUMN a int", Touched("public.t", "r", _AX, _AX)),
        effect("CREATE TRIGGER x BEFORE UPDATE ON t EXECUTE FUNCTION f()"),
    )
    [table] = impact.named("t")
    assert (table.lock, table.scanned) == (_AX, False)


@given(st.sampled_from(_STATEMENTS), st.sampled_from(list(Lock)), st.booleans(), st.booleans())
def test_what_the_step_made_is_never_told(sql: str, lock: Lock, scanned: bool, rewritten: bool) -> None:
    new = Touched("public.t", "r", lock, lock, scanned, rewritten, created=True)
    made = effect("CREATE TABLE t (a int)", new)
    same = step(made, effect(sql, new))
    later = step(made, effect(sql, Touched("public.t", "r", lock, lock, scanned, rewritten), transaction=2))
    for observed in (same, later):
        assert [finding for rule in _RULES for finding in rule.judge(observed, Context())] == []


_READING = [sql for sql in _STATEMENTS if not sql.startswith("CREATE TRIGGER")]


@given(st.sampled_from(_READING), st.sampled_from([Lock.SHARE, Lock.SHARE_ROW_EXCLUSIVE, _AX]))
def test_a_table_in_use_that_is_read_under_a_strong_lock_is_told(sql: str, lock: Lock) -> None:
    seen = step(effect(sql, Touched("public.t", "r", lock, lock, scanned=True)))
    found = {finding.check for rule in _RULES for finding in rule.judge(seen, Context())}
    assert found
    assert found == {"scan-under-lock"} or "scan-under-lock" not in found


@pytest.mark.parametrize("sql", _STATEMENTS[:5])
def test_files_alone_show_what_a_statement_always_does(sql: str) -> None:
    unseen = step(effect(sql), major=0)
    findings = [finding for rule in _RULES for finding in rule.judge(unseen, Context())]
    assert len(findings) == 1
    assert findings[0].observed is None


def test_a_refused_statement_is_about_the_tables_that_it_names() -> None:
    refused = step(effect(_STATEMENTS[2], error='column "b" of relation "t" contains null values'))
    [finding] = add_required_column.RULE.judge(refused, Context())
    assert finding.relation == "public.t"
