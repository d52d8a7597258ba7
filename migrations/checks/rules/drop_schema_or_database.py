"""DROP SCHEMA, DATABASE, TABLESPACE, ROLE, OWNED: far more than one table."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ....schema.core.catalog import Key
from ..effects import Effect
from ..model import Context, Finding, Rule, Step
from ..places import dropped_names, gone, observed, statements, told

NAME = "drop-schema-or-database"
_KINDS = {
    "dropdb_stmt": "a database",
    "drop_table_space_stmt": "a tablespace",
    "drop_role_stmt": "roles",
    "drop_owned_stmt": "everything that a role owns",
}


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, tree in statements(step, "drop_stmt"):
        if tree.drop_stmt.remove_type == pg_query_pb2.OBJECT_SCHEMA:
            for (name,) in dropped_names(tree.drop_stmt):
                if not observed(step) or Key("schema", (name,)) in step.before:
                    yield _finding(step, effect, f"the schema {name} goes{_with(step, name)}")
    for effect, tree in statements(step, *_KINDS):
        yield _finding(step, effect, f"the statement drops {_KINDS[tree.WhichOneof('node') or '']}")


def _with(step: Step, schema: str) -> str:
    lost = [key for key in gone(step, "table", "view", "function", "sequence", "enum") if key.identity[0] == schema]
    return f", and with it {', '.join(map(str, lost[:5]))}{' and more' if len(lost) > 5 else ''}" if lost else ""


def _finding(step: Step, effect: Effect, message: str) -> Finding:
    return told(
        NAME, step, effect, f"{message}: a migration that is run on the wrong server takes all of it along",
        "drop what is in it piece by piece, each in a migration a release after its last use; leave the dropping of"
        " databases, tablespaces and roles to an administrator",
    )  # fmt: skip


RULE = Rule(NAME, "A whole schema, database, tablespace or role is dropped.", judge)
