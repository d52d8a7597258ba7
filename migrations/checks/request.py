"""What a run of the checks is asked for, beside the thing to check."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .script import Script


@dataclass(frozen=True, slots=True)
class Request:
    """The options of `airside check`.

    `since` is a revision: only those after it are judged; `changed_since` a git ref: only those whose files changed
    since the merge base with it. `stats_from` is a URL or a file with the sizes of tables; `old_ref` the git ref of
    the release whose models must go on working. `canary` runs a workload meanwhile; `static` reads files alone.
    """

    since: str | None = None
    changed_since: str | None = None
    stats_from: str | None = None
    old_ref: str | None = None
    canary: bool = False
    static: bool = False


@dataclass(frozen=True, slots=True)
class SqlFiles:
    """Plain SQL files in the order in which they run, and the schema that they find."""

    scripts: tuple[Script, ...]
    schema: Script | None = None

    @classmethod
    def read(cls, files: tuple[Path, ...], schema: Path | None) -> SqlFiles:
        # a static check needs no driver
        from .script import Script

        return cls(tuple(map(Script.read, files)), Script.read(schema) if schema else None)
