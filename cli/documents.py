"""`airside documents`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from .context import Settings, pass_settings, shared_options
from .output import document, line

if TYPE_CHECKING:
    from ..seeds.reference import Kind

_KINDS = ("countries", "currencies", "notification_templates")


@click.command("documents")
@click.argument("kind", type=click.Choice(_KINDS))
@shared_options
@pass_settings
def command(settings: Settings, kind: Kind) -> None:
    """Print reference data for stores beside PostgreSQL.

    What no table holds, one JSON document a line, as `mongoimport` reads it. Needs no server.
    """
    from ..seeds.reference.document_sets import documents

    found = documents(kind)
    if settings.json:
        document({kind: found})
        return
    for one in found:
        line(json.dumps(one, ensure_ascii=False))
