"""Drafts from models: declared renames keep what they rename, and nothing is written without a difference."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from airside.migrations.authoring import Draft, draft, write
from airside.migrations.provision import provision
from airside.migrations.runner import downgrade, upgrade
from airside.schema.core.errors import UsageError
from airside.server import Server
from psycopg import sql

from ..stranger import MODULE, Project, new_project


@pytest.fixture
def project(tmp_path: Path, server: Server) -> Iterator[Project]:
    made = new_project(tmp_path)
    write(made.entry, draft(server, made.entry, made.entry.load(), "create customers"))
    session = made.session(server)
    provision(server, session.entry, session.entry.load(), session)
    yield made
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(made.name)))


def redeclared(server: Server, project: Project, *changes: tuple[str, str]) -> tuple[Draft, ...]:
    """The drafts after changes of the module's text, which is imported under a new name."""
    text = MODULE.replace("{more}", "").replace("{name}", project.name)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    module = f"{project.module}_changed"
    (project.folder / f"{module}.py").write_text(text)
    configuration = project.folder / "airside.toml"
    configuration.write_text(configuration.read_text().replace(f'"{project.module}"', f'"{module}"'))
    return draft(server, project.entry, project.entry.load(), "change")


def test_no_difference_no_draft(server: Server, project: Project) -> None:
    assert draft(server, project.entry, project.entry.load(), "nothing") == ()


def test_a_message_is_asked_for(server: Server, project: Project) -> None:
    with pytest.raises(UsageError, match="needs a message"):
        draft(server, project.entry, project.entry.load(), " ")


def test_a_renamed_column_keeps_its_values(server: Server, project: Project) -> None:
    drafts = redeclared(
        server,
        project,
        (
            "    email: Mapped[str] = mapped_column(unique=True)",
            '    mail: Mapped[str] = mapped_column(unique=True, info={"renamed_from": "email"})',
        ),
    )
    assert [item for item in drafts if "data-loss" in item.up] == []
    write(project.entry, drafts)
    with server.connect(project.name, autocommit=True) as connection:
        connection.execute("INSERT INTO customers (email) VALUES ('a@b.c')")
        upgrade(project.session(server))
        assert connection.execute("SELECT mail FROM customers").fetchone() == ("a@b.c",)
        downgrade(project.session(server), "0001")
        assert connection.execute("SELECT email FROM customers").fetchone() == ("a@b.c",)


def test_a_renamed_table_goes_on_counting(server: Server, project: Project) -> None:
    drafts = redeclared(
        server,
        project,
        (
            '    __tablename__ = "customers"',
            '    __tablename__ = "clients"\n    __table_args__ = {"info": {"renamed_from": "customers"}}',
        ),
    )
    assert [item for item in drafts if "data-loss" in item.up or "CREATE SEQUENCE" in item.up] == []
    write(project.entry, drafts)
    with server.connect(project.name, autocommit=True) as connection:
        connection.execute("INSERT INTO customers (email) VALUES ('a'), ('b'), ('c')")
        connection.execute("DELETE FROM customers WHERE email = 'c'")
        upgrade(project.session(server))
        row = connection.execute("INSERT INTO clients (email) VALUES ('d') RETURNING id").fetchone()
    assert row == (4,)
