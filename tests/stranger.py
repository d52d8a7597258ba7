"""A project of somebody else: one database of its own, registered through `airside.toml`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from airside.migrations.session import Session
from airside.schema.core.locks import LockBudget
from airside.schema.core.registry import Entry, load_registry
from airside.server import Server

STUB = '''"""{message}."""

from airside.migrations.revision import run_sql

revision = "{revision}"
down_revision = {down_revision!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(__file__, "up")


def downgrade() -> None:
    run_sql(__file__, "down")
'''

MODULE = '''"""A shop."""

from airside.schema.core import NAMING_CONVENTION, Database
from sqlalchemy import ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Customer(Base):
    """Somebody who buys."""

    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
{more}

database = Database("{name}", metadata=Base.metadata)
'''


@dataclass(frozen=True)
class Project:
    """`name` is the database's and, with `_system`, the system's."""

    folder: Path
    name: str
    module: str

    @property
    def entry(self) -> Entry:
        return load_registry(self.folder).one(self.name)

    @property
    def migrations(self) -> Path:
        return self.folder / "migrations"

    def declare(self, more: str = "") -> None:
        """Write the module with `more` lines after the customer's columns."""
        (self.folder / f"{self.module}.py").write_text(MODULE.replace("{more}", more).replace("{name}", self.name))

    def revision(self, number: int, up: str, down: str, *, message: str = "step", parent: int | None = None) -> None:
        """Write revision `number`, which follows `parent` (the one before it)."""
        before = number - 1 if parent is None else parent
        stub = self.migrations / f"{number:04d}_{message}.py"
        down_revision = f"{before:04d}" if before else None
        stub.write_text(STUB.format(message=message, revision=f"{number:04d}", down_revision=down_revision))
        stub.with_suffix(".up.sql").write_text(up)
        stub.with_suffix(".down.sql").write_text(down)

    def revisions(self, texts: Mapping[int, tuple[str, str]]) -> None:
        for number, (up, down) in texts.items():
            self.revision(number, up, down)

    def session(self, server: Server, **changes: object) -> Session:
        """A session as the command line makes it, with short lock times."""
        entry = self.entry
        session = Session(entry, server, entry.name, entry.load().roles, budget=LockBudget(0.2, 60))
        for name, value in changes.items():
            setattr(session, name, value)
        return session


def new_project(folder: Path) -> Project:
    """A project in `folder` with a name of its own, so that many fit on one server."""
    name = f"shop_{uuid.uuid4().hex[:10]}"
    project = Project(folder, name, f"{name}_schema")
    (folder / "migrations").mkdir(parents=True)
    (folder / "airside.toml").write_text(
        f'[[databases]]\nsystem = "{name}_system"\nname = "{name}"\n'
        f'module = "{name}_schema"\nmigrations = "migrations"\n'
    )
    project.declare()
    return project
