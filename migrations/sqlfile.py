"""The `.up.sql` and `.down.sql` beside a revision."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..schema.core.errors import DeclarationError
from ..schema.core.sql import ScriptStatement, parse_script

_TRANSACTION = re.compile(r"^--\s*airside:\s*transaction\s*=\s*(\S+)\s*$", re.MULTILINE)
_DIRECTIVE = re.compile(r"--\s*airside:\s*(\S+)")
_KNOWN = frozenset({"transaction", "data-loss", "allow", "allow-file"})
_ALLOW = re.compile(rb"^[ \t]*(?:--|#)[ \t]*airside:[ \t]*allow\b.*(?:\n|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SqlFile:
    """A parsed file: its statements, and whether they run in one transaction (the default) or each on its own."""

    path: Path
    transactional: bool
    statements: tuple[ScriptStatement, ...]


def sibling(stub: str | Path, direction: str) -> Path:
    """The `.up.sql` or `.down.sql` beside a revision's `.py`."""
    return Path(stub).with_suffix(f".{direction}.sql")


def read_sql_file(path: Path) -> SqlFile:
    """Read and parse a file. Raises DeclarationError naming `file:line`."""
    if not path.is_file():
        raise DeclarationError("the file does not exist", where=str(path), next_step="write it, or restore it")
    return _read(path, path.stat().st_mtime_ns)


@cache
def _read(path: Path, _modified: int) -> SqlFile:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DeclarationError(
            f"the file is not UTF-8: {error.reason} at byte {error.start}",
            where=str(path),
            next_step="save it as UTF-8",
        ) from error
    for number, line in enumerate(text.splitlines(), start=1):
        directive = _DIRECTIVE.match(line.strip())
        if directive and directive.group(1).split("=")[0] not in _KNOWN:
            raise DeclarationError(
                f"unknown directive {directive.group(1)!r}",
                where=f"{path}:{number}",
                next_step=f"use one of {', '.join(sorted(_KNOWN))}",
            )
    header = _TRANSACTION.search(text)
    if header and header.group(1) not in ("on", "off"):
        raise DeclarationError(
            f"transaction = {header.group(1)}", where=str(path), next_step="write `-- airside: transaction = off`"
        )
    transactional = header is None or header.group(1) == "on"
    return SqlFile(path, transactional, parse_script(text, origin=str(path)))


def checksum(stub: str | Path) -> str:
    """SHA-256 of what an upgrade runs: the `.up.sql`, or the `.py` where there is none.

    Line ends do not count, nor lines that allow findings of `check`: those come after a file was applied.
    """
    up = sibling(stub, "up")
    content = (up if up.is_file() else Path(stub)).read_bytes()
    return hashlib.sha256(_ALLOW.sub(b"", content.replace(b"\r\n", b"\n"))).hexdigest()
