"""Several databases at once, in forked processes: Alembic's `op` and `context` belong to a process."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from typing import TypeVar

from ..schema.core.errors import AirsideError
from ..schema.core.registry import Entry
from ..server import Server

R = TypeVar("R")


def each(work: Callable[[Server, Entry], R], server: Server, entries: Sequence[Entry]) -> Generator[R]:
    """The results of `work` for each entry, as they come. An error ends it after what is under way has ended.

    `work` is a function of a module; what it returns travels between processes. Where processes cannot fork
    (Windows), and for a single entry, the work is done here, one after the other.
    """
    with _pool(entries) as pool:
        if pool is None:
            yield from (work(server, entry) for entry in entries)
            return
        for future in as_completed([pool.submit(work, server, entry) for entry in entries]):
            yield future.result()


def attempts(
    work: Callable[[Server, Entry], R], server: Server, entries: Sequence[Entry]
) -> Generator[tuple[Entry, R | AirsideError]]:
    """The result of `work` for each entry, or the error that stopped it there, in the order of the entries."""
    with _pool(entries) as pool:
        if pool is None:
            yield from ((entry, _attempt(work, server, entry)) for entry in entries)
            return
        futures = [pool.submit(_attempt, work, server, entry) for entry in entries]
        for entry, future in zip(entries, futures, strict=True):
            yield entry, future.result()


def _attempt(work: Callable[[Server, Entry], R], server: Server, entry: Entry) -> R | AirsideError:
    try:
        return work(server, entry)
    except AirsideError as error:
        return error


@contextmanager
def _pool(entries: Sequence[Entry]) -> Generator[ProcessPoolExecutor | None]:
    # half of the time goes into waiting for the server, CREATE DATABASE above all
    workers = min(len(entries), 3 * (os.cpu_count() or 1))
    if workers < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield None
        return
    for entry in entries:
        with suppress(AirsideError):
            # imported once, before the fork, so that no worker has to; a fault is for the worker to report
            entry.load()
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
