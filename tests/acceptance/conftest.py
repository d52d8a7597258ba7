"""What the acceptance tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from airside.server import Server
from psycopg import sql

from ..stranger import new_project
from .shop import Airside, Shop
from .yard import db, yard, yard_template

__all__ = ["db", "yard", "yard_template"]


@pytest.fixture
def shop(tmp_path: Path, server: Server, airside: Airside) -> Iterator[Shop]:
    project = new_project(tmp_path)
    yield Shop(project, server, airside)
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(project.name)))
        for role in ("owner", "app", "readonly"):
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(f"{project.name}_{role}")))
