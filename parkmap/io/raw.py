"""What every format's reader hands on: rows as they stand in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parkmap import files
from parkmap.escape import file_name, terminal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


class Repeated(str):
    """A cell's text that stands here only because the cell was merged over several rows."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Options:
    """How the user said the file is to be read.

    Parameters
    ----------
    columns
        Our column to the file's heading.
    crs, encoding, layer, datum
        What the file does not say, or says wrongly.
    sql
        The rows to ask of a database.
    """

    columns: Mapping[str, str]
    crs: Any = None
    encoding: str | None = None
    layer: str | None = None
    datum: str | None = None
    sql: str | None = None


@dataclass(frozen=True, kw_only=True)
class Raw:
    """Rows as they stand in a file, before headings and words are understood.

    Parameters
    ----------
    path
        The file.
    driver
        The format.
    table
        Attributes under the file's own headings.
    geometry
        Shapely geometries; None where a row has none or none that can be read.
    rows
        Of each row, its number: from 1, or in a table the one that a spreadsheet shows beside it.
    total
        Data rows in the file.
    crs
        As the file says it, or None.
    degrees
        The format or its headings promise longitude and latitude.
    encoding
        Of the text, "" where the format fixes it.
    problems
        Rows for the problems table.
    part
        Which part of the file this is, where it is an archive.
    datum
        The shifted datum that the file says its coordinates are on, or "".
    digest, newest
        Hash and date of what is no file.
    unit
        The unit of areas that stands above a table, or "".
    placed
        Our column to the heading that told the places, and is no longer in the table.
    """

    path: Path
    driver: str
    table: pd.DataFrame
    geometry: NDArray[np.object_]
    rows: tuple[int, ...]
    total: int
    crs: Any = None
    degrees: bool = False
    encoding: str = ""
    problems: tuple[dict[str, Any], ...] = ()
    part: str = ""
    datum: str = ""
    digest: str = ""
    newest: str = ""
    unit: str = ""
    placed: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What the layer is called in tables.

        Examples
        --------
        >>> from pathlib import Path
        >>> common = {"driver": "CSV", "table": None, "geometry": None, "rows": (), "total": 0}
        >>> Raw(path=Path("parks.zip"), part="a.csv", **common).label
        'parks.zip/a.csv'
        """
        name = file_name(self.path.name)
        return f"{name}/{self.part}" if self.part else name

    @property
    def shown(self) -> str:
        """What it is called in messages.

        Examples
        --------
        >>> from pathlib import Path
        >>> common = {"driver": "CSV", "table": None, "geometry": None, "rows": (), "total": 0}
        >>> Raw(path=Path("parks.zip"), part="a.csv", **common).shown
        'parks.zip/a.csv'
        """
        name = files.display_name(self.path)
        return f"{name[:40]}/{terminal(self.part)[-60:]}" if self.part else name
