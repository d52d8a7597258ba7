"""A declared database: SQLAlchemy models, and SQL statements for what SQLAlchemy cannot say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from sqlalchemy import MetaData

from .errors import DeclarationError
from .sql import split

NAMING_CONVENTION = {
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "ck": "%(constraint_name)s",
}
"""PostgreSQL's own default names, so that hand-written SQL and models agree."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One SQL statement of a declaration and where it stands (`file:line`, or what rendered it)."""

    sql: str
    origin: str


@dataclass(frozen=True, slots=True)
class Roles:
    """The group roles of a database, none of which can log in: grant them to login roles.

    `owner` owns everything and runs migrations; `app` reads and writes; `readonly` reads.
    """

    owner: str
    app: str
    readonly: str

    @classmethod
    def of(cls, database: str) -> Roles:
        return cls(f"{database}_owner", f"{database}_app", f"{database}_readonly")

    def names(self) -> tuple[str, str, str]:
        return (self.owner, self.app, self.readonly)


@dataclass(frozen=True, slots=True)
class Role:
    """A further group role of a database, such as one for backups. Its rights are declared by GRANTs.

    `bypassrls` lets it see the rows that policies hide; to create such a role takes a superuser. It becomes a
    member of the existing roles `member_of`. With `for_owner` the owner becomes a member of it, and so can hand
    objects over to it.
    """

    name: str
    bypassrls: bool = False
    member_of: tuple[str, ...] = ()
    for_owner: bool = False


@dataclass(frozen=True)
class Database:
    """One PostgreSQL database as its owners want it.

    `sql` are statements in any order: functions, triggers, policies, views, grants. Build them from files with
    `sql_files`. Grants for the group roles are derived (see `build`). `extra_roles` are made when the database is
    provisioned, for roles belong to the whole server. `external` names tables (`table` in `public`, or
    `schema.table`) that another application makes and owns: they are no drift, there or not.
    """

    name: str
    metadata: MetaData
    extensions: tuple[str, ...] = ()
    sql: tuple[Declared, ...] = ()
    extra_roles: tuple[Role, ...] = ()
    external: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # a module of somebody else need not be typed
        if not all(isinstance(statement, Declared) for statement in cast("tuple[object, ...]", self.sql)):
            raise DeclarationError(
                "`sql` holds something else than statements",
                where=self.name,
                next_step="write them into a file beside the module: sql=sql_files(__file__, '*.sql')",
            )

    @property
    def roles(self) -> Roles:
        return Roles.of(self.name)


def sql_files(beside: str | Path, *patterns: str) -> tuple[Declared, ...]:
    """The statements of the `.sql` files beside a module: `sql_files(__file__, "routines/*.sql")`.

    Files are read in the order of their names. Raises DeclarationError when a pattern matches no file or a file
    does not parse.
    """
    folder = Path(beside).parent
    statements: list[Declared] = []
    for pattern in patterns:
        files = sorted(folder.glob(pattern))
        if not files:
            raise DeclarationError(
                f"no file matches {pattern!r}",
                where=str(folder),
                next_step="correct the pattern in sql_files",
            )
        for file in files:
            origin = f"{file.parent.name}/{file.name}"
            for line, sql in split(file.read_text(encoding="utf-8"), origin=str(file)):
                statements.append(Declared(sql, f"{origin}:{line}"))
    return tuple(statements)
