"""The statements that SQLAlchemy makes of one release's models, run against a schema and taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal, LiteralString, cast

import psycopg
import sqlalchemy as sa
from psycopg import sql
from psycopg.rows import tuple_row
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import SQLAlchemyError

from .rows import Attempt, Table, fillable
from .values import Column, candidates

Operation = Literal["SELECT", "INSERT", "UPDATE", "DELETE", "value"]
_NUMBER, _TRIES, _SOME = 5, 20, 5
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


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers of one schema, and the names of the constraints that its tables have."""

    answers: Answers = field(default_factory=dict[Probe, "Refusal | None"])
    constraints: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    def refusing(self) -> set[str]:
        """The tables on which a statement failed."""
        return {probe.table for probe, said in self.answers.items() if said is not None}


def statements(
    connection: psycopg.Connection[Any], metadata: sa.MetaData, role: str | None, only: Collection[str] | None = None
) -> Answered:
    """Run SELECT, INSERT, UPDATE and DELETE as `role` (the login role when None), and roll all of it back.

    `only` names tables as `schema.table`; None means all.
    """
    found = Answered()
    for prober in _probers(connection, metadata, role, found, only):
        found.answers.update(prober.statements())
    return found


def writes(connection: psycopg.Connection[Any], metadata: sa.MetaData, values: Sequence[Probe]) -> Answers:
    """UPDATE columns to values, and roll all of it back."""
    found = Answered()
    for prober in _probers(connection, metadata, None, found, {value.table for value in values}):
        found.answers.update(prober.writes([value for value in values if value.table == prober.name]))
    return found.answers


def values_at_risk(old: Iterable[Table], new: Iterable[Table]) -> tuple[Probe, ...]:
    """Values at the edges of columns whose type or constraints are not the same in both schemas. Pure."""
    now = {(table.schema, table.name): table for table in new}
    return tuple(
        Probe(_name(table.schema, table.name), "value", column.name, value)
        for table in old
        if (other := now.get((table.schema, table.name))) is not None
        for column in table.columns
        if _may_refuse(table, other, column) and not any(column.name in key.columns for key in table.keys)
        for value in candidates(column, table.checks_of(column.name), 0)
    )


def _may_refuse(old: Table, new: Table, column: Column) -> bool:
    known = {(item.name, item.definition) for item in old.constraints}
    added = [item for item in new.constraints if (item.name, item.definition) not in known]
    return column not in new.columns or any(not item.columns or column.name in item.columns for item in added)


def _probers(
    connection: psycopg.Connection[Any],
    metadata: sa.MetaData,
    role: str | None,
    found: Answered,
    only: Collection[str] | None,
) -> Iterator[_Prober]:
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL lock_timeout = '5s'; SET CONSTRAINTS ALL IMMEDIATE")
        row = connection.execute(
            "SELECT pg_catalog.has_parameter_privilege('session_replication_role', 'SET')"
        ).fetchone()
        past_triggers = bool(row and row[0])
        present = {_name(table.schema, table.name): table for table in fillable(connection)}
        for name, table in present.items():
            found.constraints[name] = {item.name for item in table.constraints}
        for table in metadata.tables.values():
            name = _name(table.schema or "public", table.name)
            if only is None or name in only:
                yield _Prober(connection, table, name, present, role, past_triggers)


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
        past_triggers: bool,
    ) -> None:
        self.connection = connection
        self.past_triggers = past_triggers
        self.table = table
        self.name = name
        self.here = present.get(name)
        self.by_oid = {item.oid: item for item in present.values()}
        self.role = sql.Identifier(role) if role else None
        self.row: dict[str, str | None] = {}

    def statements(self) -> Answers:
        answers = dict(self._selects())
        columns = [column for column in self.table.columns if self._is_there(column, answers)]
        if self.here is None or not columns:
            return answers
        with self.connection.transaction(force_rollback=True):
            key = self._some_row(columns)
            for form, named in (("required columns", _required(columns)), ("all columns", _written(columns))):
                answers[Probe(self.name, "INSERT", None, form)] = self._insert(self.here, named, key)
            if key is not None:
                answers |= self._changes(columns, key)
        return answers

    def writes(self, values: Iterable[Probe]) -> Answers:
        columns = [column for column in self.table.columns if self.here and column.name in self._names()]
        plain = {column.name: column for column in _written(columns) if not column.primary_key}
        with self.connection.transaction(force_rollback=True):
            key = self._some_row(columns)
            return {
                item: self._said(lambda item=item, key=key: self._update(plain[item.column or ""], item.detail, key))
                for item in values
                if item.column in plain and key is not None
            }

    def _names(self) -> set[str]:
        return set(self.here.all_columns) if self.here else set()

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

    def _insert(self, here: Table, columns: Sequence[sa.Column[Any]], key: Mapping[str, Any] | None) -> Refusal | None:
        """Insert a row that was there once more: it is taken away before, past all triggers."""
        if key and self.row and self.past_triggers:
            refusal = self._said(lambda: self._insert_again(columns, key))
            # other values mend neither a missing column nor a missing right
            if refusal is None or refusal.sqlstate.startswith("42"):
                return refusal

        def send(chosen: Mapping[str, str | None]) -> None:
            with self._as_role():
                self._run(sa.insert(self.table), {column.key: chosen.get(column.name) for column in columns})

        with self.connection.transaction(force_rollback=True):
            attempt = Attempt(self.connection, here, self.by_oid, _NUMBER, send)
            attempt.take_free_key()
            try:
                said = attempt.insert(_TRIES)
            except SQLAlchemyError as error:
                return Refusal("", str(error).splitlines()[0])
        return None if said is None else _refusal(attempt.refusal) if attempt.refusal else Refusal("", said)

    def _insert_again(self, columns: Sequence[sa.Column[Any]], key: Mapping[str, Any]) -> None:
        self.connection.execute("SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica")
        self._run(sa.delete(self.table).where(*self._is(key)), self._bound(key))
        self.connection.execute("SET LOCAL session_replication_role = origin")
        with self._as_role():
            self._run(sa.insert(self.table), {column.key: self.row.get(column.key) for column in columns})

    def _some_row(self, columns: Sequence[sa.Column[Any]]) -> dict[str, Any] | None:
        """The key of a row that is there, and its values as texts; None when there is none."""
        keys = list(self.table.primary_key)
        texts = [sa.cast(column, sa.Text) for column in columns]
        rows: list[Any] = []
        with suppress(psycopg.Error, SQLAlchemyError), self.connection.transaction(force_rollback=True):
            self.connection.execute("SET LOCAL ROLE NONE")
            rows = self._run(sa.select(*keys, *texts).limit(1))
        if not rows:
            return None
        self.row = dict(zip([column.key for column in columns], rows[0][len(keys) :], strict=True))
        return dict(zip([column.key for column in keys], rows[0], strict=False))

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

    def _update(self, column: sa.Column[Any], value: str | None, key: Mapping[str, Any]) -> None:
        statement = sa.update(self.table).where(*self._is(key)).values({column.key: sa.bindparam("set_to")})
        self._run(statement, {**self._bound(key), "set_to": value})

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
        if self.role is not None:
            self.connection.execute(sql.SQL("SET LOCAL ROLE {}").format(self.role))
        yield
        if self.role is not None:
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
