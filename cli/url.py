"""`airside url`."""

from __future__ import annotations

import click

from .context import Settings, entries, pass_settings, shared_options, target_argument
from .output import collected, line, note


@click.command("url")
@target_argument
@click.option(
    "--role",
    type=click.Choice(["owner", "app", "readonly"]),
    help="Act as this group role of the database, with its rights only.",
)
@click.option("--show-password", is_flag=True, help="Include the password, if there is one.")
@shared_options
@pass_settings
def command(settings: Settings, target: str, role: str | None, show_password: bool) -> None:
    """Print the URL of a database.

    psql and all other libpq programs understand it. The password is left out unless asked for: give it by PGPASSWORD
    or a password file. `airside psql` needs neither.
    """
    chosen = entries(target)
    server = settings.server()
    with collected(settings) as records:
        for entry in chosen:
            name = getattr(entry.load().roles, role) if role else None
            acting = server.with_settings(role=name) if name else server
            url = acting.url(entry.name, show_password=show_password)
            records.append({"target": entry.target, "url": url, "role": name})
            if not settings.json:
                line(url)
    if server.password and not show_password:
        note("airside: the password is left out (--show-password)")
