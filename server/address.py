"""Where a PostgreSQL answers, and how to get there from Python, SQLAlchemy, psql and pg_dump."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlencode

import psycopg

from ..schema.core.errors import NotProvisioned
from .failures import not_connected

if TYPE_CHECKING:
    from sqlalchemy import URL

_FALLBACK = "postgres"


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL server, with what libpq needs to reach it.

    `host` is a name, an address or a socket folder, or a comma-separated list of them; None leaves it to libpq
    (with `service` among the params). `port` is a number or libpq's list. `params` are further libpq parameters.
    `maintenance` is the database to connect to when none is named. `connect_timeout` is in seconds per address.
    `throw_away` means that nothing on it outlives the process that started it.
    """

    host: str | None
    port: int | str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    params: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    maintenance: str = _FALLBACK
    connect_timeout: int = 10
    throw_away: bool = False
    _version: list[int] = field(default_factory=list[int], repr=False, compare=False)

    @property
    def where(self) -> str:
        """The address as a user knows it, without user and password."""
        params = dict(self.params)
        if self.host is None and "service" in params:
            return f"service {params['service']}"
        return f"{self.host or params.get('hostaddr', 'the default host')}:{self.port or 5432}"

    @property
    def socket(self) -> bool:
        """Whether the server is reached through a Unix socket."""
        return self.host is not None and self.host.startswith(("/", "@"))

    def connect(
        self,
        database: str | None = None,
        *,
        autocommit: bool = False,
        application_name: str = "airside",
        **params: Any,
    ) -> psycopg.Connection[Any]:
        """A connection to `database`, or to the maintenance database.

        `params` are libpq's or psycopg's own (`row_factory`, ...). Raises NoServer, AuthenticationFailed,
        NotProvisioned (no such database) or MissingRight (no CONNECT).
        """
        names = [database] if database else list(dict.fromkeys([self.maintenance, _FALLBACK]))
        for name in names[:-1]:
            try:
                return self._connect(name, autocommit, {"application_name": application_name, **params})
            except NotProvisioned:
                # the URL may name a database that provisioning is about to create
                continue
        return self._connect(names[-1], autocommit, {"application_name": application_name, **params})

    def _connect(self, database: str, autocommit: bool, params: dict[str, Any]) -> psycopg.Connection[Any]:
        try:
            connection: psycopg.Connection[Any] = psycopg.Connection.connect(
                autocommit=autocommit, **cast("dict[str, Any]", {**self.libpq(database), **params})
            )
        except psycopg.OperationalError as error:
            raise not_connected(error, self) from None
        if not self._version:
            self._version.append(connection.info.server_version)
        return connection

    def libpq(self, database: str) -> dict[str, str]:
        """libpq's parameters for a connection to `database`, the password among them."""
        named = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "connect_timeout": self.connect_timeout,
        }
        given = {name: str(value) for name, value in named.items() if value is not None}
        return {**given, **dict(self.params), "dbname": database}

    def with_settings(self, **settings: str) -> Server:
        """The same server, every session of which starts with these settings (names without spaces)."""
        options = [dict(self.params).get("options", "")]
        options += [f"-c {name}={value}" for name, value in settings.items()]
        kept = tuple(pair for pair in self.params if pair[0] != "options")
        return replace(self, params=(*kept, ("options", " ".join(filter(None, options)))))

    def version(self) -> int:
        """`server_version_num`, such as 170010; asked once. Raises what `connect` raises."""
        if not self._version:
            self.connect().close()
        return self._version[0]

    @property
    def major(self) -> int:
        """The major version, such as 17."""
        return self.version() // 10000

    def url(self, database: str, *, show_password: bool = False) -> str:
        """A `postgresql://` URL that psql and every libpq program understands; without the password unless asked."""
        authority = quote(self.user, safe="") if self.user else ""
        if authority and self.password and show_password:
            authority += f":{quote(self.password, safe='')}"
        query = dict(self.params)
        if self.host is None or self.socket:
            hosts = ""
            query = {
                **({"host": self.host} if self.host else {}),
                **({"port": str(self.port)} if self.port else {}),
                **query,
            }
        else:
            hosts = ",".join(_joined(self.host, str(self.port or "")))
        tail = f"?{urlencode(query, quote_via=quote)}" if query else ""
        return f"postgresql://{authority}{'@' if authority else ''}{hosts}/{quote(database, safe='')}{tail}"

    def sqlalchemy_url(self, database: str) -> URL:
        """The URL for `sqlalchemy.create_engine`; its `str()` hides the password."""
        from sqlalchemy import URL

        # host and port travel in the query: SQLAlchemy's own fields know neither lists nor socket folders
        query = {
            name: value for name, value in self.libpq(database).items() if name not in ("user", "password", "dbname")
        }
        if self.host and not self.socket and "," not in self.host and not isinstance(self.port, str):
            query = {name: value for name, value in query.items() if name not in ("host", "port")}
            return URL.create(
                "postgresql+psycopg", self.user, self.password, self.host, self.port, database, query=query
            )
        return URL.create("postgresql+psycopg", self.user, self.password, database=database, query=query)

    def environment(self, database: str) -> dict[str, str]:
        """`PG*` variables under which psql, pg_dump and other libpq programs reach `database`.

        The password is among them, so that it need not stand on a command line.
        """
        variables = _variables()
        return {variables[name]: value for name, value in self.libpq(database).items() if name in variables}


@cache
def _variables() -> dict[str, str]:
    """libpq's parameters and the environment variables that stand for them."""
    options = psycopg.pq.Conninfo.get_defaults()
    return {option.keyword.decode(): option.envvar.decode() for option in options if option.envvar}


def _joined(host: str, port: str) -> list[str]:
    hosts = [f"[{name}]" if ":" in name else name for name in host.split(",")]
    ports = port.split(",")
    if len(ports) == 1:
        ports *= len(hosts)
    return [f"{name}:{number}" if number else name for name, number in zip(hosts, ports, strict=True)]
