"""A lock between processes that the operating system gives up when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ..schema.core.errors import LockNotAcquired

_PAUSE = 0.05


@contextmanager
def locked(path: Path, *, timeout: float) -> Generator[None, None, None]:
    """Hold the lock file `path`, waiting up to `timeout` seconds. Raises LockNotAcquired."""
    deadline = time.monotonic() + timeout
    # O_NOFOLLOW: as root, never open what a link in a folder open to others points at
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        while not _try_lock(handle):
            if time.monotonic() >= deadline:
                raise LockNotAcquired(
                    f"another airside has been starting or stopping the server for {timeout:.0f} s",
                    where=str(path),
                    next_step="wait for it, or end it, and run the command again",
                )
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
