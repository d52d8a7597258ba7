"""Changes of enum types: values used before they are committed, and edits of pg_enum."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..effects import Effect
from ..model import Context, Finding, Rule, Step, about
from ..places import observed, statements

NAME = "enum-value"
_UNSAFE = "unsafe use of new value"
_COMMIT_FIRST = "add the value in a migration of its own; use it in the next one, after it is committed"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect in step.effects:
        if effect.error and _UNSAFE in effect.error:
            yield about(
                NAME,
                effect,
                "the statement uses an enum value that its own transaction added; PostgreSQL refuses that",
                _COMMIT_FIRST,
                observed=effect.error,
            )
    for effect, tree in statements(step, "alter_enum_stmt"):
        statement = tree.alter_enum_stmt
        if not statement.old_val and _is_old(step, statement):
            yield from _added(step, effect, statement)


def _added(step: Step, effect: Effect, statement: pg_query_pb2.AlterEnumStmt) -> Iterator[Finding]:
    user = None if observed(step) else _user(step, effect, statement.new_val)
    if user is not None:
        yield about(
            NAME, user, f"the statement uses the enum value {statement.new_val!r} that its own transaction adds",
            _COMMIT_FIRST,
        )  # fmt: skip
    yield about(
        NAME,
        effect,
        f"the enum value {statement.new_val!r} cannot be taken away again, and the running release may read it"
        " before it knows it",
        "release code that can read the value first; say BEFORE or AFTER where the order matters",
        severity="note",
    )


def _user(step: Step, adding: Effect, value: str) -> Effect | None:
    """A later statement of the same transaction that has the value as a literal."""
    after = step.effects[step.effects.index(adding) + 1 :]
    literal = "'" + value.replace("'", "''") + "'"
    return next(
        (
            item
            for item in after
            if item.transactional and item.transaction == adding.transaction and literal in item.sql
        ),
        None,
    )


def _is_old(step: Step, statement: pg_query_pb2.AlterEnumStmt) -> bool:
    *schema, name = [part.string.sval for part in statement.type_name]
    if not observed(step):
        return True
    found = (key for key in step.before if key.kind == "enum" and key.identity[1] == name)
    return any(not schema or key.identity[0] == schema[-1] for key in found)


RULE = Rule(NAME, "An enum value is used in the transaction that adds it.", judge, directions=("up", "down"))
