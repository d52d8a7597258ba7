"""Alembic's autogenerate with alembic_utils: its entities are read from the new database by its own readers."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa
from alembic_utils.pg_extension import PGExtension
from alembic_utils.pg_function import PGFunction
from alembic_utils.pg_grant_table import PGGrantTable, PGGrantTableChoice
from alembic_utils.pg_materialized_view import PGMaterializedView
from alembic_utils.pg_policy import PGPolicy
from alembic_utils.pg_trigger import PGTrigger
from alembic_utils.pg_view import PGView
from alembic_utils.replaceable_entity import ReplaceableEntity, register_entities, registry
from sqlalchemy.orm import Session

from . import autogenerate
from .ground import Side
from .outcome import Outcome

KINDS: tuple[type[ReplaceableEntity], ...] = (
    PGExtension,
    PGFunction,
    PGView,
    PGMaterializedView,
    PGTrigger,
    PGPolicy,
    PGGrantTable,
)
NAMES: dict[str, Any] = {
    **{kind.__name__: kind for kind in KINDS},
    "PGGrantTableChoice": PGGrantTableChoice,
    "sql_text": sa.text,
}


def judge(outcome: Outcome, old: Side, new: Side) -> None:
    """Fill in `outcome`; both databases stay as they are."""
    try:
        register_entities(_declared(new), entity_types=KINDS)
        autogenerate.judge(outcome, old, new, **NAMES)
    finally:
        # the registry is one for the process, and plain Alembic in the same process would see it
        registry.clear()
        register_entities([], entity_types=[_Nothing])


class _Nothing(ReplaceableEntity):
    """A kind that no entity in a database is of."""

    @classmethod
    def from_database(cls, sess: Session, schema: str = "%") -> list[Any]:  # noqa: ARG003 - its parent's signature
        return []


def _declared(side: Side) -> list[ReplaceableEntity]:
    """What a user would register: not what an owner may do with its own tables, not the triggers of partitions."""
    children = autogenerate.partitions(side)
    with side.engine.connect() as connection, Session(bind=connection) as session:
        schemas = [name for name in sa.inspect(connection).get_schema_names() if not name.startswith(("pg_", "info"))]
        found: list[ReplaceableEntity] = []
        for kind in KINDS:
            for schema in schemas:
                found += cast("list[ReplaceableEntity]", kind.from_database(session, schema))
    return [entity for entity in found if autogenerate.declarable(entity, children, side.user)]
