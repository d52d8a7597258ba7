"""Is what lies in archive tables and in a second database what was archived? Read back; compared with the ledger."""

from __future__ import annotations

from typing import Any

import psycopg

from ...schema.core.errors import Refused
from .cold import refuse_changed
from .leaves import archived_leaf, moved_content
from .ledger import Archive


def harm(connection: psycopg.Connection[Any], archive: Archive) -> str | None:
    """What is wrong with a verified or dropped archive in an archive table or a second database; None for one that is
    whole.

    The connection acts as the owner. Raises what connecting to the second database raises.
    """
    if archive.target == "database":
        try:
            refuse_changed(archive)
        except Refused as error:
            return error.what
        return None
    leaf = archived_leaf(connection, archive)
    if leaf is None:
        return f"{archive.leaf} is not a partition of {archive.location} any more"
    if archive.digest is None:
        return "its rows were not counted to the end: airside archive run does that"
    found = moved_content(connection, leaf)
    if found.rows != archive.row_count:
        return f"{found.rows:,} rows instead of {archive.row_count:,}"
    return None if found.digest == archive.digest else "the digest of the rows differs"
