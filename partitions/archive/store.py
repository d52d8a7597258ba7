"""Where files of an archive lie: a folder, or any URL that fsspec knows.

A file is written under another name, flushed to the disk and renamed, so that what has its name is whole.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import quote

from ...schema.core.errors import EnvironmentProblem, Refused, UsageError
from .extra import FileSystem, fsspec
from .ledger import without_credentials

UNFINISHED = ".tmp"
_BLOCK = 1 << 20
_REASONS = {
    errno.ENOSPC: "no space is left",
    errno.EDQUOT: "the quota is used up",
    errno.EFBIG: "the file would be larger than allowed",
    errno.EROFS: "it is read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
}


@dataclass(frozen=True, slots=True)
class Store:
    """A place for files. `url` is how it is shown and recorded, without credentials; paths are relative to it."""

    fs: FileSystem
    root: str
    url: str

    @property
    def local(self) -> bool:
        return "file" in self.fs.protocol

    def shown(self, path: str) -> str:
        return f"{self.url.rstrip('/')}/{path}"

    def path(self, path: str) -> str:
        return f"{self.root.rstrip('/')}/{path}"

    def require_usable(self) -> None:
        """Look whether files can be written here, which leaves nothing. Raises UsageError where neither the folder
        nor the one that it would be in is there, EnvironmentProblem where it is out of reach or takes no file."""
        if self.local:
            self._require_folder()
            return
        try:
            with self._reaching("", "reached"), suppress(FileNotFoundError):
                self.fs.info(self.root)
        except EnvironmentProblem:
            raise
        except Exception as error:
            # each library has errors of its own; their texts may hold credentials
            raise EnvironmentProblem(
                f"cannot be reached: {type(error).__name__}",
                where=self.url,
                next_step="look at its address and credentials, then run the command again",
            ) from error

    def _require_folder(self) -> None:
        place = Path(self.root)
        if place.exists() and not place.is_dir():
            raise EnvironmentProblem("is no folder", where=self.url, next_step="name a folder")
        folder = place if place.is_dir() else place.parent
        if not folder.is_dir():
            raise UsageError(
                "there is no such folder, nor the one that it would be in",
                where=self.url,
                next_step=f"make it, or correct the name: {folder}",
            )
        with self._reaching("", "written"), TemporaryFile(dir=folder):
            pass

    @contextmanager
    def writing(self, path: str) -> Generator[Sink]:
        """An unfinished file `path` to write into; it is removed when writing fails. Raises EnvironmentProblem."""
        place = self.path(path + UNFINISHED)
        with self._reaching(path, "written"):
            try:
                self.fs.makedirs(self.fs._parent(place), exist_ok=True)
                with Sink(self.fs.open(place, "wb"), self.local) as sink:
                    yield sink
            except BaseException:
                with suppress(Exception):
                    self.fs.rm_file(place)
                raise

    def finish(self, path: str, as_path: str) -> None:
        """Give an unfinished file its name; on a local disk, for good."""
        source, place = self.path(path + UNFINISHED), self.path(as_path)
        with self._reaching(as_path, "written"):
            if not self.local:
                self.fs.mv(source, place)
                return
            Path(source).replace(place)
            if os.name == "nt":
                return
            folder = os.open(Path(place).parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def write(self, path: str, content: bytes) -> None:
        """Write a small file. Raises EnvironmentProblem."""
        with self.writing(path) as sink:
            sink.write(content)
        self.finish(path, path)

    @contextmanager
    def reading(self, path: str) -> Generator[Any]:
        """An open file. Raises Refused when it is not there, EnvironmentProblem when it cannot be read."""
        with self._reaching(path, "read"), self.fs.open(self.path(path), "rb") as file:
            yield file

    def read(self, path: str) -> bytes:
        with self.reading(path) as file:
            return file.read()

    def sha256(self, path: str) -> tuple[str, int]:
        """The SHA-256 of a file as it lies there, and its size in bytes."""
        digest, size = hashlib.sha256(), 0
        with self.reading(path) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
        return digest.hexdigest(), size

    def exists(self, path: str) -> bool:
        with self._reaching(path, "read"):
            return bool(self.fs.exists(self.path(path)))

    def remove(self, path: str) -> None:
        """Remove a file if it is there."""
        with self._reaching(path, "removed"), suppress(FileNotFoundError):
            self.fs.rm_file(self.path(path))

    def files(self, ending: str, under: str = "") -> Iterator[str]:
        """Relative paths of the files below `under` whose name ends so, in order."""
        place = self.path(under).rstrip("/")
        with self._reaching(under, "read"):
            self.fs.invalidate_cache()
            found: list[str] = sorted(map(str, self.fs.find(place)))
        start = len(self.path(""))
        yield from (path[start:] for path in found if path.endswith(ending))

    @contextmanager
    def _reaching(self, path: str, done: str) -> Generator[None]:
        try:
            yield
        except OSError as error:
            if isinstance(error, FileNotFoundError) and done == "read":
                raise Refused(
                    "the file is not there",
                    where=self.shown(path),
                    next_step="restore it from a copy; rows that were dropped are nowhere else",
                ) from None
            reason = _REASONS.get(error.errno or 0, f"{type(error).__name__} {error.strerror or ''}".strip())
            raise EnvironmentProblem(
                f"cannot be {done}: {reason}",
                where=self.shown(path),
                next_step="put that right and run the command again; nothing was dropped",
            ) from error


class Sink:
    """An open file that knows the SHA-256 and the size of what went through it; flushed to a local disk at its end."""

    def __init__(self, file: Any, durable: bool) -> None:
        self._file = file
        self._durable = durable
        self._digest = hashlib.sha256()
        self.size = 0
        self.closed = False

    def write(self, data: Any) -> int:
        self._digest.update(data)
        self._file.write(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self._file.close()

    def hexdigest(self) -> str:
        return self._digest.hexdigest()

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            with suppress(Exception):
                self.close()
            return
        if self._durable and not self.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
        self.close()


def open_store(url: str) -> Store:
    """The place that a folder or URL means. Raises UsageError when fsspec knows no such protocol."""
    try:
        fs, root = fsspec.core.url_to_fs(str(Path(url).absolute()) if "://" not in url else url)
    except (ValueError, ImportError) as error:
        raise UsageError(
            f"cannot be reached: {error}",
            where=without_credentials(url),
            next_step="name a folder, or a URL whose fsspec library is installed (s3fs for s3://, gcsfs for gs://)",
        ) from None
    shown = without_credentials(url if "://" in url else str(Path(url).absolute()))
    return Store(fs, str(root), shown)


def file_name(name: str) -> str:
    """The name of a database, table or partition as part of a path."""
    return quote(name, safe=" ")
