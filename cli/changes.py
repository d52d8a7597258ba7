"""Differences between catalogs in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .output import Record

if TYPE_CHECKING:
    from ..schema.core.catalog.model import Json
    from ..schema.core.compare import Change


def change_record(change: Change) -> Record:
    """A difference for --json; `before` is as the migrations make it, `after` as it is in the database."""
    return {
        "action": change.action,
        "kind": change.key.kind,
        "name": ".".join(change.key.identity),
        "identity": list(change.key.identity),
        "properties": list(change.properties),
        "before": dict(change.before.properties) if change.before else None,
        "after": dict(change.after.properties) if change.after else None,
    }


def describe_change(change: Change) -> str:
    """`alter column public.users.email (type: varchar(255) -> text)`."""
    if change.key.kind == "partition":
        return str(change)
    if change.before is None:
        return f"{change.action} {change.key} (in the database, not in its migrations)"
    if change.after is None:
        return f"{change.action} {change.key} (in the migrations, not in the database)"
    before, after = change.before.properties, change.after.properties
    details = "; ".join(f"{name}: {_word(before.get(name))} -> {_word(after.get(name))}" for name in change.properties)
    return f"{change.action} {change.key} ({details})"


def _word(value: Json) -> str:
    text = value if isinstance(value, str) else "none" if value is None else json.dumps(value)
    return " ".join(text.split())
