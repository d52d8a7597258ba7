"""Where a finding is: a line of a file, or something else that has a name. Pure."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

_FILE_LINE = re.compile(r"(?P<file>.+?\.(?:sql|py|toml|ini|json))(?::(?P<line>\d+))?\Z")


@dataclass(frozen=True, slots=True)
class Location:
    """`file` and `line` where the text is `file:line` or a file, else None; `text` is the whole of it."""

    text: str
    file: str | None = None
    line: int | None = None

    def relative(self, folder: Path) -> str:
        """The file as seen from a folder, with `/`; the text where there is no file."""
        if self.file is None:
            return self.text
        try:
            return Path(os.path.relpath(self.file, folder)).as_posix()
        except ValueError:
            # on another drive
            return Path(self.file).as_posix()

    def shown(self, folder: Path) -> str:
        """`file:line` for a reader in that folder: relative below it, else as it is."""
        relative = self.relative(folder)
        if self.file is None or relative.startswith("../"):
            return self.text
        return relative if self.line is None else f"{relative}:{self.line}"


def location_of(where: str) -> Location:
    """The location that a finding's `where` names."""
    found = _FILE_LINE.match(where)
    if not found:
        return Location(where)
    return Location(where, found["file"], int(found["line"]) if found["line"] else None)
