"""What is read from files without a server: steps, the tables they name, what is their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from airside.migrations.checks.effects import Effect
from airside.migrations.checks.model import Context
from airside.migrations.checks.named import named
from airside.migrations.checks.static import static_findings, static_steps
from airside.schema.core.registry import load_registry
from airside.schema.core.sql import parse_script

ROOT = Path(__file__).parents[2]


def effects(folder: Path, text: str, name: str = "0001_x.up.sql") -> tuple[Effect, ...]:
    path = folder / name
    path.write_text(text)
    [step] = static_steps([path])
    return step.effects


@pytest.mark.parametrize(
    ("statement", "relations"),
    [
        ("ALTER TABLE a.t ADD CHECK (x > 0)", {"a.t"}),
        ("ALTER TABLE t ADD FOREIGN KEY (x) REFERENCES r", {"public.t", "public.r"}),
        ("ALTER TABLE t ADD COLUMN x int REFERENCES r", {"public.t", "public.r"}),
        ("ALTER TABLE t ATTACH PARTITION p DEFAULT", {"public.t", "public.p"}),
        ("ALTER INDEX i RENAME TO j", {"public.i"}),
        ("ALTER INDEX i SET (fillfactor = 70)", set()),
        ('CREATE INDEX ON "My Schema"."T" (x)', {"My Schema.T"}),
        ("CREATE TABLE c (x int REFERENCES r, FOREIGN KEY (x) REFERENCES s)", {"public.c", "public.r", "public.s"}),
        ("CREATE TABLE c PARTITION OF t DEFAULT", {"public.c", "public.t"}),
        ("CREATE MATERIALIZED VIEW m AS SELECT 1", {"public.m"}),
        ("CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f()", {"public.t"}),
        ("CREATE POLICY p ON a.t USING (true)", {"a.t"}),
        ("DROP TABLE a.t, u", {"a.t", "public.u"}),
        ("DROP TRIGGER g ON a.t", {"a.t"}),
        ("DROP POLICY p ON t", {"public.t"}),
        ("DROP INDEX i", set()),
        ("TRUNCATE t, u", {"public.t", "public.u"}),
        ("LOCK TABLE t", {"public.t"}),
        ("VACUUM FULL t", {"public.t"}),
        ("REINDEX TABLE t", {"public.t"}),
        ("REINDEX INDEX i", set()),
        ("CLUSTER t USING i", {"public.t"}),
        ("REFRESH MATERIALIZED VIEW m", {"public.m"}),
        ("UPDATE t SET x = 1", {"public.t"}),
        ("COPY t FROM STDIN", {"public.t"}),
        ("SELECT 1", set()),
    ],
)
def test_a_statement_names_its_tables(statement: str, relations: set[str]) -> None:
    [parsed] = parse_script(statement, origin="test")
    assert {item.name for item in named(parsed.tree)} == relations


def test_a_file_is_one_transaction_and_knows_its_own_tables(tmp_path: Path) -> None:
    made, indexed, other = effects(tmp_path, "CREATE TABLE t (x int);\nCREATE INDEX ON t (x);\nCREATE INDEX ON u (x);")
    assert made.transaction == indexed.transaction == other.transaction
    assert made.transactional
    assert [item.created for effect in (made, indexed, other) for item in effect.touched] == [True, True, False]
    assert other.where == f"{tmp_path / '0001_x.up.sql'}:3"
    assert other.tree is not None


def test_a_renamed_table_of_its_own_stays_its_own(tmp_path: Path) -> None:
    *_, last = effects(tmp_path, "CREATE TABLE a.t (); ALTER TABLE a.t RENAME TO u; ALTER TABLE a.u ADD x int")
    assert [(item.relation, item.created) for item in last.touched] == [("a.u", True)]


@pytest.mark.parametrize(
    "text",
    [
        "-- airside: transaction = off\nCREATE TABLE t (x int);\nCREATE INDEX ON t (x);",
        "CREATE TABLE t (x int);\nCREATE INDEX CONCURRENTLY ON t (x);",
        "BEGIN; CREATE TABLE t (x int); COMMIT;\nCREATE INDEX ON t (x);",
    ],
)
def test_what_an_earlier_transaction_made_is_everybodys(tmp_path: Path, text: str) -> None:
    *_, made, last = (effect for effect in effects(tmp_path, text) if effect.touched)
    assert [item.created for item in (*made.touched, *last.touched)] == [True, False]
    assert made.transaction != last.transaction


def test_transactions_in_the_file_are_followed(tmp_path: Path) -> None:
    found = effects(tmp_path, "SET lock_timeout = '1s'; BEGIN; LOCK TABLE t; TRUNCATE t; COMMIT; VACUUM t;")
    assert [effect.transactional for effect in found] == [False, False, True, True, True, False]
    assert len({effect.transaction for effect in found[2:5]}) == 1


def test_the_direction_and_revision_come_from_the_name(tmp_path: Path) -> None:
    [down] = effects(tmp_path, "DROP TABLE t", "0007_create_t.down.sql")
    assert (down.revision, down.direction) == ("0007", "down")
    [plain] = effects(tmp_path, "DROP TABLE t", "V3__drop.sql")
    assert (plain.revision, plain.direction) == ("V3__drop", "up")


def test_what_is_not_read_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "revisions"
    folder.mkdir()
    (folder / "0001_a.py").write_text("def upgrade(): op.execute('DROP TABLE t')")
    (folder / "0002_b.py").write_text("def upgrade(): run_sql(__file__, 'up')")
    (folder / "0002_b.up.sql").write_text("DROP TABEL t;")
    (folder / "0002_b.down.sql").write_text("SELECT 1;")
    (tmp_path / "airside.toml").write_text(
        '[[databases]]\nsystem = "s"\nname = "d"\nmodule = "m"\nmigrations = "revisions"\n'
    )
    found = static_findings(load_registry(tmp_path).one("s.d"), Context())
    assert [(item.check, Path(item.where).name, item.severity) for item in found] == [
        ("lint", "0002_b.up.sql:1", "error"),
        ("static", "0001_a.py", "note"),
    ]


def test_nothing_heavy_is_imported() -> None:
    code = """
import sys
from airside.migrations.check_static import check_database_static
from airside.migrations.checks.request import Request
from airside.schema.core.registry import load_registry
for entry in load_registry().entries:
    check_database_static(entry, Request(static=True))
print(*[name for name in ("sqlalchemy", "alembic", "psycopg", "click", "rich") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == ""
