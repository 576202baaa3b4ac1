"""Office files are zips: the same content in the same bytes."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def rewrite_zip(path: Path) -> None:
    """Give every member of a zip one fixed time, so that the same content is the same bytes.

    Parameters
    ----------
    path
        A zip (an XLSX, a DOCX, a KMZ), replaced in place.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.zip")
    ...     with zipfile.ZipFile(path, "w") as archive:
    ...         archive.writestr("one.txt", "1")
    ...     rewrite_zip(path)
    ...     zipfile.ZipFile(path).infolist()[0].date_time[:3]
    (1980, 1, 1)
    """
    draft = path.with_name(f"{path.name}.rezip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, _ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0  # else the bytes tell Windows from Linux
            new.writestr(member, old.read(name))
    draft.replace(path)
