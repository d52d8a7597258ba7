"""Write `docs/systems/<system>.md` from the declarations: `python docs/generate_systems.py`."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import postgast
from airside.schema.core import Database, HashPartitions, RangePartitions, Role
from airside.schema.core.info import is_append_only, is_never_delete, personal_category
from airside.schema.core.partitioning import partition_policy
from airside.schema.core.registry import Entry, Registry, load_registry
from airside.schema.core.retention import Retention, archive_table, forever_because, keeper, retention_rules
from postgast import pg_query_pb2
from sqlalchemy import Column, Constraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.schema import CreateIndex

FOLDER = Path(__file__).parent / "systems"
_ROOT = Path(__file__).parents[1]
# psycopg's own paramstyle would double every % in a CHECK or a DEFAULT
_DIALECT = psycopg.dialect(paramstyle="named")
_DDL = _DIALECT.ddl_compiler(_DIALECT, None)
_SHORT = {"timestamp with time zone": "timestamptz", "time without time zone": "time"}
_PARSER = postgast.parse("SELECT 1").version
_AT_END = {"keep": "stay", "detach": "are detached", "archive": "are archived", "drop": "are dropped"}


def page(system: str) -> str:
    """The whole page of one system."""
    declared = [(entry, _Declaration(entry)) for entry in systems()[system]]
    parts = [
        f"# {system}",
        "Written by `docs/generate_systems.py` from the declarations; a test keeps it true.",
        _docstring(importlib.import_module(f"airside.schema.{system}")),
        _overview([declaration for _, declaration in declared]),
        *(part for entry, declaration in declared for part in _database(entry, declaration)),
    ]
    return "\n\n".join(parts) + "\n"


def systems() -> dict[str, tuple[Entry, ...]]:
    """The systems that ship, whatever project is around the checkout."""
    entries = load_registry(_ROOT).entries
    return Registry(tuple(entry for entry in entries if entry.migrations.is_relative_to(_ROOT))).systems()


class _Declaration:
    """A declared database, and its SQL statements by what they make."""

    def __init__(self, entry: Entry) -> None:
        self.database: Database = entry.load()
        self.tables: list[Table] = list(self.database.metadata.sorted_tables)
        self.models = {model.__tablename__: model for model in _models(DeclarativeBase, self.database)}
        trees = [raw.stmt for declared in self.database.sql for raw in postgast.parse(declared.sql).stmts]
        self.functions = [tree.create_function_stmt for tree in trees if tree.HasField("create_function_stmt")]
        self.triggers = [tree.create_trig_stmt for tree in trees if tree.HasField("create_trig_stmt")]
        self.policies = [tree.create_policy_stmt for tree in trees if tree.HasField("create_policy_stmt")]
        self.indexes = [tree.index_stmt for tree in trees if tree.HasField("index_stmt")]
        self.altered = [tree.alter_table_stmt for tree in trees if tree.HasField("alter_table_stmt")]
        self.views = [tree.view_stmt for tree in trees if tree.HasField("view_stmt")]
        self.materialized = [tree.create_table_as_stmt for tree in trees if tree.HasField("create_table_as_stmt")]


def _models(base: type[Any], database: Database) -> Iterator[type[Any]]:
    for model in base.__subclasses__():
        if getattr(model, "metadata", None) is database.metadata and hasattr(model, "__tablename__"):
            yield model
        yield from _models(model, database)


def _docstring(documented: object) -> str:
    text = documented.__doc__
    if not text:
        raise LookupError(f"{documented} has no docstring")
    return " ".join(text.split())


def _overview(declarations: Sequence[_Declaration]) -> str:
    rows = [
        (
            f"[{declaration.database.name}](#{declaration.database.name})",
            len(declaration.tables),
            sum(len(table.columns) for table in declaration.tables),
            sum(len(table.indexes) for table in declaration.tables) + len(declaration.indexes),
            len(declaration.triggers),
            len(declaration.functions),
            len(declaration.policies),
            len(declaration.views) + len(declaration.materialized),
        )
        for declaration in declarations
    ]
    heads = ("database", "tables", "columns", "indexes", "triggers", "functions", "policies", "views")
    return _table(heads, rows)


def _database(entry: Entry, declaration: _Declaration) -> Iterator[str]:
    database = declaration.database
    folder = entry.module.removeprefix("airside.").replace(".", "/")
    yield f"## {database.name}"
    yield _docstring(importlib.import_module(entry.module))
    facts = [
        f"Declared in `{folder}`, migrated by `{entry.migrations.relative_to(_ROOT).as_posix()}`.",
        f"Roles: {_listed([*map(Role, database.roles.names()), *database.extra_roles])}.",
        f"Extensions: {', '.join(map(_code, database.extensions)) or 'none'}.",
    ]
    if database.external:
        facts.append(f"Made and owned by another application: {', '.join(map(_code, database.external))}.")
    yield "\n".join(facts)
    yield f"```mermaid\n{diagram(declaration.tables)}\n```"
    for table in declaration.tables:
        yield from _one_table(table, declaration)
    if declaration.views or declaration.materialized:
        yield f"### Views of {database.name}"
        yield _bullets(_views(declaration))
    if declaration.functions:
        yield f"### Functions of {database.name}"
        yield _bullets(sorted(_code(_header(function)) for function in declaration.functions))


def _listed(roles: Iterable[Role]) -> str:
    return ", ".join(_code(role.name) + (" (sees rows that policies hide)" if role.bypassrls else "") for role in roles)


def _one_table(table: Table, declaration: _Declaration) -> Iterator[str]:
    yield f"### {declaration.database.name}.{table.name}"
    yield _docstring(declaration.models[table.name])
    kept = [*_protection(table), *_partitions(table), *_retention(table), *_row_security(table, declaration)]
    if kept:
        yield "\n".join(kept)
    rows = [
        (
            _code(column.name),
            _code(_type(column)),
            "yes" if column.nullable else "",
            _code(_default(column)),
            _keys(column),
            personal_category(column.info) or "",
        )
        for column in table.columns
    ]
    yield _table(("column", "type", "null", "default", "key", "personal"), rows)
    yield _bullets(
        _code(line)
        for line in (
            *map(_constraint, _ordered(table.constraints)),
            *sorted(map(_index, table.indexes)),
            *sorted(_deparsed(create_trig_stmt=trigger) for trigger in _on(table, declaration.triggers)),
            *sorted(_deparsed(create_policy_stmt=policy) for policy in _policies(table, declaration)),
        )
    )


def _protection(table: Table) -> Iterator[str]:
    if is_append_only(table.info):
        yield "Append-only: the application may insert rows, and neither change nor delete them."
    if is_never_delete(table.info):
        yield "The application may not delete rows."


def _partitions(table: Table) -> Iterator[str]:
    policy = partition_policy(table.info)
    match policy:
        case RangePartitions():
            yield (
                f"One partition a {policy.period} of `{policy.key}` (UTC), from {policy.start}"
                f" (`{policy.child_name(_midnight(policy.start))}`) to {_periods(policy.ahead, policy)} ahead."
            )
            if policy.retention is not None:
                age = policy.retention
                said = _periods(age, policy) if isinstance(age, int) else age
                yield f"Partitions older than {said} {_AT_END[policy.at_end]}."
            else:
                yield "No partition is ever removed."
        case HashPartitions():
            first, last = (policy.name.format(remainder=number) for number in (0, policy.modulus - 1))
            yield f"{policy.modulus} partitions by the hash of `{policy.key}`, `{first}` to `{last}`."
        case None:
            pass


def _retention(table: Table) -> Iterator[str]:
    for rule in retention_rules(table.info):
        yield f"Retention: {_rule(rule, table)}"
    if with_table := keeper(table.info):
        yield f"Retention: kept with `{with_table}`."
    if archive_table(table.info) and not retention_rules(table.info):
        yield f"Retention: archived with the row they hang on, as `{archive_table(table.info)}`."
    if reason := forever_because(table.info):
        yield f"Retention: kept for ever ({reason})."


def _rule(rule: Retention, table: Table) -> str:
    becomes = {"archive": f"archived as `{archive_table(table.info)}`", "delete": "deleted", "anonymise": "anonymised"}
    condition = f" where `{rule.where}`" if rule.where else ""
    when = f"{rule.age} after" if rule.after else "at"
    columns = " and ".join(_code(column) for column in (rule.column, *rule.also))
    by = f" by `{rule.function}()`" if rule.function else ""
    because = f": {rule.because}" if rule.because else ""
    return f"rows{condition} are {becomes[rule.then]}{by} {when} {columns}{because}."


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _periods(count: int, policy: RangePartitions) -> str:
    return f"{count} {policy.period}" + ("s" if count > 1 else "")


def _row_security(table: Table, declaration: _Declaration) -> Iterator[str]:
    kinds = {
        command.alter_table_cmd.subtype
        for statement in declaration.altered
        if statement.relation.relname == table.name
        for command in statement.cmds
    }
    if pg_query_pb2.AT_EnableRowSecurity in kinds:
        forced = pg_query_pb2.AT_ForceRowSecurity in kinds
        yield f"Row-level security{', which binds the owner too' if forced else ''}: see the policies below."


def _type(column: Column[Any]) -> str:
    written = column.type.compile(dialect=_DIALECT).lower()
    return _SHORT.get(written, written)


def _default(column: Column[Any]) -> str:
    if column is column.table.autoincrement_column and column.server_default is None:
        return "nextval of its sequence"
    return _DDL.get_column_default_string(column) or ""


def _keys(column: Column[Any]) -> str:
    marks = ["PK"] if column.primary_key else []
    marks += ["unique"] if _alone_unique(column) else []
    targets = sorted({key.target_fullname for key in column.foreign_keys})
    return ", ".join([*marks, *(f"→ `{target}`" for target in targets)])


def _alone_unique(column: Column[Any]) -> bool:
    return any(names == {column.name} for names in _unique_sets(column.table, primary=False))


def _unique_sets(table: Table, *, primary: bool) -> Iterator[set[str]]:
    """The sets of columns of which no two rows have the same values."""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) or (primary and isinstance(constraint, PrimaryKeyConstraint)):
            yield {column.name for column in constraint.columns}
    for index in table.indexes:
        plain = [element for element in index.expressions if isinstance(element, Column)]
        if (
            index.unique
            and index.dialect_options["postgresql"]["where"] is None
            and len(plain) == len(index.expressions)
        ):
            yield {column.name for column in plain}


def _ordered(constraints: Iterable[Constraint]) -> list[Constraint]:
    ranks = {"primary_key_constraint": 0, "unique_constraint": 1, "foreign_key_constraint": 2}
    return sorted(constraints, key=lambda one: (ranks.get(one.__visit_name__, 3), _constraint(one)))


def _constraint(constraint: Constraint) -> str:
    return " ".join(_DDL.process(constraint).removeprefix("CONSTRAINT ").split())


def _index(index: Index) -> str:
    return " ".join(str(CreateIndex(index).compile(dialect=_DIALECT)).split()).removeprefix("CREATE ")


def _on(table: Table, triggers: Iterable[pg_query_pb2.CreateTrigStmt]) -> Iterator[pg_query_pb2.CreateTrigStmt]:
    return (trigger for trigger in triggers if trigger.relation.relname == table.name)


def _policies(table: Table, declaration: _Declaration) -> Iterator[pg_query_pb2.CreatePolicyStmt]:
    return (policy for policy in declaration.policies if policy.table.relname == table.name)


def _views(declaration: _Declaration) -> list[str]:
    plain = [
        _code(view.view.relname) + "".join(f", {option.def_elem.defname.replace('_', ' ')}" for option in view.options)
        for view in declaration.views
    ]
    indexes = [f"its {_code(_deparsed(index_stmt=index))}" for index in declaration.indexes]
    stored = [
        ", ".join([f"{_code(view.into.rel.relname)}, materialized", *indexes]) for view in declaration.materialized
    ]
    return sorted(plain) + sorted(stored)


def _header(function: pg_query_pb2.CreateFunctionStmt) -> str:
    """A function as it is declared, without its body."""
    bare = pg_query_pb2.CreateFunctionStmt()
    bare.CopyFrom(function)
    del bare.options[:]
    bare.options.extend(option for option in function.options if option.def_elem.defname != "as")
    return _deparsed(create_function_stmt=bare).removeprefix("FUNCTION ")


def _deparsed(**statement: Any) -> str:
    raw = pg_query_pb2.RawStmt(stmt=pg_query_pb2.Node(**statement))
    text = postgast.deparse(pg_query_pb2.ParseResult(version=_PARSER, stmts=[raw]))
    return " ".join(text.split()).removeprefix("CREATE ")


def diagram(tables: Sequence[Table]) -> str:
    """Tables, their keys and their relations as a Mermaid entity diagram."""
    lines = ["erDiagram"]
    for table in tables:
        lines.append(f"    {table.name} {{")
        for column in table.columns:
            marks = [mark for mark, there in _marks(column) if there]
            if marks:
                kind = re.sub(r"\W+", "_", re.sub(r"\(.*\)", "", _type(column))).strip("_")
                lines.append(f"        {kind} {column.name} {', '.join(marks)}")
        lines.append("    }")
    for table in tables:
        keys = [one for one in table.constraints if isinstance(one, ForeignKeyConstraint)]
        lines += sorted(_relation(table, key) for key in keys)
    return "\n".join(lines)


def _marks(column: Column[Any]) -> tuple[tuple[str, bool], ...]:
    return (("PK", column.primary_key), ("FK", bool(column.foreign_keys)), ("UK", _alone_unique(column)))


def _relation(table: Table, key: ForeignKeyConstraint) -> str:
    names = {column.name for column in key.columns}
    one = "|o" if any(column.nullable for column in key.columns) else "||"
    many = "o|" if any(unique and unique <= names for unique in _unique_sets(table, primary=True)) else "o{"
    return f'    {key.referred_table.name} {one}--{many} {table.name} : "{", ".join(key.column_keys)}"'


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in systems():
        (FOLDER / f"{name}.md").write_text(page(name), encoding="utf-8")
