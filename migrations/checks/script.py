"""Plain SQL files, observed: the given schema is made, rows are put in, and each file is a step."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg

from ...schema.core.catalog import Catalog, inspect
from ...schema.core.errors import CheckFailed
from ...schema.core.sql import ScriptStatement, parse_script
from ...server import Scratch, Server, scratch
from ..outside import one_transaction
from .effects import Effect, richer
from .emptied import IN_THE_WAY, TRIES, Refusal, drop_partitions, empty, empty_for, refusal
from .model import Step
from .observe import Observer
from .roles import named_roles, stand_ins

Fill = Callable[[psycopg.Connection[Any]], Mapping[str, str]]
Place = Callable[[Server], AbstractContextManager[Scratch]]
_COMMITS = re.compile(r"\b(?:commit|rollback)\b", re.IGNORECASE)
_PSQL = re.compile(r"^\\(?:un)?restrict\b.*$", re.MULTILINE)
"""What pg_dump puts around its output for psql, which runs nothing else in between (since 2025)."""
_OFF = re.compile(r"^--\s*airside:\s*transaction\s*=\s*off\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Script:
    """A file of SQL, or text that came otherwise, under its name."""

    name: str
    text: str

    @classmethod
    def read(cls, path: Path) -> Script:
        return cls(str(path), _PSQL.sub("", path.read_text(encoding="utf-8")))


@dataclass(slots=True)
class _Refusals:
    """Of one script: the tables that it runs without rows of ours in, the statements that would not have them, and
    what was seen before those.
    """

    tables: dict[str, str] = field(default_factory=dict[str, str])
    effects: list[Effect] = field(default_factory=list[Effect])
    before: tuple[Effect, ...] = ()


def _scratch(server: Server) -> AbstractContextManager[Scratch]:
    return scratch(server, label="scripts")


def observed_scripts(
    server: Server,
    scripts: Sequence[Script],
    fill: Fill,
    *,
    given: Script | None = None,
    at_head: Callable[[psycopg.Connection[Any], Catalog], None] | None = None,
    place: Place = _scratch,
) -> tuple[Step, ...]:
    """Run each script in turn on a scratch database that `given` made, and say what every statement did.

    A script is one transaction, as migration tools run it, unless it begins transactions itself, says
    `-- airside: transaction = off`, or holds a statement that cannot run in one. It ends at the first statement
    that PostgreSQL refuses, and so does the run; where rows that were made up are refused, all is run again without
    them. `at_head` is called at the end, with the catalog there, when all has run. Raises CheckFailed when `given` does
    not run, DeclarationError when a file does not parse. Roles that they name and a throw-away server lacks are there
    meanwhile. `place` gives the database, empty each time.
    """
    parsed = [(script, parse_script(script.text, origin=script.name)) for script in scripts]
    refusals = [_Refusals() for _ in scripts]
    roles = roles_of(scripts, given)
    for last in [False] * (TRIES - 1) + [True]:
        with stand_ins(server, roles), place(server) as made:
            run = _Run(made, fill, given)
            steps = tuple(run.steps(parsed, refusals))
            if last or not run.is_refused(steps, refusals):
                if at_head is not None and not _failed(steps):
                    with run.connect() as connection:
                        at_head(connection, steps[-1].after if steps else inspect(connection))
                return steps
    raise AssertionError("unreachable")


def roles_of(scripts: Sequence[Script], given: Script | None) -> frozenset[str]:
    """The roles that scripts need to be there. Raises DeclarationError when one does not parse."""
    known = (*scripts, given) if given is not None else scripts
    return named_roles(
        (statement.sql, statement.tree)
        for script in known
        for statement in parse_script(script.text, origin=script.name)
    )


@dataclass(slots=True)
class _Run:
    """One run of all scripts on a database of its own."""

    made: Scratch
    fill: Fill
    given: Script | None
    said: Refusal = field(default_factory=lambda: Refusal(""))

    def connect(self) -> psycopg.Connection[Any]:
        return self.made.server.connect(self.made.name, autocommit=True, application_name="airside check")

    def steps(
        self, parsed: Sequence[tuple[Script, tuple[ScriptStatement, ...]]], refusals: Sequence[_Refusals]
    ) -> Iterator[Step]:
        if self.given is not None:
            make_given(self.connect, self.given)
        for (script, statements), refused in zip(parsed, refusals, strict=True):
            with self.connect() as filler:
                without_rows = dict(self.fill(filler)) | refused.tables
                for table, reason in refused.tables.items():
                    schema, name = table.split(".", 1)
                    if reason == IN_THE_WAY:
                        drop_partitions(filler, name)
                    else:
                        empty(filler, schema, name)
                before = inspect(filler)
            with self.connect() as connection:
                effects = richer(refused.before, self._observed(connection, script, statements))
            # a connection of its own: a file may end all others
            with self.connect() as reader:
                after = inspect(reader)
            yield Step(
                Path(script.name).stem,
                "up",
                script.name,
                effects,
                before,
                after,
                None,
                tuple(without_rows.items()),
                tuple(refused.effects),
            )
            if effects and effects[-1].error:
                return

    def is_refused(self, steps: Sequence[Step], refusals: Sequence[_Refusals]) -> bool:
        """Whether rows that were made up ended the run; they are left out the next time."""
        if not _failed(steps) or not self.said.is_of_rows:
            return False
        refused, effect = refusals[len(steps) - 1], steps[-1].effects[-1]
        with self.connect() as connection:
            tables = empty_for(connection, self.said, effect.sql, but=refused.tables)
        refused.tables |= tables
        refused.effects.append(effect)
        refused.before = steps[-1].effects[:-1]
        return bool(tables)

    def _observed(
        self, connection: psycopg.Connection[Any], script: Script, statements: Sequence[ScriptStatement]
    ) -> tuple[Effect, ...]:
        observer = Observer(lambda text: connection.execute(text.encode()).fetchall(), self.connect)
        wrapped = is_wrapped(script, statements)
        if wrapped:
            connection.execute("BEGIN")
        effects: list[Effect] = []
        name = Path(script.name).stem
        for statement in statements:
            where = f"{script.name}:{statement.line}"
            alone = _is_alone(connection, statement)
            if alone:
                # in a transaction of its own it does the same, and what it did can be read before it ends
                connection.execute("BEGIN")
            observer.begin(statement.sql)
            try:
                connection.execute(statement.sql.encode())
            except psycopg.Error as error:
                connection.execute("ROLLBACK")
                self.said = refusal(error)
                effects.append(observer.failed(self.said.message, where=where, revision=name, direction="up"))
                return tuple(effects)
            effect = observer.end(where=where, revision=name, direction="up", comments=statement.comments)
            effects.append(replace(effect, transactional=False) if alone else effect)
            if alone:
                connection.execute("COMMIT")
        if wrapped:
            connection.execute("COMMIT")
        return tuple(effects)


def _failed(steps: Sequence[Step]) -> bool:
    return bool(steps and steps[-1].effects and steps[-1].effects[-1].error)


def _is_alone(connection: psycopg.Connection[Any], statement: ScriptStatement) -> bool:
    idle = connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    return idle and one_transaction([statement.tree]) and not _may_commit(statement)


def _may_commit(statement: ScriptStatement) -> bool:
    """A procedure or a block that ends transactions as it goes, which PostgreSQL refuses within one."""
    kind = statement.tree.WhichOneof("node")
    return kind == "call_stmt" or (kind == "do_stmt" and _COMMITS.search(statement.sql) is not None)


def make_given(connect: Callable[[], psycopg.Connection[Any]], given: Script) -> None:
    """Run the schema that scripts find. Raises CheckFailed where PostgreSQL refuses a statement."""
    with connect() as connection:
        for statement in parse_script(given.text, origin=given.name):
            try:
                connection.execute(statement.sql.encode())
            except psycopg.Error as error:
                raise CheckFailed(
                    f"PostgreSQL refused the schema: {error.diag.message_primary or error}",
                    where=f"{given.name}:{statement.line}",
                    next_step="give the schema as `pg_dump --schema-only --no-owner` writes it",
                ) from error


def is_wrapped(script: Script, statements: Sequence[ScriptStatement]) -> bool:
    """Whether a script runs as one transaction."""
    return not _OFF.search(script.text) and one_transaction(statement.tree for statement in statements)
