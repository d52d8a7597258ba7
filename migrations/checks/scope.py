"""Which revisions of a history are judged: those after a revision, or those whose files a change touches."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...schema.core.errors import EnvironmentProblem, UnknownRevision, UsageError
from .model import Finding

_FETCH = "fetch the whole history; with actions/checkout: `fetch-depth: 0`"


@dataclass(frozen=True, slots=True)
class Scope:
    """The revisions that are judged, None for all of them; `words` say which these are."""

    revisions: frozenset[str] | None = None
    words: str | None = None

    def judged(self, revision: str | None) -> bool:
        """Whether findings about this revision count; those about none always do."""
        return self.revisions is None or revision is None or revision in self.revisions


EVERYTHING = Scope()


def since(parents: Mapping[str, Collection[str]], revision: str) -> Scope:
    """All but `revision` and what it builds upon. `parents` maps each revision to those it follows directly.

    `base` means all. An id may be cut short, as in Alembic. Raises UnknownRevision.
    """
    if revision == "base":
        return Scope(frozenset(parents), "every revision")
    matching = [revision] if revision in parents else [name for name in parents if name.startswith(revision)]
    if len(matching) != 1:
        raise UnknownRevision(
            f"{len(matching)} revisions begin with {revision!r}" if matching else f"there is no revision {revision!r}",
            where="--since",
            next_step=f"use one of: base, {', '.join(sorted(matching or parents))}",
        )
    older = set(_ancestors(parents, matching[0]))
    return Scope(frozenset(parents.keys() - older), f"revisions after {matching[0]}")


def _ancestors(parents: Mapping[str, Collection[str]], revision: str) -> Iterator[str]:
    waiting, seen = [revision], {revision}
    while waiting:
        current = waiting.pop()
        yield current
        for parent in parents.get(current, ()):
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)


def changed_since(files: Mapping[str, Iterable[Path]], ref: str, folder: Path) -> Scope:
    """The revisions with a file that was added or changed since the merge base of `ref` and HEAD.

    What is not committed yet counts. `files` are those of each revision, `folder` lies in the repository. Raises
    UsageError when it does not or the ref is unknown, EnvironmentProblem without git or where the history is cut off.
    """
    changed = changed_files(ref, folder)
    revisions = frozenset(
        revision for revision, paths in files.items() if any(path.resolve() in changed for path in paths)
    )
    return Scope(revisions, f"revisions changed since {ref}")


def changed_files(ref: str, folder: Path) -> frozenset[Path]:
    """The files that were added or changed since the merge base of `ref` and HEAD. Raises like `changed_since`."""
    top = Path(_git(folder, "rev-parse", "--show-toplevel", refusal=_no_repository(folder)).rstrip("\n"))
    base = _merge_base(ref, folder)
    changed = _git(folder, "diff", "--name-only", "--no-renames", "--diff-filter=d", "-z", base, "--", str(top))
    new = _git(top, "ls-files", "--others", "--exclude-standard", "-z")
    return frozenset((top / name).resolve() for name in (changed + new).split("\0") if name)


def _merge_base(ref: str, folder: Path) -> str:
    shallow = _git(folder, "rev-parse", "--is-shallow-repository").strip() == "true"
    unknown = UsageError(
        f"git knows no commit {ref!r} here",
        where="--changed-since",
        next_step=_FETCH if shallow else f"git fetch, or name a branch that is there (origin/{ref}?)",
    )
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}", refusal=unknown)
    apart: Exception = UsageError(
        f"HEAD and {ref} have no commit in common", where="--changed-since", next_step="name the branch to merge into"
    )
    if shallow:
        apart = EnvironmentProblem(
            f"this clone is shallow, and does not reach where HEAD left {ref}", where=str(folder), next_step=_FETCH
        )
    return _git(folder, "merge-base", "HEAD", commit.strip(), refusal=apart).strip()


def _no_repository(folder: Path) -> UsageError:
    return UsageError(
        "not in a git repository",
        where=str(folder),
        next_step="use --since REVISION, or check where the revisions are committed",
    )


def _git(folder: Path, *arguments: str, refusal: Exception | None = None) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, encoding="utf-8", check=False
        )
    except FileNotFoundError as error:
        raise EnvironmentProblem(
            "there is no git on this machine", where="--changed-since", next_step="install git, or use --since REVISION"
        ) from error
    if done.returncode == 0:
        return done.stdout
    complaint = done.stderr.strip().splitlines()
    if "dubious ownership" in done.stderr or refusal is None:
        raise EnvironmentProblem(
            f"git {arguments[0]}: {complaint[0] if complaint else done.returncode}",
            where=str(folder),
            next_step=f"git config --global --add safe.directory {folder}"
            if "dubious ownership" in done.stderr
            else "see what git says there",
        )
    raise refusal


def fresh(now: Sequence[Finding], before: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings about the catalog at head that were not already there before the first judged revision."""
    there = Counter(map(_identity, before))
    left: list[Finding] = []
    for finding in now:
        identity = _identity(finding)
        if there[identity]:
            there[identity] -= 1
        else:
            left.append(finding)
    return tuple(left)


def _identity(finding: Finding) -> tuple[str, ...]:
    return finding.check, finding.where, finding.relation or "", finding.message
