"""More rights than a migration should hand out: to PUBLIC, with GRANT OPTION, over all objects, or to be superuser."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..effects import Effect
from ..model import Context, Finding, Rule, Severity, Step, about
from ..places import statements

NAME = "grant-widening"
_POWERS = frozenset({"superuser", "bypassrls", "createrole", "createdb", "isreplication"})
_PREDEFINED = frozenset(
    {"pg_write_all_data", "pg_read_server_files", "pg_write_server_files", "pg_execute_server_program"}
)
_HARMLESS_FOR_PUBLIC = frozenset({pg_query_pb2.OBJECT_TYPE, pg_query_pb2.OBJECT_DOMAIN})
_SAFE = "name the role and the privileges that it needs: GRANT SELECT, INSERT ON t TO app"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, tree in statements(step, "grant_stmt"):
        yield from _granted(effect, tree.grant_stmt, "")
    for effect, tree in statements(step, "alter_default_privileges_stmt"):
        yield from _granted(effect, tree.alter_default_privileges_stmt.action, " on everything made from now on")
    for effect, tree in statements(step, "grant_role_stmt"):
        statement = tree.grant_role_stmt
        admin = any(item.def_elem.defname == "admin" and item.def_elem.arg.boolean.boolval for item in statement.opt)
        if statement.is_grant and admin:
            yield _finding(effect, "whoever gets the role may hand it on", "warning")
        for item in statement.granted_roles if statement.is_grant else ():
            if item.access_priv.priv_name in _PREDEFINED:
                yield _finding(effect, f"{item.access_priv.priv_name} reaches beyond every table's rights", "warning")
    for effect, tree in statements(step, "create_role_stmt", "alter_role_stmt"):
        options = tree.create_role_stmt.options or tree.alter_role_stmt.options
        for item in options:
            if item.def_elem.defname in _POWERS and item.def_elem.arg.boolean.boolval:
                name = item.def_elem.defname.removeprefix("is").upper()
                yield _finding(effect, f"the role gets {name}, which no policy or right holds back", "warning")


def _granted(effect: Effect, statement: pg_query_pb2.GrantStmt, on: str) -> Iterator[Finding]:
    if not statement.is_grant:
        return
    everybody = any(item.role_spec.roletype == pg_query_pb2.ROLESPEC_PUBLIC for item in statement.grantees)
    rights = ", ".join(item.access_priv.priv_name.upper() for item in statement.privileges) or "ALL"
    if everybody and statement.objtype not in _HARMLESS_FOR_PUBLIC:
        yield _finding(effect, f"every role of the server gets {rights}{on}", "warning")
    elif statement.grant_option:
        yield _finding(effect, f"whoever gets {rights}{on} may hand it on", "warning")
    elif not statement.privileges and statement.objtype == pg_query_pb2.OBJECT_TABLE:
        yield _finding(effect, f"ALL has TRUNCATE, REFERENCES and TRIGGER in it{on}", "note")


def _finding(effect: Effect, message: str, severity: Severity) -> Finding:
    return about(NAME, effect, message, _SAFE, severity=severity)


RULE = Rule(
    NAME, "More rights are given than a role needs: to PUBLIC, to hand on, or beyond all policies.", judge, "warning"
)
