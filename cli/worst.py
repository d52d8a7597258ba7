"""For `drift`: all databases, each with its result or its failure, and the worst exit code."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, TypeVar

from .context import Settings
from .output import Record, note, progress

if TYPE_CHECKING:
    from ..schema.core.registry import Entry
    from ..server import Server

R = TypeVar("R")


class Worst:
    """The worst exit code so far."""

    def __init__(self, settings: Settings) -> None:
        self.code = 0
        self._settings = settings

    def finding(self, found: bool) -> None:
        """Something was found (1), or not."""
        self.code = max(self.code, int(found))

    def results(
        self, work: Callable[[Server, Entry], R], chosen: Sequence[Entry], records: list[Record], doing: str
    ) -> Generator[R]:
        """The results for all databases in their order; the failure of one is reported, and the next follows."""
        from ..schema.core.errors import AirsideError
        from .parallel import attempts

        server = self._settings.server()
        waiting = attempts(work, server, chosen)
        for entry in chosen:
            # the spinner is a thread, and workers are forked: only where there are none
            with progress(self._settings, f"{entry.target}: {doing}") if len(chosen) == 1 else nullcontext():
                _, result = next(waiting)
            if not isinstance(result, AirsideError):
                yield result
                continue
            self.code = max(self.code, result.exit_code)
            records.append({"target": entry.target, "error": {"type": type(result).__name__, "message": str(result)}})
            if not self._settings.json:
                note(f"airside: {result}")
