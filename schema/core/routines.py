"""Statements that repeat from database to database, written once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from .database import Declared
from .quote import quote_ident, quote_literal
from .sql import split


def _shared(name: str) -> tuple[Declared, ...]:
    text = (Path(__file__).parent / "shared" / f"{name}.sql").read_text(encoding="utf-8")
    return tuple(Declared(sql, f"core/shared/{name}.sql:{line}") for line, sql in split(text, origin=name))


def _trigger_function(name: str, *lines: str) -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n{body}END\n$$"


def updated_at(
    triggers: dict[str, str], *, function: str = "update_updated_at_column", column: str = "updated_at"
) -> tuple[Declared, ...]:
    """A function that sets `column` to now() and a BEFORE UPDATE trigger per table: `{table: trigger name}`."""
    name, touched = quote_ident(function), quote_ident(column)
    return (
        Declared(_trigger_function(name, f"NEW.{touched} := now();", "RETURN NEW;"), f"updated_at({function})"),
        *(
            Declared(
                f"CREATE TRIGGER {quote_ident(trigger)} BEFORE UPDATE ON {quote_ident(table)}"
                f" FOR EACH ROW EXECUTE FUNCTION {name}()",
                f"updated_at({table})",
            )
            for table, trigger in triggers.items()
        ),
    )


def append_only_guards(tables: dict[str, tuple[str, str]]) -> tuple[Declared, ...]:
    """`forbid_change()` and the triggers that refuse UPDATE, DELETE and TRUNCATE to everybody.

    `tables` maps a table to the names of its row trigger and its TRUNCATE trigger. The triggers also bind the
    owner and superusers as long as nobody disables them.
    """
    guards: list[Declared] = list(_shared("forbid_change"))
    for table, (row_trigger, truncate_trigger) in tables.items():
        guards.append(
            Declared(
                f"CREATE TRIGGER {quote_ident(row_trigger)} BEFORE UPDATE OR DELETE ON {quote_ident(table)}"
                " FOR EACH ROW EXECUTE FUNCTION forbid_change()",
                f"append_only_guards({table})",
            )
        )
        guards.append(
            Declared(
                f"CREATE TRIGGER {quote_ident(truncate_trigger)} BEFORE TRUNCATE ON {quote_ident(table)}"
                " FOR EACH STATEMENT EXECUTE FUNCTION forbid_change()",
                f"append_only_guards({table})",
            )
        )
    return tuple(guards)


def tenant_policies(
    policies: dict[str, str],
    *,
    column: str = "tenant_id",
    setting: str = "app.current_tenant_id",
    type_name: str = "uuid",
) -> tuple[Declared, ...]:
    """Row-level security by tenant, which binds the owner of the tables too: `{table: policy name}`.

    Rows are seen and written while `setting` holds the value of their `column`; while it is not set, none are. The
    subquery is evaluated once a statement, not once a row. After a transaction that set it, the setting is an empty
    string instead of NULL.
    """
    tenant = f"(SELECT nullif(current_setting({quote_literal(setting)}, true), '')::{type_name})"
    condition = f"({quote_ident(column)} = {tenant})"
    return tuple(
        Declared(statement, f"tenant_policies({table})")
        for table, policy in policies.items()
        for statement in (
            f"ALTER TABLE {quote_ident(table)} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {quote_ident(table)} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY {quote_ident(policy)} ON {quote_ident(table)} USING {condition} WITH CHECK {condition}",
        )
    )


def unique_registry(
    table: str,
    entries: str,
    *,
    function: str,
    key: str,
    columns: dict[str, str],
    refreshed: tuple[str, ...],
    on_update_of: tuple[str, ...],
    timing: Literal["BEFORE", "AFTER"] = "BEFORE",
    agreeing: tuple[str, ...] = (),
) -> tuple[Declared, ...]:
    """A trigger that enters every row of a partitioned `table` into the plain table `entries`.

    The constraints of `entries` are what is unique over all partitions. `columns` maps its columns to those of the
    row, `key` is its column that names the row, `refreshed` are those that a changed row rewrites. A row that moves
    to another partition is inserted there and meets its own entry, hence the upsert. An inserted row whose key has an
    entry already must equal it in `agreeing` (23505): a row that moves does, as its update has refreshed the entry; a
    second row with the same key does not. AFTER is for entries with a foreign key to the row. The trigger is called
    `trg_<function>`.
    """
    name, into = quote_ident(function), quote_ident(entries)
    values = ", ".join(f"NEW.{quote_ident(column)}" for column in columns.values())
    fresh = ", ".join(f"{quote_ident(column)} = EXCLUDED.{quote_ident(column)}" for column in refreshed)
    return (
        Declared(
            _trigger_function(
                name,
                f"INSERT INTO {into} ({', '.join(map(quote_ident, columns))})",
                f"VALUES ({values})",
                *_upsert(entries, key, fresh, agreeing),
                f"RETURN {'NEW' if timing == 'BEFORE' else 'NULL'};",
            ),
            f"unique_registry({entries})",
        ),
        Declared(
            f"CREATE TRIGGER {quote_ident('trg_' + function)} {timing} INSERT OR UPDATE"
            f" OF {', '.join(map(quote_ident, on_update_of))} ON {quote_ident(table)}"
            f" FOR EACH ROW EXECUTE FUNCTION {name}()",
            f"unique_registry({table})",
        ),
    )


def _upsert(entries: str, key: str, fresh: str, agreeing: tuple[str, ...]) -> tuple[str, ...]:
    if not agreeing:
        return (f"ON CONFLICT ({quote_ident(key)}) DO UPDATE SET {fresh};",)
    known = ", ".join(f"{quote_ident(entries)}.{quote_ident(column)}" for column in agreeing)
    new = ", ".join(f"EXCLUDED.{quote_ident(column)}" for column in agreeing)
    return (
        f"ON CONFLICT ({quote_ident(key)}) DO UPDATE",
        f"SET {fresh}",
        "WHERE TG_OP = 'UPDATE'",
        f"    OR ({known})",
        f"    IS NOT DISTINCT FROM ({new});",
        "IF NOT FOUND THEN",
        f"    RAISE EXCEPTION '% has an entry for another row of this key', {quote_literal(entries)}",
        f"        USING ERRCODE = 'unique_violation', TABLE = {quote_literal(entries)};",
        "END IF;",
    )
