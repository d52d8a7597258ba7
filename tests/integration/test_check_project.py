"""The gate for somebody else's Alembic project: findings, each with file and line, and rows there and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from airside.migrations.check_project import check_project
from airside.migrations.checks.foreign import Project
from airside.migrations.checks.request import Request
from airside.schema.core.errors import UnknownRevision
from airside.server import Server

INI = "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = postgresql+psycopg://nobody@nowhere/none\n"
ENV = """\
from alembic import context
from sqlalchemy import engine_from_config, pool

section = context.config.get_section(context.config.config_ini_section)
with engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
FIRST = """\
op.create_table("prices", sa.Column("id", sa.Integer, primary_key=True), sa.Column("amount", sa.Numeric(10, 4)))
"""

Write = Callable[..., Project]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Makes a project of revisions 1, 2, ... from pairs of bodies: what goes up, what goes down."""

    def written(*bodies: tuple[str, str]) -> Project:
        versions = tmp_path / "shop" / "migrations" / "versions"
        versions.mkdir(parents=True)
        (versions.parent / "env.py").write_text(ENV)
        (tmp_path / "shop" / "alembic.ini").write_text(INI)
        for number, (up, down) in enumerate(bodies, start=1):
            follows = f'"{number - 1}"' if number > 1 else None
            lines = [
                "import sqlalchemy as sa",
                "from alembic import op",
                f'revision, down_revision = "{number}", {follows}',
            ]
            for name, body in (("upgrade", up), ("downgrade", down)):
                lines += [f"def {name}():", *(f"    {line}" for line in body.strip().splitlines())]
            (versions / f"{number}.py").write_text("\n".join(lines) + "\n")
        return Project(tmp_path / "shop" / "alembic.ini")

    return written


def test_a_blocking_index_is_found_at_its_line(server: Server, write: Write) -> None:
    project = write(
        (FIRST, 'op.drop_table("prices")'),
        ('pass\nop.create_index("ix", "prices", ["amount"])', 'op.drop_index("ix")'),
    )
    found = {finding.check: finding for finding in check_project(server, project).findings}
    blocked = found["index-not-concurrent"]
    assert blocked.severity == "error"
    assert blocked.where.endswith("versions/2.py:6")
    assert "SHARE" in (blocked.observed or "")


def test_a_way_back_that_loses_precision_is_named_per_column(server: Server, write: Write) -> None:
    project = write(
        (FIRST, 'op.drop_table("prices")'),
        (
            'op.alter_column("prices", "amount", type_=sa.Numeric(10, 2))',
            'op.alter_column("prices", "amount", type_=sa.Numeric(10, 4))',
        ),
    )
    losses = [item for item in check_project(server, project).findings if item.check == "roundtrip"]
    assert [(item.relation, item.severity) for item in losses] == [("public.prices", "error")]
    assert "public.prices.amount" in losses[0].message


def test_a_statement_that_is_refused_is_found_once(server: Server, write: Write) -> None:
    project = write(
        (FIRST, 'op.drop_table("prices")'),
        ('op.execute("CREATE INDEX CONCURRENTLY ix ON prices (amount)")', "pass"),
    )
    # CREATE INDEX CONCURRENTLY is refused in Alembic's transaction: said at once, and nothing after it is passed over
    checks = {item.check for item in check_project(server, project).findings}
    assert "concurrently-in-transaction" in checks
    assert "downgrade" not in checks


def test_what_was_not_asked_for_is_not_judged(server: Server, write: Write) -> None:
    project = write(
        (FIRST, 'op.drop_table("prices")'),
        ('op.create_index("ix", "prices", ["amount"])', 'op.drop_index("ix")'),
        ("op.execute(\"COMMENT ON TABLE prices IS 'x'\")", 'op.execute("COMMENT ON TABLE prices IS NULL")'),
    )
    report = check_project(server, project, Request(since="2"))
    assert (report.revisions, report.judged) == (3, 1)
    assert [item for item in report.findings if item.severity != "note"] == []
    with pytest.raises(UnknownRevision):
        check_project(server, project, Request(since="9"))


def test_an_allow_with_a_reason_takes_a_finding_away(server: Server, write: Write) -> None:
    project = write(
        (FIRST, 'op.drop_table("prices")'),
        (
            "# airside: allow index-not-concurrent because the table is empty in production\n"
            'op.create_index("ix", "prices", ["amount"])',
            'op.drop_index("ix")',
        ),
    )
    report = check_project(server, project)
    assert "index-not-concurrent" not in {item.check for item in report.findings}
    assert [(item.finding.check, item.reason) for item in report.allowed] == [
        ("index-not-concurrent", "the table is empty in production")
    ]
