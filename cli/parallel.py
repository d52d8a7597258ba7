"""Several databases at once, in forked processes: Alembic's `op` and `context` belong to a process."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

from ..schema.core.registry import Entry
from ..server import Server

R = TypeVar("R")


def each(work: Callable[[Server, Entry], R], server: Server, entries: Sequence[Entry]) -> Generator[R]:
    """The results of `work` for each entry, as they come. An error ends it after what is under way has ended.

    `work` is a function of a module; what it returns travels between processes. Where processes cannot fork
    (Windows), and for a single entry, the work is done here, one after the other.
    """
    for entry in entries:
        # imported once, before the fork, so that no worker has to
        entry.load()
    # half of the time goes into waiting for the server, CREATE DATABASE above all
    workers = min(len(entries), 3 * (os.cpu_count() or 1))
    if workers < 2 or "fork" not in multiprocessing.get_all_start_methods():
        for entry in entries:
            yield work(server, entry)
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        futures = [pool.submit(work, server, entry) for entry in entries]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
