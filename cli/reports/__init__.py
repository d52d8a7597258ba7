"""What `check` found, in the formats that read it: one module each, all pure, from a `Run`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .run import Run

FORMATS = ("text", "json", "github", "sarif", "junit", "markdown")
STREAMING = ("text", "github")
"""Those that are printed database by database."""
ENDINGS = {".txt": "text", ".json": "json", ".sarif": "sarif", ".xml": "junit", ".md": "markdown"}
"""The format that a file's name asks for."""


def renderer(style: str) -> Callable[[Run], Iterator[str]]:
    """The lines of a format."""
    return import_module(f".as_{style}", __package__).lines
