"""`airside drift`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .changes import change_record, describe_change
from .context import Settings, entries, pass_settings, shared_options, target_argument
from .output import collected, line
from .worst import Worst

if TYPE_CHECKING:
    from ..migrations.drift import Drift
    from ..schema.core.registry import Entry
    from ..server import Server


@click.command("drift")
@target_argument
@shared_options
@pass_settings
def command(settings: Settings, target: str) -> int:
    """Compare live databases with their migrations.

    The migrations are replayed on a scratch database up to the revision that the live one is at, and the two
    catalogs compared. `create` is an object only the live database has, `drop` one it lacks. Exits with 1 when there
    is a difference.
    """
    chosen = entries(target)
    worst = Worst(settings)
    with collected(settings) as records:
        for found in worst.results(_drift, chosen, records, "comparing"):
            records.append(
                {
                    "target": found.target,
                    "revision": found.revision,
                    "head": found.head,
                    "at_head": found.revision == found.head,
                    "changes": [change_record(change) for change in found.changes],
                }
            )
            worst.finding(bool(found.changes))
            if not settings.json:
                _print(found)
    return worst.code


def _drift(server: Server, entry: Entry) -> Drift:
    from ..migrations.drift import drift

    return drift(server, entry, entry.load())


def _print(found: Drift) -> None:
    position = f"at {found.revision or 'base'}"
    if found.revision != found.head:
        position += f", head is {found.head or 'base'} (airside upgrade {found.target})"
    count = len(found.changes)
    line(
        f"{found.target}  {position}  {f'{count} differences' if count != 1 else '1 difference'}"
        if count
        else f"{found.target}  {position}  no drift"
    )
    for change in found.changes:
        line(f"  {describe_change(change)}")
