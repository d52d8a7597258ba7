"""`airside check --alembic-ini`: somebody else's project on the command line, unedited but for its allows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .shop import Airside

FILES = {
    "db/alembic.ini": """\
[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = postgresql+psycopg://nobody:secret-word@nowhere.invalid/production
""",
    "db/migrations/env.py": """\
from alembic import context
from sqlalchemy import engine_from_config, pool

section = context.config.get_section(context.config.config_ini_section)
with engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
""",
    "src/notes_models.py": """\
from sqlalchemy import BigInteger
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    body: Mapped[str | None]
""",
    "db/migrations/versions/a1_notes.py": """\
import sqlalchemy as sa
from alembic import op

revision, down_revision = "a1", None


def upgrade():
    key = sa.Column("id", sa.BigInteger, primary_key=True)
    op.create_table("notes", key, sa.Column("body", sa.String), sa.Column("old", sa.Text))


def downgrade():
    op.drop_table("notes")
""",
    "db/migrations/versions/b2_drop.py": """\
import sqlalchemy as sa
from alembic import op

revision, down_revision = "b2", "a1"


def upgrade():
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.drop_column(
        "notes",
        "old",
    )


def downgrade():
    op.add_column("notes", sa.Column("old", sa.Text))
""",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def checked(airside: Airside, project: Path, *arguments: str, code: int) -> dict[str, Any]:
    words = ["check", "--alembic-ini", "db/alembic.ini", "--path", "src", "--metadata", "notes_models:Base.metadata"]
    done = airside(*words, *arguments, "--json", cwd=project, code=code)
    assert "secret-word" not in done.stdout + done.stderr
    (record,) = json.loads(done.stdout)["databases"]
    return record


def test_a_project_is_checked_allowed_and_left_alone(airside: Airside, project: Path) -> None:
    record = checked(airside, project, code=1)
    assert record["revisions"] == 2
    (dropped,) = [item for item in record["findings"] if item["check"] == "drop-column"]
    assert (dropped["file"], dropped["line"]) == ("db/migrations/versions/b2_drop.py", 9)
    assert not [item for item in record["findings"] if item["check"] in ("declarations", "downgrade", "not-checked")]

    quiet = checked(airside, project, "--since", "b2", code=0)
    assert (quiet["judged"], quiet["ok"]) == (0, True)

    airside("check", "--alembic-ini", "db/alembic.ini", "--baseline", "known.json", "--write-baseline", cwd=project)
    known = json.loads((project / "known.json").read_text())["findings"]
    assert "drop-column" in {entry["rule"] for entry in known}
    assert str(project) not in (project / "known.json").read_text()
    assert checked(airside, project, "--baseline", "known.json", code=0)["counts"]["baseline"]

    revision = project / "db/migrations/versions/b2_drop.py"
    text = revision.read_text().replace("    op.drop_column(", f"    {HERE}\n    op.drop_column(")
    revision.write_text(f"{ANYWHERE}\n{text}")
    allowed = checked(airside, project, code=0)
    assert sorted((item["check"], item["because"]) for item in allowed["allowed"]) == [
        ("drop-column", "nothing reads it"),
        ("irreversible", "it can be computed again"),
    ]


HERE = "# airside: allow drop-column because nothing reads it"
ANYWHERE = "# airside: allow-file irreversible because it can be computed again"


def test_models_that_differ_are_told(airside: Airside, project: Path) -> None:
    models = project / "src/notes_models.py"
    models.write_text(models.read_text() + "    added: Mapped[int | None]\n")
    record = checked(airside, project, "--since", "b2", code=1)
    (told,) = [item for item in record["findings"] if item["check"] == "declarations"]
    assert "public.notes.added" in told["message"]


def test_what_is_wrong_with_the_project_is_one_line(airside: Airside, project: Path) -> None:
    ini = "db/alembic.ini"
    said = airside("check", "--alembic-ini", ini, "--alembic-name", "other", cwd=project, code=2).stderr
    assert "no script_location in section [other]" in said
    assert said.count("\n") == 1
