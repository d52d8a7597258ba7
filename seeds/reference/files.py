"""The readable data files of the set, and a digest of all that it is made of."""

from __future__ import annotations

import csv
import hashlib
import importlib.metadata
from pathlib import Path

_FOLDER = Path(__file__).parent
_LIBRARIES = ("airportsdata", "babel")


def records(name: str) -> list[dict[str, str]]:
    """The lines of `data/<name>.csv` by their headings."""
    with (_FOLDER / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text(name: str) -> str:
    return (_FOLDER / "data" / name).read_text(encoding="utf-8")


def digest() -> str:
    """A digest of the files, the code and the versions of the libraries that the set is made from."""
    made = hashlib.sha256()
    for path in sorted(_FOLDER.rglob("*")):
        if path.suffix in (".py", ".csv", ".json", ".sql"):
            made.update(f"{path.relative_to(_FOLDER).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    for library in _LIBRARIES:
        made.update(f"{library} {importlib.metadata.version(library)}\0".encode())
    return made.hexdigest()
