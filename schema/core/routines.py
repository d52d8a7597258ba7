"""Statements that repeat from database to database, written once."""

from __future__ import annotations

from pathlib import Path

from .database import Declared
from .quote import quote_ident
from .sql import split


def _shared(name: str) -> tuple[Declared, ...]:
    text = (Path(__file__).parent / "shared" / f"{name}.sql").read_text(encoding="utf-8")
    return tuple(Declared(sql, f"core/shared/{name}.sql:{line}") for line, sql in split(text, origin=name))


def updated_at(triggers: dict[str, str]) -> tuple[Declared, ...]:
    """`update_updated_at_column()` and a BEFORE UPDATE trigger per table: `{table: trigger name}`."""
    return (
        *_shared("update_updated_at_column"),
        *(
            Declared(
                f"CREATE TRIGGER {quote_ident(trigger)} BEFORE UPDATE ON {quote_ident(table)}"
                " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()",
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
