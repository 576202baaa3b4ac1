"""GDAL at arm's length: local files only, every layer named, every remark kept."""

from __future__ import annotations

import os
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from parkmap import messages
from parkmap.errors import InputError
from parkmap.problems import problem

# A virtual dataset can name other files and addresses: GDAL must not know the driver. It reads
# the variable when it is first loaded.
os.environ.setdefault("OGR_SKIP", "OGR_VRT")

import pyogrio

# Arcs are read as short lines; GDAL's four degrees a piece lose 0.08 % of a circle.
pyogrio.set_gdal_config_options({"OGR_ARC_STEPSIZE": 1})

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Problems = list[dict[str, Any]]

_OGR_FAILURES = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    ValueError,
    IndexError,  # of a file that opens and has no layer
)


def read_ogr(path: Path, name: str, problems: Problems, **options: Any) -> Any:
    """Hand a file to GDAL by its absolute path, so that no name reads as an address.

    Parameters
    ----------
    path
        The file as GDAL is to see it.
    name
        The file's name, for the message.
    problems
        Gets what GDAL remarks.
    **options
        For ``pyogrio.raw.read``.

    Returns
    -------
    Meta, ids, geometries as WKB, and fields.

    Raises
    ------
    InputError
        If GDAL cannot read it.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "parks.geojson")
    ...     _ = path.write_text('{"type": "Point", "coordinates": [104, 30]}')
    ...     meta, *_ = read_ogr(path, path.name, [])
    >>> meta["geometry_type"]
    'Point'
    """
    with warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        try:
            read = pyogrio.raw.read(_spelt(path), datetime_as_string=True, **options)
        except _OGR_FAILURES as reason:
            raise InputError(**messages.fault("io.damaged"), file=name) from reason
    for remark in dict.fromkeys(str(remark.message) for remark in remarks):
        problems.append(problem("PM116", text=remark.replace(str(path), name)[:120]))
    return read


def _spelt(path: Path) -> str:
    """Spell a path as GDAL does, in UTF-8, though Python may have read it in the C locale."""
    return os.fsencode(path).decode("utf-8", "surrogateescape")


def layers_of(path: Path, wanted: str | None, name: str) -> list[str]:
    """Return the layers with geometries, or the one that is wanted.

    Parameters
    ----------
    path
        The file as GDAL is to see it.
    wanted
        The layer the user named, or None.
    name
        The file's name, for the message.

    Returns
    -------
    Names of layers, at least one.

    Raises
    ------
    InputError
        If there is none, or not the one wanted.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "parks.geojson")
    ...     _ = path.write_text('{"type": "Point", "coordinates": [104, 30]}')
    ...     layers_of(path, None, path.name)
    ['parks']
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # said again, and kept, when the layer is read
            layers = pyogrio.list_layers(_spelt(path))
        found = [str(layer) for layer, kind in layers if kind is not None]
    except _OGR_FAILURES as reason:
        raise InputError(**messages.fault("io.damaged"), file=name) from reason
    if wanted is not None and wanted not in found:
        listed = messages.few(found, width=80)
        fault = messages.fault("io.no_such_layer", layer=wanted[:40], layers=listed)
        raise InputError(**fault, file=name)
    if not found:
        raise InputError(**messages.fault("io.no_layer"), file=name)
    return found if wanted is None else [wanted]


def layers_with_rows(path: Path, layers: Sequence[str]) -> list[str]:
    """Return the layers that are not empty.

    Parameters
    ----------
    path
        The file as GDAL is to see it.
    layers
        Names of its layers.

    Returns
    -------
    Those with rows, or of which nobody knows how many they have.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "parks.geojson")
    ...     _ = path.write_text('{"type": "Point", "coordinates": [104, 30]}')
    ...     layers_with_rows(path, ["parks"])
    ['parks']
    """
    return [
        layer
        for layer in layers
        if pyogrio.read_info(_spelt(path), layer=layer, force_feature_count=True)["features"]
    ]


@contextmanager
def plainly_named(path: Path, ending: str) -> Iterator[Path]:
    """Show GDAL the file under a plain name, since some drivers go by the ending.

    Parameters
    ----------
    path
        The file.
    ending
        Such as ``.kml``.

    Yields
    ------
    A link to the file in a folder of its own, gone after the block.

    Examples
    --------
    >>> with plainly_named(Path("/data/园区"), ".kml") as plain:
    ...     plain.name
    'parks.kml'
    """
    with tempfile.TemporaryDirectory(prefix="parkmap-") as folder:
        plain = Path(folder, f"parks{ending}")
        plain.symlink_to(path)
        yield plain


def shapes_from(wkb: Sequence[bytes | None]) -> tuple[NDArray[np.object_], Problems]:
    """Turn WKB into flat geometries, each on its own.

    Parameters
    ----------
    wkb
        Bytes, or None.

    Returns
    -------
    Geometries, None where the bytes cannot be read; and what was noticed.

    Examples
    --------
    >>> shapes_from([None, b"broken"])[1][0]["code"]
    'PM201'
    """
    with np.errstate(invalid="ignore", over="ignore"):
        shapes = shapely.from_wkb(np.asarray(wkb, dtype=object), on_invalid="ignore")
    problems = []
    for place, (shape, given) in enumerate(zip(shapes, wkb, strict=True)):
        if given is not None and shape is None:
            reason = messages.text("io.geometry.broken")
        elif shape is not None and not np.isfinite(shapely.get_coordinates(shape)).all():
            reason = messages.text("io.geometry.not_finite")
        else:
            continue
        shapes[place] = None
        problems.append(problem("PM201", row=place + 1, reason=reason))
    raised = int((shapely.has_z(shapes) | shapely.has_m(shapes)).sum())
    if raised:
        problems.append(problem("PM110", count=raised))
    return shapely.force_2d(shapes), problems


def table_of(names: Sequence[str], fields: Sequence[Any], problems: Problems) -> pd.DataFrame:
    """Put fields under names that are unique.

    Parameters
    ----------
    names
        Headings as they stand.
    fields
        One array a heading.
    problems
        Gets the headings that stood twice.

    Returns
    -------
    The table.

    Examples
    --------
    >>> table_of(["a", "a"], [[1], [2]], []).columns.tolist()
    ['a', 'a_2']
    """
    unique: dict[str, Any] = {}
    for name, values in zip(names, fields, strict=True):
        kept, count = name, 2
        while kept in unique:
            kept, count = f"{name}_{count}", count + 1
        if kept != name:
            problems.append(problem("PM109", column=name[:40], renamed=kept[:44]))
        unique[kept] = values
    return pd.DataFrame(unique, index=range(len(fields[0]))) if unique else pd.DataFrame()
