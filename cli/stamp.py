"""`airside stamp`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .context import Settings, entries, pass_settings, shared_options, target_argument
from .output import collected, line
from .steps import Reporter, session_for

if TYPE_CHECKING:
    from ..schema.core.registry import Entry


@click.command("stamp", context_settings={"ignore_unknown_options": True})
@target_argument
@click.argument("revision")
@click.option("--dry-run", is_flag=True, help="Show what would be recorded.")
@shared_options
@pass_settings
def command(settings: Settings, target: str, revision: str, dry_run: bool) -> None:
    """Record a revision without running anything.

    The files of all revisions up to it count as applied from then on, as they are.
    """
    from ..migrations.runner import current, stamp

    chosen = entries(target)
    server = settings.server()
    with collected(settings) as records:
        for entry in chosen:
            before = current(server, entry).revision
            if dry_run:
                after = _destination(entry, before, revision)
            else:
                stamp(session_for(server, entry, Reporter(entry.target)), revision)
                after = current(server, entry).revision
            records.append({"target": entry.target, "before": before, "after": after, "dry_run": dry_run})
            if not settings.json:
                done = "would be recorded" if dry_run else "recorded"
                line(f"{entry.target}  {before or 'base'} -> {after or 'base'} {done}, nothing was run")


def _destination(entry: Entry, before: str | None, revision: str) -> str | None:
    """The revision that would be recorded. Raises UnknownRevision."""
    from ..migrations.runner import pending, undone

    if revision.startswith("-"):
        steps = undone(entry, before, revision)
        return _single(steps[-1].down_revision) if steps else before
    steps = pending(entry, before if revision.startswith("+") else None, revision)
    return steps[-1].revision if steps else None


def _single(revision: object) -> str | None:
    return revision if isinstance(revision, str) else None
