"""Somebody else's Alembic project, checked without editing it."""

from __future__ import annotations

from pathlib import Path

import pytest
from airside.migrations.checks.effects import Lock
from airside.migrations.checks.foreign import Project, declared_by, project_history
from airside.schema.core.compare import compare
from airside.schema.core.errors import CheckFailed, ConfigurationError
from airside.server import Server

INI = """\
[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = postgresql+psycopg://nobody:secret@nowhere.invalid/production
"""
MODELS = """\
from sqlalchemy import String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    email: Mapped[str | None] = mapped_column(Text, index=True)
"""
ENV = """\
from alembic import context
from sqlalchemy import engine_from_config, pool
from shop_models import Base

print("their env.py prints")
section = context.config.get_section(context.config.config_ini_section)
with engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()
"""
FIRST = """\
import sqlalchemy as sa
from alembic import op
revision, down_revision = "a1", None

def upgrade():
    op.create_table(
        "users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50), nullable=False)
    )

def downgrade():
    op.drop_table("users")
"""
SECOND = """\
import sqlalchemy as sa
from alembic import op
revision, down_revision = "a2", "a1"

def upgrade():
    op.add_column("users", sa.Column("email", sa.Text))
    bind = op.get_bind()
    for (key,) in bind.execute(sa.text("SELECT id FROM users")).fetchall():
        bind.execute(sa.text("UPDATE users SET email = 'x' WHERE id = :key"), {"key": key})
    with op.get_context().autocommit_block():
        op.create_index("ix_users_email", "users", ["email"], postgresql_concurrently=True)

def downgrade():
    op.drop_column("users", "email")
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    (tmp_path / "alembic.ini").write_text(INI)
    (tmp_path / "shop_models.py").write_text(MODELS)
    (tmp_path / "migrations" / "env.py").write_text(ENV)
    (tmp_path / "migrations" / "versions" / "a1.py").write_text(FIRST)
    (tmp_path / "migrations" / "versions" / "a2.py").write_text(SECOND)
    return Project(tmp_path / "alembic.ini", metadata="shop_models:Base.metadata")


def test_op_style_revisions_and_data_migrations_show_their_effects(server: Server, project: Project) -> None:
    outcome = project_history(server, project)
    assert outcome.problems == []
    assert [(step.revision, step.direction) for step in outcome.steps] == [
        ("a1", "up"), ("a2", "up"), ("a2", "down"), ("a1", "down"),
    ]  # fmt: skip
    added, _, *updates, built = outcome.steps[1].effects
    assert added.strongest() == Lock.ACCESS_EXCLUSIVE
    # the tables held rows when the revision ran
    assert sum(item.written for effect in updates for item in effect.touched) > 0
    assert not built.transactional
    assert built.strongest() == Lock.SHARE_UPDATE_EXCLUSIVE
    assert not any("alembic_version" in effect.sql for step in outcome.steps for effect in step.effects)
    assert outcome.steps[0].before.fingerprint == outcome.steps[-1].after.fingerprint


def test_the_models_are_what_the_migrations_make(server: Server, project: Project) -> None:
    outcome = project_history(server, project, back=False)
    assert compare(outcome.steps[-1].after, declared_by(server, project)) == ()


def test_a_revision_that_fails_is_named_with_its_line(server: Server, project: Project) -> None:
    broken = project.ini.parent / "migrations" / "versions" / "a3.py"
    broken.write_text(
        'from alembic import op\nrevision, down_revision = "a3", "a2"\n'
        'def upgrade():\n    op.drop_table("nothing")\ndef downgrade():\n    pass\n'
    )
    outcome = project_history(server, project)
    [problem] = outcome.problems
    assert problem.revision == "a3"
    assert "nothing" in problem.message
    assert "a3.py:4" in problem.message
    assert outcome.steps[-1].effects[-1].error is not None


def test_what_goes_past_sqlalchemy_is_said(server: Server, project: Project) -> None:
    aside = project.ini.parent / "migrations" / "versions" / "a3.py"
    aside.write_text(
        'from alembic import op\nrevision, down_revision = "a3", "a2"\n'
        "def upgrade():\n    raw = op.get_bind().connection.dbapi_connection\n"
        '    raw.execute("CREATE TABLE aside (id int)")\ndef downgrade():\n    op.drop_table("aside")\n'
    )
    outcome = project_history(server, project, back=False)
    assert outcome.steps[-1].unseen is not None
    assert "a3.py:5" in outcome.steps[-1].unseen


def test_an_env_that_cannot_run_is_said_not_raised(server: Server, project: Project) -> None:
    (project.ini.parent / "migrations" / "env.py").write_text("import os\nos.environ['SHOP_SETTINGS']\n")
    [problem] = project_history(server, project).problems
    assert "SHOP_SETTINGS" in problem.message


def test_models_that_cannot_be_found_are_named(server: Server, project: Project) -> None:
    with pytest.raises(CheckFailed, match="no_such_module"):
        declared_by(server, Project(project.ini, metadata="no_such_module:Base.metadata"))


def test_a_missing_file_or_section_is_a_usage_error(tmp_path: Path, project: Project) -> None:
    with pytest.raises(ConfigurationError, match="no such file"):
        Project(tmp_path / "nothing.ini")
    with pytest.raises(ConfigurationError, match="script_location"):
        Project(project.ini, section="billing")
