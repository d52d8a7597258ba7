"""Comments that allow findings: what they cover, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from airside.migrations.checks.allows import Applied, apply, python_allows, read_allows, sql_allows
from airside.migrations.checks.model import Finding
from airside.migrations.checks.scope import Scope
from airside.migrations.sqlfile import checksum, read_sql_file

RULES = ("drop-column", "rename", "table-rewrite", "foreign-key-without-index")


def finding(check: str, where: str, **more: str) -> Finding:
    return Finding(check, where, "message", "next", **more)  # type: ignore[arg-type]


def left(applied: Applied) -> list[tuple[str, str]]:
    return [(item.check, item.where) for item in applied.findings]


SQL = """\
-- airside: allow drop-column because nobody reads it since 4.2
ALTER TABLE t
    DROP COLUMN a;

ALTER TABLE t DROP COLUMN b;
ALTER TABLE t RENAME c TO d; -- airside: allow rename because both names are views
ALTER TABLE t
    -- airside: allow drop-column , table-rewrite because of two things
    DROP COLUMN e;
"""


def test_a_comment_covers_the_statement_below_it_and_the_one_it_stands_in() -> None:
    found = [finding("drop-column", f"f.up.sql:{line}") for line in (2, 5, 7)]
    found += [finding("rename", "f.up.sql:6"), finding("rename", "f.up.sql:5"), finding("table-rewrite", "f.up.sql:7")]
    applied = apply(found, sql_allows(SQL, "f.up.sql"), RULES)
    assert left(applied) == [("drop-column", "f.up.sql:5"), ("rename", "f.up.sql:5")]
    assert [(item.where, item.reason) for item in applied.allowed] == [
        ("f.up.sql:1", "nobody reads it since 4.2"),
        ("f.up.sql:8", "of two things"),
        ("f.up.sql:6", "both names are views"),
        ("f.up.sql:8", "of two things"),
    ]


def test_other_files_are_not_covered() -> None:
    allows = sql_allows("-- airside: allow-file rename because r\nSELECT 1;", "a.up.sql", "0001")
    assert left(apply([finding("rename", "b.up.sql:2")], allows, ("rename",)))[0] == ("rename", "b.up.sql:2")
    whole = apply([finding("rename", "a.up.sql:2"), finding("rename", "a.up.sql:99")], allows, ("rename",))
    assert not whole.findings
    # what is said about the revision as a whole has no line
    assert not apply([finding("rename", "shop.shop_db 0001", revision="0001")], allows, ("rename",)).findings
    assert apply([finding("rename", "shop.shop_db 0002", revision="0002")], allows, ("rename",)).findings


def test_the_working_directory_makes_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    allows = sql_allows("-- airside: allow rename because r\nSELECT 1;", "a.sql")
    assert not apply([finding("rename", f"{tmp_path}/a.sql:2")], allows, ("rename",)).findings


def test_an_object_is_allowed_wherever_it_is_found() -> None:
    text = (
        "SELECT 1;\n-- airside: allow foreign-key-without-index on public.my orders because nothing is ever deleted\n"
    )
    allows = sql_allows(text, "f.up.sql")
    found = [
        finding("foreign-key-without-index", "shop.shop_db", relation="public.my orders"),
        finding("foreign-key-without-index", "shop.shop_db", relation="public.other"),
        finding("rename", "f.up.sql:1", relation="public.my orders"),
    ]
    assert [item.relation for item in apply(found, allows, RULES).findings] == ["public.other", "public.my orders"]


@pytest.mark.parametrize(
    "comment",
    ["allow rename", "allow rename because", "allow rename because   ", "allow rename - it is small", "allow"],
)
def test_a_reason_is_asked_for(comment: str) -> None:
    applied = apply([], sql_allows(f"-- airside: {comment}\nSELECT 1;", "f.sql"), RULES, static=True)
    assert left(applied) == [("allow-without-reason", "f.sql:1")]


def test_an_unknown_rule_is_named_with_the_nearest() -> None:
    allows = sql_allows("-- airside: allow drop-colum because x\nSELECT 1;", "f.sql")
    (said,) = apply([finding("drop-colum", "f.sql:2")], allows, RULES).findings[1:]
    assert said.check == "unknown-rule"
    assert "drop-column?" in said.message


def test_what_nothing_needs_is_told_but_only_of_what_was_looked_at() -> None:
    allows = sql_allows("-- airside: allow rename, drop-column because x\nSELECT 1;", "f.sql", "0001")
    found = [finding("rename", "f.sql:2")]
    (unused,) = apply(found, allows, RULES).findings
    assert (unused.check, unused.severity) == ("unused-allow", "warning")
    assert "drop-column" in unused.message
    assert not apply(found, allows, RULES, scope=Scope(frozenset({"0002"}))).findings
    assert not apply(found, allows, RULES, static=True).findings


def test_text_that_only_looks_like_a_comment_is_none() -> None:
    assert not sql_allows("SELECT '\n-- airside: allow rename because x\n';", "f.sql")
    assert not sql_allows("this is no SQL -- airside: allow rename because x", "f.sql")
    assert not python_allows('"""\n# airside: allow rename because x\n"""\n', "f.py")
    assert not python_allows("def :\n# airside: allow rename because x\n", "f.py")


PYTHON = '''\
"""Drop."""
from alembic import op

# airside: allow table-rewrite because small
def upgrade() -> None:
    # airside: allow drop-column because unused
    op.drop_column(
        "t",
        "a",
    )
    op.drop_column("t", "b")
    with op.get_context().autocommit_block():
        op.drop_column("t", "c")  # airside: allow drop-column because unused too
        # airside: allow rename because a view keeps the name

        op.execute(
            """ALTER TABLE t
            RENAME d TO e"""
        )


def downgrade() -> None:
    op.add_column("t", "a")
'''


def test_in_python_a_comment_covers_the_call_or_the_function() -> None:
    lines = {7: "drop-column", 9: "drop-column", 11: "drop-column", 13: "drop-column", 16: "rename", 17: "rename"}
    found = [finding(check, f"r.py:{line}") for line, check in lines.items()]
    found += [finding("table-rewrite", f"r.py:{line}") for line in (7, 17, 23)]
    applied = apply(found, python_allows(PYTHON, "r.py"), RULES)
    assert left(applied) == [("drop-column", "r.py:11"), ("table-rewrite", "r.py:23")]


def test_files_are_read_by_their_kind(tmp_path: Path) -> None:
    (tmp_path / "a.up.sql").write_text("-- airside: allow rename because x\nSELECT 1;\n")
    (tmp_path / "a.py").write_text("# airside: allow-file rename because x\n")
    sources = [("a", tmp_path / name) for name in ("a.up.sql", "a.down.sql", "a.py")]
    assert [(item.line, item.revision, item.whole_file) for item in read_allows(sources)] == [
        (1, "a", False),
        (1, "a", True),
    ]


def test_an_applied_file_can_be_given_an_allow(tmp_path: Path) -> None:
    stub, up = tmp_path / "1.py", tmp_path / "1.up.sql"
    stub.write_text("revision = '1'\n")
    before = checksum(stub)
    stub.write_text("# airside: allow-file rename because x\nrevision = '1'\n")
    assert checksum(stub) == before
    up.write_text("SELECT 1;\nSELECT 2;\n")
    before = checksum(stub)
    up.write_text("SELECT 1;\r\n  -- airside: allow rename because x\r\nSELECT 2;\n-- airside: allow-file a because x")
    assert checksum(stub) == before
    assert read_sql_file(up).statements[1].line == 3
    up.write_text("SELECT 1;\n-- another comment\nSELECT 2;\n")
    assert checksum(stub) != before
