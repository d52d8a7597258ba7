"""A declared database as SQL statements. Pure."""

from __future__ import annotations

from typing import Any

from sqlalchemy import create_mock_engine
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql.ddl import CreateIndex, CreateTable

from .database import Database, Declared
from .quote import quote_ident


def render(database: Database) -> tuple[Declared, ...]:
    """Every statement of the declaration but the derived grants; the order is not yet one that runs.

    PUBLIC loses its rights first, so that nothing is ever open to everybody.
    """
    return (*_closed_to_public(), *_extensions(database), *_models(database), *database.sql)


def _closed_to_public() -> tuple[Declared, ...]:
    statements = (
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        "ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC",
    )
    return tuple(Declared(sql, "roles") for sql in statements)


def _extensions(database: Database) -> tuple[Declared, ...]:
    return tuple(
        Declared(f"CREATE EXTENSION IF NOT EXISTS {quote_ident(name)}", f"extension {name}")
        for name in database.extensions
    )


def _models(database: Database) -> tuple[Declared, ...]:
    rendered: list[Declared] = []

    def collect(element: ExecutableDDLElement, *_: Any, **__: Any) -> None:
        compiled = str(element.compile(dialect=engine.dialect)).strip()
        rendered.append(Declared(compiled, _origin(element)))

    # psycopg's own paramstyle would double every % in a CHECK or a DEFAULT
    engine = create_mock_engine("postgresql+psycopg://", collect, paramstyle="named")
    for schema in sorted({table.schema for table in database.metadata.tables.values() if table.schema}):
        rendered.append(Declared(f"CREATE SCHEMA IF NOT EXISTS {quote_ident(schema)}", f"schema {schema}"))
    database.metadata.create_all(engine, checkfirst=False)
    return tuple(rendered)


def _origin(element: ExecutableDDLElement) -> str:
    if isinstance(element, CreateTable):
        return f"table {element.element.fullname}"
    if isinstance(element, CreateIndex):
        return f"index {element.element.name}"
    return "model"
