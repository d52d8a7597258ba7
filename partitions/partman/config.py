"""What pg_partman has been told about a table: its row of `part_config`, in 4.x and 5.x."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from ...schema.core.age import Age
from ...schema.core.errors import MissingExtension, MissingRight
from ...schema.core.partitioning import Period
from ...schema.core.sql import query
from .naming import PREFIX

QUERIES = Path(__file__).parent / "queries"

_PERIODS: Mapping[tuple[int, int, float], Period] = {
    (0, 0, 3600): "hour",
    (0, 1, 0): "day",
    (0, 0, 86400): "day",
    (0, 7, 0): "week",
    (1, 0, 0): "month",
    (3, 0, 0): "quarter",
    (12, 0, 0): "year",
}


@dataclass(frozen=True, slots=True)
class Partman:
    """The extension in a database: its version and the schema that it was put into."""

    schema: str
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


@dataclass(frozen=True, slots=True)
class Span:
    """An interval of PostgreSQL: whole months, days, and seconds; `spelling` is how part_config has it."""

    months: int
    days: int
    seconds: float
    spelling: str

    @property
    def period(self) -> Period | None:
        return _PERIODS.get((self.months, self.days, self.seconds))

    @property
    def age(self) -> str | None:
        """As an age of a policy; None when it is not made of months, days and whole hours, or is none at all."""
        hours, rest = divmod(self.seconds, 3600)
        if rest or min(self.months, self.days, hours) < 0 or not (self.months or self.days or hours):
            return None
        return str(Age(self.months, self.days * 24 + int(hours)))


@dataclass(frozen=True, slots=True)
class PartConfig:
    """A row of part_config. `interval` and `retention` are None where they are numbers or not there.

    `subdivides` says that the partitions are partitioned in turn; `template_adds` names what the template table gives
    to new partitions. `rest` are the columns as they are, for what only one version has.
    """

    parent: str
    control: str
    kind: str
    interval: Span | None
    premake: int
    datetime_string: str | None
    epoch: str
    automatic: bool
    infinite: bool
    ignores_default: bool
    retention: Span | None
    retention_keeps_table: bool
    retention_schema: str | None
    subdivides: bool
    template_adds: tuple[str, ...]
    prefix: str
    rest: Mapping[str, Any]


def find_partman(connection: psycopg.Connection[Any]) -> Partman:
    """The extension in the connected database. Raises MissingExtension."""
    found = installed(connection)
    if found is None:
        raise MissingExtension(
            "pg_partman is not in this database",
            where=connection.info.dbname,
            next_step="create it (CREATE SCHEMA partman; CREATE EXTENSION pg_partman SCHEMA partman), or name the"
            " database that has it",
        )
    return found


def installed(connection: psycopg.Connection[Any]) -> Partman | None:
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(query(QUERIES, "extension")).fetchone()
    return Partman(row["schema"], row["version"]) if row is not None else None


def read_config(connection: psycopg.Connection[Any], partman: Partman, schema: str, table: str) -> PartConfig | None:
    """What pg_partman knows of a table; None when it is no business of pg_partman. Raises MissingRight."""
    with connection.cursor(row_factory=dict_row) as cursor:
        try:
            row = cursor.execute(
                # as JSON, as the columns differ by version
                sql.SQL(
                    "SELECT to_jsonb(c) AS config, EXISTS (SELECT FROM {partman}.part_config_sub AS s"
                    " WHERE s.sub_parent = c.parent_table) AS subdivides"
                    " FROM {partman}.part_config AS c WHERE c.parent_table = %(parent)s"
                ).format(partman=sql.Identifier(partman.schema)),
                {"parent": f"{schema}.{table}"},
            ).fetchone()
        except psycopg.errors.InsufficientPrivilege as error:
            raise missing_right(connection, partman, error) from error
    if row is None:
        return None
    values = cast("dict[str, Any]", row["config"])
    timed = not str(values["partition_interval"]).isdigit()
    return PartConfig(
        parent=values["parent_table"],
        control=values["control"],
        kind=values["partition_type"],
        interval=_span(connection, values["partition_interval"]) if timed else None,
        premake=values["premake"],
        datetime_string=values.get("datetime_string"),
        epoch=values["epoch"],
        automatic=values["automatic_maintenance"] == "on",
        infinite=bool(values.get("infinite_time_partitions")),
        ignores_default=bool(values.get("ignore_default_data")),
        retention=_span(connection, values["retention"]) if timed and values.get("retention") else None,
        retention_keeps_table=bool(values["retention_keep_table"]),
        retention_schema=values.get("retention_schema"),
        subdivides=bool(row["subdivides"]),
        template_adds=_template_adds(connection, values.get("template_table")),
        prefix=values.get("child_table_prefix") or PREFIX,
        rest=values,
    )


def missing_right(connection: psycopg.Connection[Any], partman: Partman, error: psycopg.Error) -> MissingRight:
    """The error of a role that may not use pg_partman, with the grants that it lacks."""
    row = connection.execute("SELECT current_user::text").fetchone() if not connection.closed else None
    role = sql.Identifier(str(row[0]) if row else "the owner role").as_string(None)
    schema = sql.Identifier(partman.schema).as_string(None)
    return MissingRight(
        f"{role} may not use pg_partman ({error.diag.message_primary})",
        where=connection.info.dbname,
        next_step=f"GRANT USAGE ON SCHEMA {schema} TO {role}; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA"
        f" {schema} TO {role}; GRANT EXECUTE ON ALL ROUTINES IN SCHEMA {schema} TO {role}",
    )


def _span(connection: psycopg.Connection[Any], spelling: str) -> Span:
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(query(QUERIES, "interval"), {"spelling": spelling}).fetchone()
    assert row is not None
    return Span(row["months"], row["days"], row["seconds"], spelling)


def _template_adds(connection: psycopg.Connection[Any], template: str | None) -> tuple[str, ...]:
    if template is None:
        return ()
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(query(QUERIES, "template"), {"template": template}).fetchone()
    if row is None:
        return ()
    words = {"unlogged": "UNLOGGED", "has_options": "storage settings", "has_indexes": "indexes"}
    return tuple(word for column, word in words.items() if row[column])


def rolled_by_partman(connection: psycopg.Connection[Any]) -> frozenset[tuple[str, str]]:
    """The tables (schema, name) that pg_partman's maintenance rolls by itself; empty where the role may not look."""
    partman = installed(connection)
    if partman is None:
        return frozenset()
    config = sql.Identifier(partman.schema, "part_config")
    may = connection.execute(
        "SELECT pg_catalog.has_schema_privilege(%s, 'USAGE') AND pg_catalog.has_table_privilege(%s, 'SELECT')",
        [partman.schema, config.as_string(connection)],
    ).fetchone()
    if may is None or not may[0]:
        return frozenset()
    rows = connection.execute(
        sql.SQL("SELECT parent_table FROM {} WHERE automatic_maintenance = 'on'").format(config)
    ).fetchall()
    return frozenset((schema, table) for (name,) in rows for schema, _, table in [str(name).partition(".")])
