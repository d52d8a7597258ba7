"""What moves or ends together with a row: the tables that hang on it, derived from the declaration. Pure.

>>> family(metadata, metadata.tables["bookings"], rule).members
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Column, ForeignKeyConstraint, MetaData, Table
from sqlalchemy.dialects.postgresql import psycopg

from .errors import DeclarationError
from .info import personal_category
from .partitioning import RangePartitions, partition_policy
from .retention import Noted, Retention, archive_table, keeper

_DIALECT = psycopg.dialect()
_TIMES = {"TIMESTAMP WITH TIME ZONE": "timestamptz", "TIMESTAMP WITHOUT TIME ZONE": "timestamp", "DATE": "date"}
_NO_ACTION = (None, "RESTRICT", "NO ACTION")


@dataclass(frozen=True, slots=True)
class Link:
    """A foreign key by which a member hangs on another: `columns` equal the `referred` columns of `parent`."""

    parent: str
    columns: tuple[str, ...]
    referred: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A table whose rows move or end. `key` names a row, with the SQL types `key_types`; `archive` is where its
    `columns` go, None where rows are deleted, or where the `columns` of its rows are emptied. The root has no links.
    `plain` says that it is not partitioned: a row of a plain table that is locked stays in its place (ctid).
    """

    schema: str
    table: str
    key: tuple[str, ...]
    key_types: tuple[str, ...]
    columns: tuple[str, ...]
    archive: str | None
    links: tuple[Link, ...] = ()
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Family:
    """A rule and everything it takes along: the root first, parents before their children.

    `column_type` is that of the rule's column: timestamptz, timestamp or date. `window` is the key of the root's
    range partitions, with its type, where it has them. `cascades` are tables from which the database itself deletes
    what hangs on deleted rows. `back` says that rows come back from their archive.
    """

    rule: Retention
    members: tuple[Member, ...]
    column_type: str
    window: tuple[str, str] | None
    cascades: tuple[str, ...]
    back: bool = False

    @property
    def root(self) -> Member:
        return self.members[0]

    @property
    def noted(self) -> Noted | None:
        return self.rule.noted


def family(metadata: MetaData, table: Table, rule: Retention) -> Family:
    """What a rule of `table` takes along.

    With `then="archive"` every table that refers to a member has an archive table of its own (`archived_as`): what
    has none would be lost, and is refused. With `then="delete"` tables that are `kept_with` a member are deleted
    from first; what else refers to it must do so with ON DELETE CASCADE, SET NULL or SET DEFAULT. With
    `then="anonymise"` the personal columns of the table itself become NULL. Raises DeclarationError.
    """
    members = (table,) if rule.then == "anonymise" else _ordered(metadata, table, rule)
    return Family(
        rule=rule,
        members=tuple(_member(metadata, member, members, rule) for member in members),
        column_type=_kind_of_time(table, rule),
        window=_window(table),
        cascades=tuple(sorted(_cascades(metadata, members))) if rule.then == "delete" else (),
    )


def returning(metadata: MetaData, table: Table, rule: Retention) -> Family:
    """The same family on its way back: out of the archive tables and into the tables they came from.

    It goes by the moment at which rows came into the archive, a column of the archive alone with a default. Raises
    DeclarationError where there is none.
    """
    there = family(metadata, table, rule)
    archive = _archive_of(metadata, table)
    moments = [
        column.name
        for column in archive.columns
        if column.name not in table.columns and _sql_type(column) in _TIMES and column.server_default is not None
    ]
    if len(moments) != 1:
        raise DeclarationError(
            f"{archive.name} does not say when a row came there",
            where=archive.fullname,
            next_step="give it a column of its own with a default of now(), such as archived_at",
        )
    homes = {member.table: str(member.archive) for member in there.members}
    members = tuple(
        replace(
            member,
            table=homes[member.table],
            archive=member.table,
            links=tuple(replace(link, parent=homes[link.parent]) for link in member.links),
            plain=_plain(_declared(metadata, member.schema, homes[member.table])),
        )
        for member in there.members
    )
    coming = replace(rule, column=moments[0], after="", where=None, also=(), function=None)
    return Family(coming, members, _kind_of_time(archive, coming), None, (), back=True)


def _ordered(metadata: MetaData, root: Table, rule: Retention) -> tuple[Table, ...]:
    """The root and everything that goes with it, parents first."""
    found = [root]
    for parent in found:
        for child, key in _referring(metadata, parent):
            if child is root:
                raise DeclarationError(
                    f"{root.name} refers to itself or to what hangs on it, so its rows cannot end one by one",
                    where=root.fullname,
                    next_step="archive whole partitions, or end its rows with a function of your own",
                )
            if child not in found and _goes_along(child, key, rule):
                found.append(child)
    position = {table: number for number, table in enumerate(metadata.sorted_tables)}
    return (root, *sorted(found[1:], key=position.__getitem__))


def _goes_along(child: Table, key: ForeignKeyConstraint, rule: Retention) -> bool:
    if rule.then == "archive":
        if archive_table(child.info) is None:
            raise DeclarationError(
                f"{child.name} refers to {key.referred_table.name}, whose rows are archived, and has no archive table:"
                " its rows would be lost",
                where=child.fullname,
                next_step="declare one, and info=archived_as(...) on the table",
            )
        return True
    if keeper(child.info) == key.referred_table.name:
        return True
    if key.ondelete in _NO_ACTION:
        raise DeclarationError(
            f"{child.name} refers to {key.referred_table.name}, whose rows are deleted, and keeps them from it",
            where=child.fullname,
            next_step=f"declare info=kept_with({key.referred_table.name!r}) where they end together",
        )
    return False


def _referring(metadata: MetaData, parent: Table) -> Iterator[tuple[Table, ForeignKeyConstraint]]:
    for table in metadata.sorted_tables:
        for key in sorted(table.foreign_key_constraints, key=lambda one: str(one.name)):
            if key.referred_table is parent:
                yield table, key


def _cascades(metadata: MetaData, members: tuple[Table, ...]) -> set[str]:
    reached = list(members)
    for parent in reached:
        for child, key in _referring(metadata, parent):
            if key.ondelete == "CASCADE" and child not in reached:
                reached.append(child)
    return {table.fullname for table in reached[len(members) :]}


def _member(metadata: MetaData, table: Table, members: tuple[Table, ...], rule: Retention) -> Member:
    root = members[0]
    key = rule.key if table is root and rule.key else tuple(column.name for column in table.primary_key.columns)
    if not key or not set(key) <= set(table.columns.keys()):
        raise DeclarationError(
            "rows can only be moved one by one where a key names them",
            where=table.fullname,
            next_step="give the table a primary key, or the rule a key of existing columns",
        )
    archive = _archive_of(metadata, table) if rule.then == "archive" else None
    links = tuple(
        Link(
            one.referred_table.name,
            tuple(element.parent.name for element in one.elements),
            tuple(element.column.name for element in one.elements),
        )
        for one in sorted(table.foreign_key_constraints, key=lambda one: str(one.name))
        if table is not root and one.referred_table in members
    )
    return Member(
        schema=table.schema or "public",
        table=table.name,
        key=key,
        key_types=tuple(_sql_type(table.columns[name]) for name in key),
        columns=_handled_columns(table, archive, rule),
        archive=archive.name if archive is not None else None,
        links=_shortest(links, root.name, rule),
        plain=_plain(table),
    )


def _plain(table: Table | None) -> bool:
    return table is not None and not table.dialect_options["postgresql"].get("partition_by")


def _shortest(links: tuple[Link, ...], root: str, rule: Retention) -> tuple[Link, ...]:
    """The links that are needed to find all rows: where a member names the root's row itself, with columns that it
    shares with its other links, those lead to the same root.
    """
    keys = [
        {mine for mine, theirs in zip(link.columns, link.referred, strict=True) if theirs in rule.key}
        for link in links
        if link.parent == root and rule.key and set(rule.key) <= set(link.referred)
    ]
    for shared in keys:
        if all(shared <= set(link.columns) for link in links):
            return tuple(link for link in links if link.parent == root)[:1]
    return links


def _archive_of(metadata: MetaData, table: Table) -> Table:
    name = archive_table(table.info)
    archive = _declared(metadata, table.schema or "public", name) if name else None
    if archive is None:
        raise DeclarationError(
            f"the archive table {name!r} of {table.name} is not declared",
            where=table.fullname,
            next_step="declare it, and name it with info=archived_as(...)",
        )
    return archive


def _declared(metadata: MetaData, schema: str, name: str) -> Table | None:
    found = metadata.tables.get(f"{schema}.{name}")
    return metadata.tables.get(name) if found is None and schema == "public" else found


def _handled_columns(table: Table, archive: Table | None, rule: Retention) -> tuple[str, ...]:
    if archive is not None:
        return _moved_columns(table, archive)
    return _personal_columns(table) if rule.then == "anonymise" else ()


def _personal_columns(table: Table) -> tuple[str, ...]:
    personal = [column for column in table.columns if personal_category(column.info)]
    needed = [column.name for column in personal if not column.nullable]
    if needed or not personal:
        raise DeclarationError(
            f"rows of {table.name} cannot be anonymised: "
            + (f"{', '.join(needed)} cannot be NULL" if needed else "no column is marked as personal"),
            where=table.fullname,
            next_step="mark personal columns with info=personal(...), and let them be NULL",
        )
    return tuple(column.name for column in personal)


def _moved_columns(table: Table, archive: Table) -> tuple[str, ...]:
    """The columns of `table` in their order. Raises DeclarationError where `archive` cannot take them."""
    for column in table.columns:
        there = archive.columns.get(column.name)
        if there is None or _sql_type(there) != _sql_type(column):
            problem = "lacks the column" if there is None else f"has as {_sql_type(there)} the column"
            raise DeclarationError(
                f"the archive table {archive.name} {problem} {column.name} ({_sql_type(column)}) of {table.name}",
                where=archive.fullname,
                next_step="give both tables the same columns",
            )
    for column in archive.columns:
        own = column.name not in table.columns
        if own and not column.nullable and column.server_default is None and column.identity is None:
            raise DeclarationError(
                f"the archive table {archive.name} needs a value for {column.name}, which {table.name} does not have",
                where=archive.fullname,
                next_step="give the column a default, or let it be NULL",
            )
    return tuple(column.name for column in table.columns if archive.columns[column.name].computed is None)


def _kind_of_time(table: Table, rule: Retention) -> str:
    for name in (rule.column, *rule.also):
        column = table.columns.get(name)
        if column is None or _sql_type(column) not in _TIMES:
            raise DeclarationError(
                f"retention goes by {name}, which is no column with a time",
                where=table.fullname,
                next_step="name a column of type timestamptz, timestamp or date",
            )
    found = {_TIMES[_sql_type(table.columns[name])] for name in (rule.column, *rule.also)}
    if len(found) > 1:
        raise DeclarationError(
            f"retention goes by columns of several types: {', '.join(sorted(found))}",
            where=table.fullname,
            next_step="use columns of one type",
        )
    return found.pop()


def _window(table: Table) -> tuple[str, str] | None:
    policy = partition_policy(table.info)
    if not isinstance(policy, RangePartitions) or policy.key not in table.columns:
        return None
    return policy.key, _sql_type(table.columns[policy.key])


def _sql_type(column: Column[object]) -> str:
    return column.type.compile(dialect=_DIALECT)
