"""Is an archive what it says it is? Read from its first byte to its last, or loaded into a server and asked there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...schema.core.errors import Refused, UsageError
from .ledger import Archive
from .manifest import ENDING, Manifest, read_manifest, sha256_of
from .parquet import complaints, examine
from .store import Store, open_store


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one archive. `problems` is empty for one that is whole; `manifest` is None for none at all."""

    location: str
    manifest: Manifest | None
    problems: tuple[str, ...]


def located(location: str) -> tuple[Store, str]:
    """The place of an archive and the name of its manifest there."""
    folder, _, name = location.rpartition("/")
    return open_store(folder), name


def manifests(url: str) -> Iterator[tuple[Store, str]]:
    """Every archive in a folder or URL and below, or the one whose manifest the URL names.

    Raises UsageError when there is no such folder.
    """
    if url.endswith(ENDING):
        yield located(url)
        return
    store = open_store(url)
    if not store.exists(""):
        raise UsageError(
            "there is no such folder", where=store.url, next_step="airside archive list TARGET shows where"
        )
    for path in store.files(ENDING):
        yield located(f"{url.rstrip('/')}/{path}")


def whole_manifest(store: Store, name: str, sha256: str | None = None) -> Manifest:
    """The manifest of that name; `sha256` is what the ledger says of it. Raises Refused when it was changed."""
    text = store.read(name)
    if sha256 is not None and sha256_of(text) != sha256:
        raise Refused(
            "the manifest is not the one that was recorded",
            where=store.shown(name),
            next_step="restore it from a copy; airside archive list shows its SHA-256",
        )
    return read_manifest(text, where=store.shown(name))


def unharmed(archive: Archive) -> tuple[Store, Manifest]:
    """The place and the manifest of an archive whose bytes are those that were written. Raises Refused."""
    store, name = located(archive.location)
    manifest = whole_manifest(store, name, archive.manifest_sha256)
    refuse_other_bytes(store, manifest)
    return store, manifest


def refuse_other_bytes(store: Store, manifest: Manifest) -> None:
    """Raises Refused when the file is not there, or not the one that was written."""
    sha256, size = store.sha256(manifest.file)
    if size != manifest.size:
        raise _harmed(store, manifest, f"has {size} bytes instead of {manifest.size}")
    if sha256 != manifest.sha256:
        raise _harmed(store, manifest, "has another SHA-256 than its manifest says")


def _harmed(store: Store, manifest: Manifest, what: str) -> Refused:
    return Refused(
        f"the file {what}", where=store.shown(manifest.file), next_step="restore the file and its manifest from a copy"
    )


def verify(
    store: Store, name: str, *, sha256: str | None = None, observer: Callable[[int], None] = lambda _: None
) -> Verdict:
    """Read an archive: its manifest (which has this SHA-256 by the ledger), then all of its file.

    Problems are told and not raised. Raises EnvironmentProblem when the place cannot be reached.
    """
    manifest = None
    try:
        manifest = whole_manifest(store, name, sha256)
        refuse_other_bytes(store, manifest)
        found = examine(store, manifest.file, manifest.declared, manifest.awkward, observer)
        problems = complaints(manifest, found)
    except Refused as error:
        problems = (error.what,)
    return Verdict(store.shown(name), manifest, problems)
