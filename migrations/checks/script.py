"""Plain SQL files, observed: the given schema is made, rows are put in, and each file is a step."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from ...schema.core.catalog import inspect
from ...schema.core.errors import CheckFailed
from ...schema.core.sql import ScriptStatement, parse_script
from ...server import Server, scratch
from ..outside import one_transaction
from .effects import Effect
from .model import Step
from .observe import Observer

Fill = Callable[[psycopg.Connection[Any]], Mapping[str, str]]
_OFF = re.compile(r"^--\s*airside:\s*transaction\s*=\s*off\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Script:
    """A file of SQL, or text that came otherwise, under its name."""

    name: str
    text: str

    @classmethod
    def read(cls, path: Path) -> Script:
        return cls(str(path), path.read_text(encoding="utf-8"))


def observed_scripts(
    server: Server, scripts: Sequence[Script], fill: Fill, *, given: Script | None = None
) -> tuple[Step, ...]:
    """Run each script in turn on a scratch database that `given` made, and say what every statement did.

    A script is one transaction, as migration tools run it, unless it begins transactions itself, says
    `-- airside: transaction = off`, or holds a statement that cannot run in one. It ends at the first statement
    that PostgreSQL refuses, and so does the run. Raises CheckFailed when `given` does not run, DeclarationError when
    a file does not parse.
    """
    parsed = [(script, parse_script(script.text, origin=script.name)) for script in scripts]
    with scratch(server, label="scripts") as made:

        def connect() -> psycopg.Connection[Any]:
            return made.server.connect(made.name, autocommit=True, application_name="airside check")

        if given is not None:
            _make(connect, given)
        steps: list[Step] = []
        for script, statements in parsed:
            with connect() as filler:
                without_rows = tuple(fill(filler).items())
                before = inspect(filler)
            with connect() as connection:
                effects = _observed(connection, connect, script, statements)
            with connect() as reader:
                step = Step(
                    Path(script.name).stem, "up", script.name, effects, before, inspect(reader), None, without_rows
                )
            steps.append(step)
            if effects and effects[-1].error:
                break
        return tuple(steps)


def _make(connect: Callable[[], psycopg.Connection[Any]], given: Script) -> None:
    for statement in parse_script(given.text, origin=given.name):
        with connect() as connection:
            try:
                connection.execute(statement.sql.encode())
            except psycopg.Error as error:
                raise CheckFailed(
                    f"PostgreSQL refused the schema: {error.diag.message_primary or error}",
                    where=f"{given.name}:{statement.line}",
                    next_step="give the schema as `pg_dump --schema-only --no-owner` writes it",
                ) from error


def _observed(
    connection: psycopg.Connection[Any],
    connect: Callable[[], psycopg.Connection[Any]],
    script: Script,
    statements: Sequence[ScriptStatement],
) -> tuple[Effect, ...]:
    observer = Observer(lambda text: connection.execute(text.encode()).fetchall(), connect)
    wrapped = _is_wrapped(script, statements)
    if wrapped:
        connection.execute("BEGIN")
    effects: list[Effect] = []
    name = Path(script.name).stem
    for statement in statements:
        where = f"{script.name}:{statement.line}"
        observer.begin(statement.sql)
        try:
            connection.execute(statement.sql.encode())
        except psycopg.Error as error:
            connection.execute("ROLLBACK")
            message = error.diag.message_primary or str(error)
            effects.append(observer.failed(message, where=where, revision=name, direction="up"))
            return tuple(effects)
        effects.append(observer.end(where=where, revision=name, direction="up", comments=statement.comments))
    if wrapped:
        connection.execute("COMMIT")
    return tuple(effects)


def _is_wrapped(script: Script, statements: Sequence[ScriptStatement]) -> bool:
    return not _OFF.search(script.text) and one_transaction(statement.tree for statement in statements)
