"""Tables: their separator, their header, their rows; text stays text (``001``, ``NA``)."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import pandas as pd

from parkmap import decoding, files, messages
from parkmap.errors import InputError
from parkmap.io import boundary, content, coordinates, layout
from parkmap.io.headers import head_of
from parkmap.io.headings import meanings, recognise, unit_above
from parkmap.io.raw import Options, Raw
from parkmap.problems import problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    Problems = list[dict[str, Any]]
    Rows = list[list[str]]

_MOST_COLUMNS = 16_384  # as in Excel
_PARKS = ("headings", "coordinates")  # groups of headings of a table of parks
_TALLEST, _HEADINGS = 60, 3  # rows of a table that lies across, and headings by which it is told


def read_csv(path: Path, options: Options) -> Raw:
    r"""Read a CSV.

    Parameters
    ----------
    path
        The file.
    options
        How to read it.

    Returns
    -------
    Its rows.

    Raises
    ------
    InputError
        If it is no table, or has neither coordinates nor parks with sectors.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.csv")
    ...     _ = path.write_text("name;lon;lat\n001;104;30\n")
    ...     raw = read_csv(path, Options(columns={}))
    >>> raw.table["name"].tolist(), raw.geometry.tolist()
    (['001'], [<POINT (104 30)>])
    """
    rows, encoding = cells_of(path, options)
    return from_rows(rows, path, options, driver="CSV", encoding=encoding)


def cells_of(path: Path, options: Options) -> tuple[Rows, str]:
    r"""Read the cells of a CSV as they stand.

    Parameters
    ----------
    path
        The file.
    options
        How to read it.

    Returns
    -------
    Cells, row by row, and the encoding.

    Raises
    ------
    InputError
        If it is no table.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.csv")
    ...     _ = path.write_text("a;b\n001;NA\n")
    ...     cells_of(path, Options(columns={}))[0]
    [['a', 'b'], ['001', 'NA']]
    """
    name = files.display_name(path)
    content, encoding = decoding.decode(path.read_bytes(), encoding=options.encoding, file=name)
    return decoding.parsed(content, file=name), encoding


def from_rows(rows: Rows, path: Path, options: Options, *, driver: str, encoding: str = "") -> Raw:
    """Read a table whose cells are text: find its header, and the geometry of each row.

    Parameters
    ----------
    rows
        Cells, row by row, as they stand in the file.
    path
        The file.
    options
        How to read it.
    driver, encoding
        For the record.

    Returns
    -------
    Its rows.

    Raises
    ------
    InputError
        If it has no header, or neither coordinates nor parks with sectors.

    Examples
    --------
    >>> from pathlib import Path
    >>> rows = [["园区一览"], ["名称", "经度", "纬度"], ["甲", "104", "30"]]
    >>> from_rows(rows, Path("a.csv"), Options(columns={}), driver="CSV").rows
    (3,)
    """
    name = files.display_name(path)
    table, body, problems = _body_of(rows, name, _PARKS, options.columns)
    table, more = _with_tiers(table, body)
    kept = body.numbers
    head = head_of(rows, _PARKS)
    shapes, told = coordinates.geometry_of(table, kept, options, name)
    table, total = table.drop(columns=told.headings), len(rows) - head.last - 1
    problems += [*more, *told.problems]
    joined = boundary.join_corners(table, kept, shapes, chosen=options.columns.values())
    if joined is not None:
        table, kept, shapes, noticed = joined
        problems, total = [*problems, *noticed], len(kept)
    return Raw(
        path=path, driver=driver, table=table, geometry=shapes, rows=tuple(kept), total=total,
        crs=told.crs, degrees=told.degrees, encoding=encoding, datum=told.datum,
        problems=tuple(problems),
        placed=told.found, unit=unit_above(cell for row in rows[: head.first] for cell in row),
    )  # fmt: skip


def body_of(
    rows: Rows, name: str, *, groups: Sequence[str] = _PARKS
) -> tuple[pd.DataFrame, list[int], Problems]:
    """Find the header of a table, and the rows under it.

    Parameters
    ----------
    rows
        Cells, row by row, as they stand in the file.
    name
        The file's name, for the message.
    groups
        The groups of headings by which the header is known.

    Returns
    -------
    Cells under their headings, the row of each as a spreadsheet counts, and what was noticed.

    Raises
    ------
    InputError
        If there are more columns than in any workbook, or no rows.

    Examples
    --------
    >>> body_of([["园区一览"], ["名称", "经度"], ["甲", "104"]], "a.csv")[1]
    [3]
    """
    table, kept, problems = _body_of(rows, name, groups, {})
    return table, kept.numbers, problems


def _body_of(
    rows: Rows, name: str, groups: Sequence[str], chosen: Mapping[str, str]
) -> tuple[pd.DataFrame, layout.Kept, Problems]:
    if max(map(len, rows), default=0) > _MOST_COLUMNS:
        raise InputError(**messages.fault("io.too_many_columns", most=_MOST_COLUMNS), file=name)
    if not rows:
        raise InputError(**messages.fault("io.no_rows"), file=name)
    head = head_of(rows, groups)
    if _lies_across(rows, head.cells, groups):
        raise InputError(**messages.fault("io.transposed"), file=name)
    headings, problems = _headings(head.cells)
    above, under = rows[: head.first], rows[head.last + 1 :]
    if any(any(row) for row in above):
        title = " ".join(cell for row in above for cell in row if cell)[:40]
        problems.append(problem("PM102", count=head.first, text=title))
    if head.last > head.first:
        problems.append(problem("PM141", count=head.last - head.first + 1))
    number = head.last + 2
    kept = layout.sorted_out(under, headings, first=number, groups=groups, chosen=chosen)
    index = range(len(kept.rows))
    table = pd.DataFrame(kept.rows, columns=headings, index=index, dtype=object)
    return table, kept, [*problems, *kept.problems]


def _with_tiers(table: pd.DataFrame, kept: layout.Kept) -> tuple[pd.DataFrame, Problems]:
    """Give the tier that a group is headed by to its parks, where their own cell is empty."""
    at = kept.tier_at
    if at < 0 and (not any(kept.tiers) or content.tier_like(table, table.columns)):
        return table, []
    stated = table.iloc[:, at].tolist() if at >= 0 else [""] * len(table)
    taken = [own or above for own, above in zip(stated, kept.tiers, strict=True)]
    count = sum(new != own for new, own in zip(taken, stated, strict=True))
    if not count:
        return table, []
    heading = table.columns[at] if at >= 0 else meanings()["headings"]["tier"][1]
    return table.assign(**{heading: taken}), [problem("PM316", count=count)]


def _lies_across(rows: Rows, head: Sequence[str], groups: Sequence[str]) -> bool:
    """Tell a table whose headings stand in its first or second column, a park in each other one."""

    def known(cells: Sequence[str]) -> int:
        filled = [cell for cell in cells if cell]
        return sum(len(recognise(filled, chosen={}, group=group)) for group in groups)

    if known(head) > 1:
        return False
    columns = zip_longest(*(row[:2] for row in rows[:_TALLEST]), fillvalue="")
    return any(known(cells) >= _HEADINGS for cells in columns)


def _headings(row: Sequence[str]) -> tuple[list[str], Problems]:
    unique: list[str] = []
    problems: Problems = []
    for place, heading in enumerate(row):
        name = heading or f"column_{place + 1}"
        kept, count = name, 2
        while kept in unique:
            kept, count = f"{name}_{count}", count + 1
        if kept != name:
            problems.append(problem("PM109", column=name[:40], renamed=kept[:44]))
        unique.append(kept)
    return unique, problems
