"""PostGIS tables, read in a transaction that can change nothing (extra ``postgis``)."""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from parkmap import messages
from parkmap.errors import InputError, MissingExtraError
from parkmap.escape import terminal
from parkmap.io.gdal import shapes_from, table_of
from parkmap.io.raw import Options, Raw

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")
_PATIENCE_S = 10  # to connect
_TIMEOUT_MS = 120_000  # for one statement
_GEOMETRIES = ("geometry", "geography")
_USUAL_NAMES = ("geom", "geometry", "the_geom", "wkb_geometry", "shape")


def is_address(path: str | os.PathLike[str]) -> bool:
    """Tell a database from a file.

    Parameters
    ----------
    path
        What the user named.

    Returns
    -------
    True for ``postgresql://…``.

    Examples
    --------
    >>> is_address("postgresql://localhost/city?table=public.parks"), is_address("a.shp")
    (True, False)
    """
    return isinstance(path, str) and path.lower().startswith(_SCHEMES)


def read(address: str, options: Options) -> Raw:
    """Read one table, or the answer to one query.

    Parameters
    ----------
    address
        ``postgresql://user@host/database?table=schema.parks``; the password is better left to
        ``PGPASSWORD`` or ``~/.pgpass``.
    options
        How to read it; ``sql`` in place of a table.

    Returns
    -------
    Its rows.

    Raises
    ------
    InputError
        If it cannot be reached or has no such table; the password is never repeated.
    MissingExtraError
        If SQLAlchemy or psycopg is not installed.
    """
    try:
        import psycopg  # noqa: PLC0415 (an extra)
        import sqlalchemy  # noqa: PLC0415
    except ImportError as reason:
        raise MissingExtraError(**messages.fault("io.missing_extra", extra="postgis")) from reason
    url, table = _address(address, sqlalchemy)
    if (table is None) == (options.sql is None):
        raise InputError(**messages.fault("io.pg_what"), file="postgresql")
    name = f"postgresql:{terminal(table)[:60] if table else 'sql'}"
    with _refusing(name, url.password, psycopg, sqlalchemy), _session(url, sqlalchemy) as session:
        source = _source(session, table, options.sql, name)
        columns, wkb, srids = _asked(session, source, name)
        crs = _crs(session, srids, name)
    shapes, problems = shapes_from(wkb)
    fields = [np.array([*values, None], dtype=object)[:-1] for _, values in columns]
    content = repr((columns, wkb)).encode("utf-8", "surrogatepass")
    return Raw(
        path=Path(name), driver="PostGIS", geometry=shapes, crs=crs, problems=tuple(problems),
        table=table_of([heading for heading, _ in columns], fields, problems),
        rows=tuple(range(1, len(wkb) + 1)), total=len(wkb),
        digest=hashlib.sha256(content).hexdigest(),
        newest=dt.datetime.now(tz=dt.UTC).date().isoformat(),
    )  # fmt: skip


def _address(address: str, sqlalchemy: Any) -> tuple[Any, str | None]:
    """Take the table out of the address."""
    try:
        url = sqlalchemy.engine.make_url(address).set(drivername="postgresql+psycopg")
    except (sqlalchemy.exc.ArgumentError, ValueError):
        # ``from None``: what is said of an address repeats it, with the password
        raise InputError(**messages.fault("io.pg_address"), file="postgresql") from None
    table = url.query.get("table")
    if isinstance(table, tuple):
        raise InputError(**messages.fault("io.pg_what"), file="postgresql")
    return url.difference_update_query(["table"]), table or None


@contextmanager
def _session(url: Any, sqlalchemy: Any) -> Iterator[Any]:
    """Open a psycopg connection that reads only and does not wait for ever."""
    engine = sqlalchemy.create_engine(
        url,
        poolclass=sqlalchemy.pool.NullPool,
        connect_args={
            "connect_timeout": _PATIENCE_S,
            "options": f"-c default_transaction_read_only=on -c statement_timeout={_TIMEOUT_MS}",
            "application_name": "parkmap",
        },
    )
    connection = engine.raw_connection()
    try:
        session = connection.driver_connection
        session.read_only = True
        yield session
        session.rollback()
    finally:
        connection.close()
        engine.dispose()


@contextmanager
def _refusing(name: str, password: Any, psycopg: Any, sqlalchemy: Any) -> Iterator[None]:
    """Turn what the server says into one line without the password."""
    try:
        yield
    except (psycopg.Error, sqlalchemy.exc.SQLAlchemyError, UnicodeError) as reason:
        # Its first line says what; those after it quote the query or guess.
        said, *_ = (str(getattr(reason, "orig", None) or reason).strip() or "?").splitlines()
        for secret in filter(None, (str(password or ""), os.environ.get("PGPASSWORD"))):
            said = said.replace(secret, "***")
        fault = messages.fault("io.pg_refused", reason=terminal(said)[:100])
        raise InputError(**fault, file=name) from None


def _source(session: Any, table: str | None, sql: str | None, name: str) -> Any:
    """Write the table, or the query in brackets, as psycopg is to send it."""
    from psycopg import sql as writing  # noqa: PLC0415

    if table is None:
        query = str(sql).strip().rstrip(";").rstrip()
        return writing.SQL("(") + writing.SQL(query) + writing.SQL("\n) as asked")
    parts = _parts(session, table)
    if parts is None:
        there = _tables(session)
        near = difflib.get_close_matches(table, there, n=3, cutoff=0.4) or there[:3]
        fault = messages.fault("io.pg_no_tables")
        if near:
            fault = messages.fault("io.pg_no_table", near=messages.few(near, width=80))
        raise InputError(**fault, file=name)
    return writing.Identifier(*parts)


def _parts(session: Any, table: str) -> tuple[str, ...] | None:
    """Find the table as it is spelt: with its schema, or a name that has a point in it."""
    schema, point, rest = table.partition(".")
    candidates = [(schema, rest)] if point and rest else []
    query = "select 1 from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = "
    query += "c.relnamespace where n.nspname = %s and c.relname = %s and c.relkind in "
    query += "('r', 'v', 'm', 'f', 'p')"
    for parts in (*candidates, ("public", table)):
        if session.execute(query, parts).fetchone():
            return parts
    return None


def _tables(session: Any) -> list[str]:
    if not session.execute("select to_regclass('geometry_columns') is not null").fetchone()[0]:
        return []
    found = session.execute(
        "select distinct f_table_schema || '.' || f_table_name from geometry_columns order by 1"
    )
    return [row[0] for row in found.fetchall()]


def _asked(
    session: Any, source: Any, name: str
) -> tuple[list[tuple[str, list[Any]]], list[bytes | None], set[int]]:
    """Fetch attributes and geometries; the latter as EWKB, which knows its SRID."""
    from psycopg import sql as writing  # noqa: PLC0415

    kinds = session.execute("select oid, typname from pg_catalog.pg_type where typname = any(%s)",
                            [list(_GEOMETRIES)])  # fmt: skip
    spatial = dict(kinds.fetchall())
    # Prepared, so that the server takes one statement and no second behind it.
    looked = session.execute(
        writing.SQL("select * from {} limit 0").format(source), prepare=True
    ).description
    headings = [column.name for column in looked]
    place = _geometry_place(headings, [column.type_code in spatial for column in looked], name)
    wkb = writing.SQL("ST_AsEWKB(({})::geometry)").format(writing.Identifier(headings[place]))
    parts = [
        wkb if spot == place else writing.Identifier(heading)
        for spot, heading in enumerate(headings)
        if spot == place or looked[spot].type_code not in spatial
    ]
    kept = [spot for spot in range(len(headings)) if looked[spot].type_code not in spatial]
    query = writing.SQL("select {} from {}").format(writing.SQL(", ").join(parts), source)
    rows = session.execute(query, prepare=True).fetchall()
    order = [spot for spot in range(len(headings)) if spot == place or spot in kept]
    at = {spot: number for number, spot in enumerate(order)}
    given = [None if row[at[place]] is None else bytes(row[at[place]]) for row in rows]
    columns = [(headings[spot], [_plain(row[at[spot]]) for row in rows]) for spot in kept]
    shapes = shapely.from_wkb(np.array([*given, None], dtype=object), on_invalid="ignore")
    return columns, given, {int(srid) for srid in shapely.get_srid(shapes[:-1]) if srid >= 0}


def _geometry_place(headings: Sequence[str], spatial: Sequence[bool], name: str) -> int:
    found = [place for place, is_spatial in enumerate(spatial) if is_spatial]
    usual = [place for place in found if headings[place].lower() in _USUAL_NAMES]
    if not found:
        raise InputError(**messages.fault("io.no_geometry_column"), file=name)
    if len(found) > 1 and len(usual) != 1:
        listed = messages.few((headings[place] for place in found), width=80)
        raise InputError(**messages.fault("io.pg_geometries", columns=listed), file=name)
    if len(set(headings)) < len(headings):
        raise InputError(**messages.fault("io.pg_twice"), file=name)
    return usual[0] if usual else found[0]


def _plain(value: Any) -> Any:
    """Keep numbers, texts, dates and lists; write anything else as text."""
    if value is None or isinstance(value, (str, int, float, bool, list, dt.date, dt.datetime)):
        return value
    return str(value)


def _crs(session: Any, srids: set[int], name: str) -> str | None:
    if len(srids) > 1:
        listed = messages.few(map(str, sorted(srids)), width=60)
        raise InputError(**messages.fault("io.pg_srids", srids=listed), file=name)
    srid = next(iter(srids), 0)
    if not srid:
        return None
    found = session.execute(
        "select auth_name, auth_srid, srtext from spatial_ref_sys where srid = %s", [srid]
    ).fetchone()
    if found is None:
        return f"EPSG:{srid}"
    return f"{found[0]}:{found[1]}" if found[0] else str(found[2])
