"""A PostgreSQL to work on: the embedded one or the user's, and scratch databases on it.

>>> from airside.server import resolve, scratch
>>> with scratch(resolve()) as made, made.connect() as connection: ...
"""

from .address import Server
from .binaries import Binaries, find
from .embedded import Status, running, start, status, stop
from .ephemeral import ephemeral
from .failures import translate
from .resolve import resolve
from .scratch import Scratch, require, scratch, sweep

__all__ = [
    "Binaries",
    "Scratch",
    "Server",
    "Status",
    "ephemeral",
    "find",
    "require",
    "resolve",
    "running",
    "scratch",
    "start",
    "status",
    "stop",
    "sweep",
    "translate",
]
