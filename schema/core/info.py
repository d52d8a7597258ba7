"""Typed helpers that write SQLAlchemy's `info` on tables and columns.

They return plain dictionaries, joined with `|`, so that models without an import of ours can write the same keys:

>>> personal("contact") | renamed_from("mail")
{'personal': 'contact', 'renamed_from': 'mail'}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

Info = dict[str, Any]

PersonalData = Literal["identity", "contact", "credential", "payment", "location", "behaviour", "content"]
"""What kind of personal data (GDPR Art. 4(1)) a column holds; `content` is free text a person wrote."""

PERSONAL_DATA: tuple[str, ...] = get_args(PersonalData)


def personal(category: PersonalData) -> Info:
    """The column holds personal data of this category."""
    return {"personal": category}


def append_only() -> Info:
    """Rows of the table are written once: the app role gets neither UPDATE nor DELETE nor TRUNCATE."""
    return {"append_only": True}


def never_delete() -> Info:
    """Rows of the table are never removed by the application: the app role gets neither DELETE nor TRUNCATE."""
    return {"never_delete": True}


def renamed_from(name: str) -> Info:
    """The table or column was called `name` before; `airside revision` drafts a rename instead of drop and add."""
    return {"renamed_from": name}


def is_append_only(info: Mapping[Any, Any]) -> bool:
    return bool(info.get("append_only"))


def is_never_delete(info: Mapping[Any, Any]) -> bool:
    return bool(info.get("never_delete"))


def personal_category(info: Mapping[Any, Any]) -> str | None:
    value = info.get("personal")
    return str(value) if value else None


def former_name(info: Mapping[Any, Any]) -> str | None:
    value = info.get("renamed_from")
    return str(value) if value else None
