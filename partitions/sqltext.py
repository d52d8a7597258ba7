"""The statements that a step runs, as text, for those who want to read them first."""

from __future__ import annotations

from typing import Any

import psycopg

from .actions import Attach, Create, Detach, Drain, Drop, DropForeignKey, Finalize, Step
from .perform import detach_statement, drop_foreign_key_statement, drop_statement
from .shape import as_text, attaching, making, read_shape


def statements(connection: psycopg.Connection[Any], step: Step) -> tuple[str, ...]:  # noqa: PLR0911 - one a step
    """In the order in which they run; only the shape of the parent is asked of the server."""
    match step:
        case Drain():
            # what it does depends on the rows that it finds
            return ()
        case Create():
            return as_text((*making(step, read_shape(connection, step.parent)), attaching(step)))
        case Attach():
            return as_text((attaching(step),))
        case Finalize():
            return as_text((detach_statement(step, " FINALIZE"),))
        case Detach():
            return as_text((detach_statement(step, " CONCURRENTLY" if step.concurrently else ""),))
        case DropForeignKey():
            return as_text((drop_foreign_key_statement(step),))
        case Drop():
            return as_text((drop_statement(step),))
