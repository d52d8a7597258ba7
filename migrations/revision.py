"""What every generated revision calls: run the SQL file beside it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import cast

from alembic import op

from .executor import run_file
from .offline import guard_sql
from .potential import potential_losses
from .session import ATTRIBUTE, Session
from .sqlfile import SqlFile, read_sql_file, sibling


def run_sql(stub: str, direction: str) -> None:
    """Run `<stub>.<direction>.sql`, verbatim, one statement at a time.

    In offline mode (`--sql`) the statements are printed instead. A file with the header
    `-- airside: transaction = off` runs outside a transaction and must be re-runnable.
    """
    file = read_sql_file(sibling(stub, direction))
    context = op.get_context()
    with nullcontext() if file.transactional else context.autocommit_block():
        if context.as_sql:
            _print(file)
            return
        config = context.environment_context.config if context.environment_context else None
        session = cast("Session", config.attributes[ATTRIBUTE]) if config else None
        if session is None or context.connection is None:
            raise RuntimeError("run_sql needs the environment of airside.migrations.env")
        run_file(context.connection, file, session)


def _print(file: SqlFile) -> None:
    output = op.get_context().impl.static_output
    for statement in file.statements:
        for loss in potential_losses(statement):
            output(guard_sql(loss))
        output(f"{statement.sql};")
