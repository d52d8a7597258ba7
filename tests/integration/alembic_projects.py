"""Alembic projects made for tests, as other people write them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent, indent

from airside.migrations.checks.foreign import Project

INI = """\
[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = postgresql+psycopg://nobody:secret@nowhere.invalid/production{options}
"""
ENV = """\
from alembic import context
from sqlalchemy import engine_from_config, pool

section = context.config.get_section(context.config.config_ini_section)
with engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


def made(folder: Path, revisions: Mapping[str, str], *, env: str = ENV, options: str = "") -> Project:
    """A project with the text of each revision's file by its id."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(INI.format(options=options))
    (folder / "migrations" / "env.py").write_text(env)
    for name, text in revisions.items():
        (versions / f"{name}.py").write_text(text)
    return Project(folder / "alembic.ini")


def revision(
    name: str, up: str, down: str = "pass", *, after: str | tuple[str, ...] | None = None, needs: str | None = None,
    label: str | None = None,
) -> str:  # fmt: skip
    """The file of a revision in the style of Alembic's template. `up` begins in the twelfth line."""
    return f"""\
import sqlalchemy as sa
from alembic import op

revision = {name!r}
down_revision = {after!r}
branch_labels = {label!r}
depends_on = {needs!r}



def upgrade():
{indent(dedent(up).strip(), "    ")}


def downgrade():
{indent(dedent(down).strip(), "    ")}
"""


def generated(folder: Path, count: int) -> Project:
    """A linear history of `count` revisions over a fifth as many tables: made, widened, indexed, filled, retyped."""
    files: dict[str, str] = {}
    previous = None
    for number in range(count):
        name, table = f"r{number:04d}", f"t{number // 5}"
        up, down = _STEPS[number % 5]
        files[name] = revision(name, up.format(table=table), down.format(table=table), after=previous)
        previous = name
    return made(folder, files)


_STEPS = (
    (
        'op.create_table("{table}", sa.Column("id", sa.Integer, primary_key=True),'
        ' sa.Column("name", sa.String(50), nullable=False), sa.Column("at", sa.Date, server_default=sa.func.now()))',
        'op.drop_table("{table}")',
    ),
    ('op.add_column("{table}", sa.Column("extra", sa.Text))', 'op.drop_column("{table}", "extra")'),
    ('op.create_index("ix_{table}_name", "{table}", ["name"])', 'op.drop_index("ix_{table}_name")'),
    ('op.get_bind().execute(sa.text("UPDATE {table} SET extra = :value"), {{"value": "x"}})', "pass"),
    (
        'op.alter_column("{table}", "name", type_=sa.String(100))',
        'op.alter_column("{table}", "name", type_=sa.String(50))',
    ),
)
