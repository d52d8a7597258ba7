"""What `upgrade --sql` prints in place of looks that need a connection."""

from __future__ import annotations

from psycopg import sql

from .potential import PotentialLoss


def guard_sql(loss: PotentialLoss) -> str:
    """A DO block that stops the script when the data is still there. Delete it from the script to lose the data."""
    table = sql.Identifier(*loss.identity[:2]).as_string(None)
    condition = {
        "table": "",
        "sequence": " WHERE is_called",
    }.get(loss.kind, f" WHERE {sql.Identifier(loss.identity[-1]).as_string(None)} IS NOT NULL")
    message = sql.Literal(f"{loss.kind} {loss.name} still holds data").as_string(None)
    return (
        "DO $airside$\n"
        "BEGIN\n"
        f"    IF to_regclass({sql.Literal(table).as_string(None)}) IS NOT NULL THEN\n"
        f"        IF EXISTS (SELECT FROM {table}{condition}) THEN\n"
        f"            RAISE EXCEPTION USING MESSAGE = {message};\n"
        "        END IF;\n"
        "    END IF;\n"
        "END\n"
        "$airside$;"
    )
