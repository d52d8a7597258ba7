"""What all commands share: `--url`, `--data-dir`, `--json`, and the TARGET argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ..schema.core.registry import Entry
    from ..server import Server

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(slots=True)
class Settings:
    """The shared options, wherever they stood on the command line, and the server that was `used`."""

    url: str | None = None
    data_dir: Path | None = None
    json: bool = False
    used: Server | None = None

    def server(self) -> Server:
        """The server to work on: the one of `--url`, of the environment, or the embedded one. Raises NoServer."""
        import logging

        from ..schema.core.errors import NoServer
        from ..server import resolve, running

        # what went wrong with a connection is told once, by the error
        logging.getLogger("psycopg").setLevel(logging.ERROR)
        if self.url or self.data_dir is None:
            self.used = resolve(self.url)
        else:
            self.used = running(self.data_dir)
        if self.used is None:
            raise NoServer(
                "no server runs on this data directory",
                where=str(self.data_dir),
                next_step=f"airside up --data-dir {self.data_dir}",
            )
        return self.used

    def started_server(self) -> Server:
        """The server of `--url` or of the environment, else the embedded one, started. Raises what `start` raises."""
        from ..schema.core.errors import NoServer
        from ..server import start

        try:
            return self.server()
        except NoServer:
            self.used = start(self.data_dir)
            return self.used

    def uses_embedded(self) -> bool:
        """Whether the server that was used is the embedded one."""
        from ..schema.core.errors import AirsideError
        from ..server import running

        try:
            return self.used is not None and self.used == running(self.data_dir)
        except AirsideError:
            return False


def shared_options(function: F) -> F:
    """`--url`, `--data-dir` and `--json`; both the group and each command take them."""
    options = (
        click.option(
            "--url",
            metavar="URL",
            expose_value=False,
            callback=_store("url"),
            help="Work on this PostgreSQL instead of the embedded one (else AIRSIDE_URL, PG*, DATABASE_*).",
        ),
        click.option(
            "--data-dir",
            type=click.Path(file_okay=False, path_type=Path),
            expose_value=False,
            callback=_store("data_dir"),
            help="The embedded server's data directory.",
        ),
        click.option(
            "--json",
            is_flag=True,
            expose_value=False,
            callback=_store("json"),
            help="Print one JSON document; errors as JSON on stderr.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def _store(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(ctx: click.Context, _parameter: click.Parameter, value: Any) -> None:
        settings = ctx.ensure_object(Settings)
        if value:
            setattr(settings, name, value)

    return callback


pass_settings = click.make_pass_decorator(Settings, ensure=True)


def entries(target: str) -> tuple[Entry, ...]:
    """The databases that TARGET means. Raises UnknownTarget, naming those there are."""
    from ..schema.core.registry import load_registry

    return load_registry().resolve(target)


def complete_target(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Shell completion of TARGET."""
    from click.shell_completion import CompletionItem

    from ..schema.core.errors import AirsideError
    from ..schema.core.registry import load_registry

    try:
        registry = load_registry()
    except AirsideError:
        return []
    names = ["all", *registry.systems(), *(entry.target for entry in registry.entries)]
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


target_argument = click.argument("target", shell_complete=complete_target)
