"""For `check` and `drift`: go on through all databases, exit with the worst code."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from .context import Settings
from .output import Record, note


class Worst:
    """The worst exit code so far."""

    def __init__(self, settings: Settings) -> None:
        self.code = 0
        self._settings = settings

    def finding(self, found: bool) -> None:
        """Something was found (1), or not."""
        self.code = max(self.code, int(found))

    @contextmanager
    def going_on(self, target: str, records: list[Record]) -> Generator[None]:
        """Report a failure of one database and go on with the next."""
        from ..schema.core.errors import AirsideError

        try:
            yield
        except AirsideError as error:
            self.code = max(self.code, error.exit_code)
            records.append({"target": target, "error": {"type": type(error).__name__, "message": str(error)}})
            if not self._settings.json:
                note(f"airside: {error}")
