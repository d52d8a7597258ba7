"""A role loses rights that the running release may be using."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..effects import Effect
from ..embedded import PLACEHOLDER
from ..model import Context, Finding, Rule, Step, about
from ..places import is_old, observed, place, refused, statements

NAME = "revoke"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, tree in statements(step, "grant_stmt"):
        statement = tree.grant_stmt
        if not statement.is_grant and _is_old(step, effect, statement):
            roles = [item.role_spec for item in statement.grantees]
            yield from _told(effect, [role for role in roles if _has_lost(step, role.rolename)])
    for effect, tree in statements(step, "grant_role_stmt"):
        if not tree.grant_role_stmt.is_grant:
            yield from _told(effect, [item.role_spec for item in tree.grant_role_stmt.grantee_roles])


def _has_lost(step: Step, role: str) -> bool:
    """Whether the role has fewer rights after the step; a right for the time of the migration is none that is lost."""
    if not observed(step) or refused(step):
        return True
    return any(
        key.kind == "grant" and key.identity[-1] == role and step.after.objects.get(key) != item
        for key, item in step.before.objects.items()
    )


def _told(effect: Effect, roles: list[pg_query_pb2.RoleSpec]) -> Iterator[Finding]:
    names = [role.rolename for role in roles if role.rolename and PLACEHOLDER not in role.rolename]
    # what everybody had by default is mostly closed on purpose
    if names:
        yield about(
            NAME,
            effect,
            f"{', '.join(names)} loses rights: statements of the running release that use them fail from now on",
            "take a right away a release after the last code that uses it; look at the statements of that role first",
            severity="warning",
        )


def _is_old(step: Step, effect: Effect, statement: pg_query_pb2.GrantStmt) -> bool:
    tables = [item.range_var for item in statement.objects if item.WhichOneof("node") == "range_var"]
    return not tables or any(is_old(step, place(step, effect, table)) for table in tables)


RULE = Rule(NAME, "A role loses rights that the running release may use.", judge, "warning")
