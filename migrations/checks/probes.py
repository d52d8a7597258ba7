"""The statements that SQLAlchemy makes of one release's models, run against a schema and taken back."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, LiteralString, cast

import psycopg
import sqlalchemy as sa
from psycopg import sql
from psycopg.rows import tuple_row
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import SQLAlchemyError

from .rows import Attempt, Table, fillable
from .values import candidates

Operation = Literal["SELECT", "INSERT", "UPDATE", "DELETE", "value"]
_NUMBER, _TRIES, _SOME = 5, 60, 5
_DIALECT = PGDialect_psycopg()


@dataclass(frozen=True, slots=True)
class Probe:
    """One statement: on a column, or on the whole row. `detail` is the form of an INSERT, or a value as text."""

    table: str
    operation: Operation
    column: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What PostgreSQL said; `sqlstate` is empty where SQLAlchemy could not even make the statement."""

    sqlstate: str
    message: str
    constraint: str | None = None


Answers = dict[Probe, Refusal | None]
"""None: PostgreSQL took the statement."""


@dataclass(slots=True)
class Answered:
    """The answers of one schema, and the names of the constraints that its tables have."""

    answers: Answers = field(default_factory=dict[Probe, "Refusal | None"])
    constraints: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    def accepted(self) -> tuple[Probe, ...]:
        """The values that the columns take."""
        return tuple(probe for probe, said in self.answers.items() if probe.operation == "value" and said is None)


def probe(
    connection: psycopg.Connection[Any],
    metadata: sa.MetaData,
    role: str | None,
    values: Sequence[Probe] | None = None,
) -> Answered:
    """Run the statements of every table as `role` (the login role when None) and roll all of it back.

    `values` are tried in their columns; None makes them up from the types that the columns have here.
    """
    found = Answered()
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL lock_timeout = '5s'")
        present = {_name(table.schema, table.name): table for table in fillable(connection)}
        for name, table in present.items():
            found.constraints[name] = {item.name for item in table.constraints}
        for table in metadata.tables.values():
            name = _name(table.schema or "public", table.name)
            prober = _Prober(connection, table, name, present, role)
            found.answers |= prober.answers(values)
    return found


def _name(schema: str, name: str) -> str:
    return f"{schema}.{name}"


class _Prober:
    """Probes of one table."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        table: sa.Table,
        name: str,
        present: Mapping[str, Table],
        role: str | None,
    ) -> None:
        self.connection = connection
        self.table = table
        self.name = name
        self.here = present.get(name)
        self.by_oid = {item.oid: item for item in present.values()}
        self.role = sql.Identifier(role) if role else sql.SQL("NONE")
        self.row: dict[str, str | None] = {}

    def answers(self, values: Sequence[Probe] | None) -> Answers:
        answers = dict(self._selects())
        columns = [column for column in self.table.columns if self._is_there(column, answers)]
        if self.here is None or not columns:
            return answers
        with self.connection.transaction(force_rollback=True):
            key = None
            for form, named in (("required columns", _required(columns)), ("all columns", _written(columns))):
                said, made = self._insert(self.here, named)
                answers[Probe(self.name, "INSERT", None, form)] = said
                key = made or key
            key = key if key is not None else self._some_key()
            if key is not None:
                self.row = self._row(columns, key)
                answers |= self._changes(columns, key)
                if self.role == sql.SQL("NONE"):
                    answers |= self._values(self.here, columns, key, values)
        return answers

    def _is_there(self, column: sa.Column[Any], answers: Answers) -> bool:
        return answers.get(Probe(self.name, "SELECT", column.name)) is None

    def _selects(self) -> Iterator[tuple[Probe, Refusal | None]]:
        whole = self._said(lambda: self._run(sa.select(self.table).limit(_SOME)))
        each = {}
        if whole is not None and self.here is not None:
            each = {
                Probe(self.name, "SELECT", column.name): refusal
                for column in self.table.columns
                if (refusal := self._said(lambda column=column: self._run(sa.select(column).limit(_SOME))))
            }
        yield from each.items()
        if not each:
            yield Probe(self.name, "SELECT"), whole

    def _insert(self, here: Table, columns: Sequence[sa.Column[Any]]) -> tuple[Refusal | None, dict[str, Any] | None]:
        made: dict[str, Any] = {}

        def send(chosen: Mapping[str, str | None]) -> None:
            values = {column.key: chosen.get(column.name) for column in columns}
            with self._as_role():
                returned = self._run(sa.insert(self.table), values)
                self.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            made.clear()
            made.update({column.key: values.get(column.key) for column in self.table.primary_key})
            if returned:
                made.update(zip(made, returned[0], strict=False))

        attempt = Attempt(self.connection, here, self.by_oid, _NUMBER, send)
        attempt.take_free_key()
        try:
            said = attempt.insert(_TRIES)
        except SQLAlchemyError as error:
            return Refusal("", str(error).splitlines()[0]), None
        if said is None:
            return None, made
        return _refusal(attempt.refusal) if attempt.refusal else Refusal("", said), None

    def _some_key(self) -> dict[str, Any] | None:
        """The key of a row that is there."""
        keys = list(self.table.primary_key)
        if not keys:
            return {}
        rows: list[Any] = []
        self._said(lambda: rows.extend(self._run(sa.select(*keys).limit(1))))
        return dict(zip([column.key for column in keys], rows[0], strict=True)) if rows else None

    def _changes(self, columns: Sequence[sa.Column[Any]], key: Mapping[str, Any]) -> Answers:
        """UPDATE of each column to the value that it has, and DELETE."""
        answers: Answers = {}
        for column in _written(columns):
            answers[Probe(self.name, "UPDATE", column.name)] = self._said(
                lambda column=column: self._update(column, self.row.get(column.key), key)
            )
        answers[Probe(self.name, "DELETE")] = self._said(
            lambda: self._run(sa.delete(self.table).where(*self._is(key)), self._bound(key))
        )
        return answers

    def _row(self, columns: Sequence[sa.Column[Any]], key: Mapping[str, Any]) -> dict[str, str | None]:
        """The values of a row as texts."""
        texts = [sa.cast(column, sa.Text) for column in columns]
        with self.connection.transaction(force_rollback=True):
            rows = self._run(sa.select(*texts).where(*self._is(key)).limit(1), self._bound(key))
        return dict(zip([column.key for column in columns], rows[0], strict=True)) if rows else {}

    def _values(
        self,
        here: Table,
        columns: Sequence[sa.Column[Any]],
        key: Mapping[str, Any],
        values: Sequence[Probe] | None,
    ) -> Answers:
        plain = {column.name: column for column in _written(columns) if not column.primary_key}
        wanted = self._made_up(here, plain) if values is None else [v for v in values if v.table == self.name]
        return {
            item: self._said(lambda item=item: self._update(plain[item.column or ""], item.detail, key))
            for item in wanted
            if item.column in plain
        }

    def _made_up(self, here: Table, plain: Iterable[str]) -> Iterator[Probe]:
        following = {name for constraint in here.keys for name in constraint.columns}
        for column in here.columns:
            if column.name in plain and column.name not in following:
                for value in candidates(column, here.checks_of(column.name), 0):
                    yield Probe(self.name, "value", column.name, value)

    def _update(self, column: sa.Column[Any], value: str | None, key: Mapping[str, Any]) -> None:
        statement = sa.update(self.table).where(*self._is(key)).values({column.key: sa.bindparam("set_to")})
        self._run(statement, {**self._bound(key), "set_to": value})
        self.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def _is(self, key: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
        return [self.table.columns[name] == sa.bindparam(f"key_{at}") for at, name in enumerate(key)]

    def _bound(self, key: Mapping[str, Any]) -> dict[str, Any]:
        return {f"key_{at}": value for at, value in enumerate(key.values())}

    def _said(self, run: Callable[[], object]) -> Refusal | None:
        """What PostgreSQL says when the role does it; it is taken back."""
        try:
            with self.connection.transaction(force_rollback=True), self._as_role():
                run()
        except psycopg.Error as error:
            return _refusal(error)
        except SQLAlchemyError as error:
            return Refusal("", str(error).splitlines()[0])
        return None

    @contextmanager
    def _as_role(self) -> Generator[None]:
        self.connection.execute(sql.SQL("SET LOCAL ROLE {}").format(self.role))
        yield
        self.connection.execute("SET LOCAL ROLE NONE")

    def _run(self, statement: Any, values: Mapping[str, Any] | None = None) -> list[Any]:
        """Run it as SQLAlchemy spells it, with texts for the values: PostgreSQL reads them as the types say."""
        keys = list(values) if isinstance(statement, sa.Insert) and values is not None else None
        compiled = statement.compile(dialect=_DIALECT, column_keys=keys)
        escaped = cast("Mapping[str, str]", compiled.escaped_bind_names)
        # a column that SQLAlchemy fills in Python, such as by onupdate, keeps its value
        bound = {name: self.row.get(name) if value is None else value for name, value in compiled.params.items()}
        given = {escaped.get(name, name): value for name, value in {**bound, **(values or {})}.items()}
        cursor = self.connection.cursor(row_factory=tuple_row)
        cursor.execute(cast("LiteralString", str(compiled)), given, prepare=False)
        return cursor.fetchall() if cursor.description else []


def _written(columns: Iterable[sa.Column[Any]]) -> list[sa.Column[Any]]:
    return [
        column
        for column in columns
        if column.computed is None and not (column.identity is not None and column.identity.always)
    ]


def _required(columns: Iterable[sa.Column[Any]]) -> list[sa.Column[Any]]:
    """The columns without which the model cannot be inserted, and those for which it has a default in Python."""
    return [
        column
        for column in _written(columns)
        if column.default is not None
        or not (
            column.nullable
            or column.server_default is not None
            or column.identity is not None
            or column is column.table.autoincrement_column
        )
    ]


def _refusal(error: psycopg.Error) -> Refusal:
    message = error.diag.message_primary or str(error).splitlines()[0]
    return Refusal(error.sqlstate or "", message, error.diag.constraint_name)
