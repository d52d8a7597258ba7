"""What a run of the checks is asked for, beside the thing to check."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...schema.core.errors import UsageError

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
        """Read them. Raises UsageError for one that is not there or not UTF-8."""
        # a static check needs no driver
        from .script import Script

        try:
            return cls(tuple(map(Script.read, files)), Script.read(schema) if schema else None)
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"a file cannot be read: {error}", where="--sql", next_step="name files of SQL in UTF-8"
            ) from error
