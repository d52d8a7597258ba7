"""Alembic's autogenerate, as well as a user could have it: the target metadata is reflected from the new database.

The comparison runs with types, server defaults and the plugin for CHECK names, and does not see partition children.
What it writes is rendered as a revision would be, run on the old database, and rolled back again. Reflected metadata
spares Alembic the false alarms that come from spelling a declaration otherwise than PostgreSQL does.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, cast

import psycopg
import sqlalchemy as sa
from airside.schema.core.catalog import inspect
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.operations.ops import DowngradeOps, UpgradeOps
from sqlalchemy.dialects import postgresql

from .ground import Side
from .outcome import Outcome

PLUGINS = ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]
Names = frozenset[tuple[str, str]]


def judge(outcome: Outcome, old: Side, new: Side, **names: Any) -> None:
    """Fill in `outcome`; both databases stay as they are. `names` are what a revision imports besides Alembic's."""
    case = outcome.case
    target = reflect(new)
    # read beforehand: the revision holds locks until it is rolled back
    before, after = old.loaded, new.loaded
    children = partitions(old) | partitions(new)
    with old.engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context = MigrationContext.configure(connection, opts=_options(target, children, old.user))
        script = produce_migrations(context, target)
        up, down = cast("UpgradeOps", script.upgrade_ops), cast("DowngradeOps", script.downgrade_ops)
        outcome.found = bool(up.ops)
        if not case.changes:
            outcome.notes += [str(diff) for diff in up.as_diffs()]
        if not case.changes or not up.ops:
            return
        run = _runner(context, {**names, "sa": sa, "postgresql": postgresql})
        try:
            run(up)
            outcome.planned = True
            outcome.up = _fingerprint(connection) == after
            if outcome.up:
                run(down)
                outcome.down = _fingerprint(connection) == before
        except Exception as error:
            outcome.notes.append(f"revision failed: {str(error).splitlines()[0]}")
        finally:
            connection.rollback()


def declarable(entity: Any, children: Names, owner: str) -> bool:
    """Whether a user would declare this: not an owner's rights on its own tables, not a partition's triggers."""
    table = tuple(getattr(entity, "on_entity", "").split("."))
    return getattr(entity, "role", None) != owner and table not in children


def reflect(side: Side) -> sa.MetaData:
    """The tables of every schema of a user."""
    children = partitions(side)
    metadata = sa.MetaData()
    with side.engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for schema in sa.inspect(connection).get_schema_names():
            if schema.startswith("pg_") or schema == "information_schema":
                continue
            metadata.reflect(
                connection,
                schema=None if schema == "public" else schema,
                only=lambda table, _, schema=schema: (schema, table) not in children,
            )
    return metadata


def _options(target: sa.MetaData, children: Names, owner: str) -> dict[str, Any]:
    def include_name(name: str | None, kind: str, parents: dict[str, Any]) -> bool:
        return kind != "table" or (parents.get("schema_name") or "public", name) not in children

    def include_object(entity: Any, _name: str | None, _kind: str, _reflected: bool, _other: Any) -> bool:
        return declarable(entity, children, owner)

    return {
        "target_metadata": target,
        "compare_type": True,
        "compare_server_default": True,
        "include_schemas": True,
        "include_name": include_name,
        "include_object": include_object,
        "autogenerate_plugins": PLUGINS,
    }


def _runner(context: MigrationContext, names: dict[str, Any]) -> Callable[[UpgradeOps | DowngradeOps], None]:
    operations = Operations(context)

    def run(ops: UpgradeOps | DowngradeOps) -> None:
        code = render_python_code(ops, migration_context=context)
        exec(f"def revision():\n    {code}\nrevision()", {**names, "op": operations})

    return run


def _fingerprint(connection: sa.Connection) -> str:
    return inspect(cast("psycopg.Connection[Any]", connection.connection.driver_connection)).fingerprint


def partitions(side: Side) -> Names:
    """Schema and name of each partition child."""
    rows = side.connection.execute(
        "select relnamespace::regnamespace::text, relname from pg_class where relispartition"
    )
    return frozenset(cast("list[tuple[str, str]]", rows.fetchall()))
