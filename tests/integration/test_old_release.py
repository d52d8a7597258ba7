"""The statements of an older git revision's models against a newer schema."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from airside.migrations.checks.model import Finding
from airside.migrations.checks.release import Models, checked_out, old_release_findings
from airside.migrations.declared import declared
from airside.schema.core.errors import ConfigurationError, DeclarationError, UnknownRevision
from airside.schema.core.registry import load_registry
from airside.server import Server

MODELS = """\
import enum, uuid
from datetime import datetime
from decimal import Decimal
from sqlalchemy import CheckConstraint, DateTime, Enum, ForeignKey, Numeric, String, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    __table_args__ = (CheckConstraint("name <> ''", name="users_name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    email: Mapped[str | None] = mapped_column(Text)
    mood: Mapped[str] = mapped_column(Enum("sad", "ok", name="mood"), server_default="ok")
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    doc: Mapped[dict] = mapped_column(JSONB, default=dict)
    seen: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now(), onupdate=datetime.now)

class Order(Base):
    __tablename__ = "orders"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    total: Mapped[Decimal] = mapped_column(Numeric(10, 2))
"""
SCHEMA = """
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE users (
    id serial PRIMARY KEY, name varchar(50) NOT NULL, email text, mood mood NOT NULL DEFAULT 'ok',
    tags text[] NOT NULL, doc jsonb NOT NULL, seen timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_name CHECK (name <> '')
);
CREATE TABLE orders (
    id uuid PRIMARY KEY, user_id integer NOT NULL REFERENCES users, total numeric(10,2) NOT NULL
);
"""


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C", str(folder), *arguments],
        check=True,
        capture_output=True,
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository whose first release has the models, and whose working tree has none."""
    package = tmp_path / "src" / "old_shop"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "models.py").write_text(MODELS)
    (tmp_path / ".gitattributes").write_text("models.py export-ignore\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    git(tmp_path, "tag", "v1")
    (package / "models.py").write_text("raise RuntimeError('the new models')\n")
    return tmp_path


def found(server: Server, database: str, clone: Path, change: str, ref: str = "v1") -> list[tuple[str, str, str]]:
    return [
        (finding.severity, finding.where, finding.message) for finding in findings(server, database, clone, change, ref)
    ]


def findings(server: Server, database: str, clone: Path, change: str, ref: str = "v1") -> tuple[Finding, ...]:
    with server.connect(database, autocommit=True) as connection:
        connection.execute(f"{SCHEMA}; {change}".encode())
    models = Models("old_shop.models:Base.metadata", (clone / "src",), "shop")
    with checked_out(ref, clone / "src") as release:
        return old_release_findings(server, release, models, database)


def test_a_schema_that_only_grew_breaks_nothing(server: Server, database: str, clone: Path) -> None:
    grown = (
        "ALTER TABLE users ADD phone text, ADD level int NOT NULL DEFAULT 1, ALTER name TYPE text;"
        "ALTER TYPE mood ADD VALUE 'glad'; CREATE INDEX ON orders (user_id); CREATE TABLE more (id int PRIMARY KEY)"
    )
    assert found(server, database, clone, grown) == []
    with server.connect(database) as connection:
        rows = connection.execute("SELECT count(*) FROM users").fetchone()
    # three rows that everybody may use, and none of the probes
    assert rows == (3,)


BREAKING = [
    (
        "ALTER TABLE users DROP email; ALTER TABLE users ADD phone text NOT NULL;"
        "ALTER TABLE users ALTER name TYPE varchar(20); ALTER TABLE orders RENAME TO purchases",
        [
            ("shop public.users.email", "SELECT", "does not exist"),
            ("shop public.orders", "SELECT", "does not exist"),
            ("shop public.users", "INSERT of required columns", "phone"),
            ("shop public.users.name", "writing", "too long"),
        ],
    ),
    (
        "ALTER TABLE users RENAME email TO mail; ALTER TABLE users ALTER seen DROP DEFAULT;"
        "ALTER TABLE orders DROP total, ADD total numeric GENERATED ALWAYS AS (1) STORED",
        [
            ("shop public.users.email", "SELECT", "does not exist"),
            ("shop public.users", "INSERT of required columns", "seen"),
            ("shop public.orders", "INSERT of required columns", "total"),
        ],
    ),
    (
        "ALTER TABLE users ALTER email SET NOT NULL; ALTER TABLE orders ALTER total TYPE numeric(6,2)",
        [
            ("shop public.users", "INSERT of required columns", "email"),
            ("shop public.orders.total", "writing", "overflow"),
        ],
    ),
    (
        "ALTER TABLE users ALTER email TYPE jsonb USING to_jsonb(email);"
        "CREATE RULE kept AS ON DELETE TO orders DO INSTEAD SELECT 1; ALTER TABLE orders ALTER user_id DROP NOT NULL",
        [("shop public.users", "INSERT of all columns", "jsonb")],
    ),
]


@pytest.mark.parametrize(("change", "expected"), BREAKING)
def test_what_breaks_the_old_release_is_named_once(
    server: Server, database: str, clone: Path, change: str, expected: list[tuple[str, str, str]]
) -> None:
    told = findings(server, database, clone, change)
    assert {finding.severity for finding in told} == {"error"}
    assert sorted(finding.where for finding in told) == sorted(where for where, _, _ in expected)
    for where, what, said in expected:
        message = next(finding.message for finding in told if finding.where == where)
        assert message.startswith(what)
        assert said in message


def test_a_new_constraint_may_refuse_what_the_old_release_writes(server: Server, database: str, clone: Path) -> None:
    change = "ALTER TABLE users ADD CONSTRAINT lower_name CHECK (name = lower(name))"
    [finding] = findings(server, database, clone, change)
    assert (finding.severity, finding.relation) == ("warning", "public.users")
    assert "lower_name" in finding.message


def test_a_label_that_is_gone_breaks_writes(server: Server, database: str, clone: Path) -> None:
    change = (
        "ALTER TYPE mood RENAME TO mood_before; CREATE TYPE mood AS ENUM ('ok');"
        "ALTER TABLE users ALTER mood DROP DEFAULT; ALTER TABLE users ALTER mood TYPE mood USING 'ok';"
        "ALTER TABLE users ALTER mood SET DEFAULT 'ok'; DROP TYPE mood_before"
    )
    [(severity, where, message)] = found(server, database, clone, change)
    assert (severity, where) == ("error", "shop public.users.mood")
    assert "'sad'" in message


def test_a_renamed_table_behind_a_view_can_still_be_read(server: Server, database: str, clone: Path) -> None:
    change = "ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT * FROM purchases"
    assert {severity for severity, *_ in found(server, database, clone, change)} <= {"note"}


def test_an_unknown_revision_is_said(clone: Path) -> None:
    with pytest.raises(UnknownRevision, match="v9"), checked_out("v9", clone):
        pass
    with pytest.raises(UnknownRevision), checked_out("--all", clone):
        pass


def test_a_folder_without_history_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="git"), checked_out("HEAD", tmp_path):
        pass


def test_models_that_do_not_import_are_said(server: Server, database: str, clone: Path) -> None:
    (clone / "src" / "old_shop" / "models.py").write_text("import no_such_library\n")
    git(clone, "commit", "-q", "-a", "-m", "second")
    with pytest.raises(DeclarationError, match="no_such_library"):
        findings(server, database, clone, "", ref="HEAD")


def test_a_release_from_before_the_models_is_a_note(server: Server, database: str, clone: Path) -> None:
    git(clone, "checkout", "-q", "--orphan", "empty")
    git(clone, "rm", "-q", "-r", "-f", "--cached", ".")
    git(clone, "commit", "-q", "--allow-empty", "-m", "nothing")
    assert [severity for severity, *_ in found(server, database, clone, "", ref="empty")] == ["note"]


def test_the_repository_stays_as_it_is(clone: Path) -> None:
    before = subprocess.run(
        ["git", "-C", str(clone), "status", "--porcelain"], capture_output=True, text=True, check=True
    ).stdout
    with checked_out("v1", clone) as release:
        assert "class User" in (release.folder / "src" / "old_shop" / "models.py").read_text()
        folder = release.folder
    assert not folder.exists()
    after = subprocess.run(
        ["git", "-C", str(clone), "status", "--porcelain"], capture_output=True, text=True, check=True
    ).stdout
    assert after == before


@pytest.mark.parametrize("name", ["payment_service_db", "global_travel_hub"])
def test_a_declared_database_is_run_under_its_application_role(server: Server, name: str) -> None:
    entry = load_registry().one(name)
    database = entry.load()
    with declared(server, database) as connection, checked_out("HEAD", entry.origin.parent) as release:
        made = connection.info.dbname
        same = old_release_findings(server, release, Models.declared(entry, database), made)
        assert [finding for finding in same if finding.severity != "note"] == []
        table = sorted(table.name for table in database.metadata.tables.values())[0]
        connection.execute(f'REVOKE SELECT ON "{table}" FROM "{database.roles.app}"'.encode())
        changed = old_release_findings(server, release, Models.declared(entry, database), made)
    assert [finding.relation for finding in changed if finding.severity == "error"] == [f"public.{table}"]
    assert any("permission denied" in finding.message for finding in changed)
