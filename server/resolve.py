"""Which PostgreSQL to work on: the one that is named, or the embedded one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from ..schema.core.errors import ConfigurationError, NoServer
from . import embedded
from .address import Server

_SCHEMES = ("postgresql", "postgres")
_SOCKET_FOLDERS = ("/run/postgresql", "/var/run/postgresql", "/tmp")
_NEXT = "give postgresql://USER:PASSWORD@HOST:PORT/DATABASE, special characters percent-encoded"


def resolve(url: str | None = None, environ: Mapping[str, str] = os.environ) -> Server:
    """The server to work on.

    In this order: `url` (from --url), AIRSIDE_URL, DATABASE_HOST with DATABASE_PORT, _NAME, _USER and _PASSWORD,
    libpq's own variables (when PGHOST, PGPORT or PGSERVICE is set), the embedded server when it runs. The name of
    a database in any of them is only where administration starts. Raises ConfigurationError for an address that
    cannot be read, NoServer when nothing is named and the embedded server does not run.
    """
    if url:
        return _from_url(url, "--url")
    if environ.get("AIRSIDE_URL"):
        return _from_url(environ["AIRSIDE_URL"], "AIRSIDE_URL")
    if environ.get("DATABASE_HOST"):
        return _from_parts(environ)
    if any(environ.get(name) for name in ("PGHOST", "PGPORT", "PGSERVICE")):
        return _from_libpq(environ)
    server = embedded.running(environ=environ)
    if server is None:
        raise NoServer("no server is named and the embedded one does not run", next_step="airside up")
    return server


def _from_url(url: str, origin: str) -> Server:
    scheme, separator, rest = url.strip().partition("://")
    if separator:
        dialect = scheme.partition("+")[0].lower()
        if dialect not in _SCHEMES:
            raise ConfigurationError(f"{dialect}:// is not a PostgreSQL address", where=origin, next_step=_NEXT)
        url = f"postgresql://{rest}"
    elif "=" not in url:
        raise ConfigurationError("the address is neither a URL nor key=value pairs", where=origin, next_step=_NEXT)
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError as error:
        raise ConfigurationError(_complaint(error), where=origin, next_step=_NEXT) from None
    if any(character in given.get("host", "") for character in "@ \t") and not given["host"].startswith("@"):
        # an unescaped @ in the password: libpq takes the rest of the password for the host
        raise ConfigurationError("the password holds a bare @", where=origin, next_step=_NEXT)
    return _server(given, origin)


def _complaint(error: psycopg.Error) -> str:
    """libpq's complaint as far as it cannot quote a password."""
    text = str(error).partition(":")[0].partition('"')[0].strip()
    return f"the address cannot be read: {text}" if text else "the address cannot be read"


def _from_parts(environ: Mapping[str, str]) -> Server:
    names = {
        "DATABASE_HOST": "host",
        "DATABASE_PORT": "port",
        "DATABASE_NAME": "dbname",
        "DATABASE_USER": "user",
        "DATABASE_PASSWORD": "password",
    }
    return _server({key: environ[name] for name, key in names.items() if environ.get(name)}, "DATABASE_*")


def _from_libpq(environ: Mapping[str, str]) -> Server:
    options = psycopg.pq.Conninfo.get_defaults()
    pairs = [(option.keyword.decode(), option.envvar.decode()) for option in options if option.envvar]
    return _server({key: environ[name] for key, name in pairs if environ.get(name)}, "PG*")


def _server(given: dict[str, str], origin: str) -> Server:
    host = given.pop("host", None)
    port = _port(given.pop("port", None), origin, 1 + (host or "").count(","))
    if host is None and "hostaddr" not in given and "service" not in given:
        host = _default_host(port or 5432)
    timeout = given.pop("connect_timeout", "10")
    if not timeout.isdigit():
        raise ConfigurationError("connect_timeout is not a number of seconds", where=origin, next_step=_NEXT)
    return Server(
        host=host,
        port=port,
        user=given.pop("user", None),
        password=given.pop("password", None),
        maintenance=given.pop("dbname", "postgres"),
        connect_timeout=int(timeout),
        params=tuple(sorted(given.items())),
    )


def _port(text: str | None, origin: str, hosts: int) -> int | str | None:
    if not text:
        return None
    numbers = text.split(",")
    if not all(not part or (part.isdecimal() and 0 < int(part) < 65536) for part in numbers):
        raise ConfigurationError("the port is not a number from 1 to 65535", where=origin, next_step=_NEXT)
    if len(numbers) not in (1, hosts):
        raise ConfigurationError(f"{len(numbers)} ports for {hosts} hosts", where=origin, next_step=_NEXT)
    return int(text) if text.isdecimal() else text


def _default_host(port: int | str) -> str:
    """The socket folder in which a server listens, else localhost: psycopg's libpq knows only one such folder."""
    for folder in _SOCKET_FOLDERS:
        if Path(folder, f".s.PGSQL.{port}").exists():
            return folder
    return "localhost"
