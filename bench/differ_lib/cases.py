"""The cases: two schemas each, and what they differ in."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from airside.schema.core.catalog.model import Key

CASES = Path(__file__).parents[1] / "differ" / "cases"


@dataclass(frozen=True, slots=True)
class Case:
    """`changes` are (action, key) from old to new; none for two spellings of the same schema.

    `refused`: nothing sensible can be planned, and the reason given has to contain `reason`. `down_refused`: the
    same for the way back only.
    """

    name: str
    title: str
    old: str
    new: str
    changes: frozenset[tuple[str, Key]]
    refused: bool
    down_refused: bool
    reason: str
    superuser: bool
    min_major: int


def load(major: int, only: str = "") -> list[Case]:
    """The cases for a server of this major version whose name contains `only`."""
    cases = [_load(folder.parent) for folder in sorted(CASES.glob("*/*/expect.toml"))]
    return [case for case in cases if case.min_major <= major and only in case.name]


def _load(folder: Path) -> Case:
    expected = tomllib.loads((folder / "expect.toml").read_text(encoding="utf-8"))
    return Case(
        name=f"{folder.parent.name}/{folder.name}",
        title=expected["title"],
        old=(folder / "old.sql").read_text(encoding="utf-8"),
        new=(folder / "new.sql").read_text(encoding="utf-8"),
        changes=frozenset((action, Key(kind, tuple(identity))) for action, kind, identity in expected["changes"]),
        refused=expected["refused"],
        down_refused=expected.get("down_refused", False),
        reason=expected.get("reason_contains", ""),
        superuser=expected.get("superuser", False),
        min_major=expected.get("min_major", 0),
    )
