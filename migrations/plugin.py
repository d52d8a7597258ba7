"""Our comparison in place of Alembic's: `alembic -n <database> check` sees every kind of object."""

from __future__ import annotations

import logging
import sys
from typing import Any

from alembic import context
from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import MigrateOperation, UpgradeOps
from alembic.runtime import plugins
from alembic.util import CommandError, PriorityDispatchResult

from ..schema.core.catalog import inspect
from ..schema.core.compare import compare
from ..schema.core.external import without_external
from .declared import declared_catalog
from .executor import driver
from .leaves import without_leaves
from .session import ATTRIBUTE

NAME = "airside.catalog"


class CatalogChangeOp(MigrateOperation):
    """A difference between the live catalog and the declaration, as Alembic's `check` prints it."""

    def __init__(self, change: str) -> None:
        self.change = change

    def reverse(self) -> CatalogChangeOp:
        return self

    def to_diff_tuple(self) -> tuple[str, str]:
        return ("catalog_change", self.change)


@renderers.dispatch_for(CatalogChangeOp)
def _refuse_to_render(_context: AutogenContext, _operation: CatalogChangeOp) -> str:
    target = context.config.config_ini_section
    raise CommandError(f"draft it as SQL, proven both ways: airside revision {target} -m ...")


def register() -> None:
    """Make the plugin known to Alembic, once a process."""
    registered: Any = getattr(plugins, "_all_plugins", {})
    if NAME not in registered:
        logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)
        plugins.Plugin.setup_plugin_from_module(sys.modules[__name__], NAME)


def setup(plugin: plugins.Plugin) -> None:
    """Alembic's hook for plugins."""
    plugin.add_autogenerate_comparator(_compare, "autogenerate")


def _compare(autogen: AutogenContext, upgrade_ops: UpgradeOps) -> PriorityDispatchResult:
    session = context.config.attributes[ATTRIBUTE]
    if autogen.connection is None:
        raise CommandError("autogenerate needs a connection")
    database = session.entry.load()
    connection = driver(autogen.connection)
    live = without_leaves(connection, without_external(inspect(connection), database.external))
    desired = declared_catalog(session.server, database)
    upgrade_ops.ops.extend(CatalogChangeOp(str(change)) for change in compare(live, desired))
    return PriorityDispatchResult.CONTINUE
