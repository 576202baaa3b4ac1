"""Chinese letters for matplotlib, without touching its settings for anyone else."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib import font_manager

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Beginnings of the file names of fonts that hold simplified Chinese, the best first.
_KNOWN = (
    *("notosanscjksc", "notosanssc", "sourcehansanssc", "sourcehansanscn", "notosanscjk"),
    *("msyh", "pingfang", "hiraginosansgb", "stheiti", "simhei", "deng", "wqymicrohei"),
    *("wqyzenhei", "droidsansfallback", "notoserifcjk", "sourcehanserif", "simsun", "stsong"),
)
_LATIN = "DejaVu Sans"  # comes with matplotlib


@contextmanager
def cjk_fonts() -> Iterator[str | None]:
    """Draw with Chinese letters inside a ``with`` block.

    Yields
    ------
    The family in use, or None where no Chinese font is installed. Fonts are found by their files,
    as matplotlib's own list is older than a font installed since. Its settings and its list are
    as before when the block ends.

    Examples
    --------
    >>> before = list(mpl.rcParams["font.family"])
    >>> with cjk_fonts() as family:
    ...     changed = mpl.rcParams["font.family"] != before
    >>> changed == (family is not None), mpl.rcParams["font.family"] == before
    (True, True)
    """
    manager = font_manager.fontManager
    known = list(manager.ttflist)
    settings: Any = {"text.parse_math": False}  # a name may hold a $
    try:
        family = _add(cjk_font_files())
        if family is not None:
            settings |= {"font.family": [family, _LATIN], "axes.unicode_minus": False}
        with mpl.rc_context(settings):
            yield family
    finally:
        manager.ttflist[:] = known


def cjk_font_name() -> str | None:
    """Name the Chinese font the overview map is written in.

    Returns
    -------
    Its family, or None where none is installed.

    Examples
    --------
    >>> (cjk_font_name() is None) == (not cjk_font_files())
    True
    """
    with cjk_fonts() as family:
        return family


@cache
def cjk_font_files() -> tuple[str, ...]:
    """Find the files of one Chinese typeface on this machine.

    Returns
    -------
    Its regular and, where there is one, its bold file; none if no such font is installed.

    Examples
    --------
    >>> isinstance(cjk_font_files(), tuple)
    True
    """
    stems = {_stem(path): path for path in sorted(font_manager.findSystemFonts())}
    for start in _KNOWN:
        own = sorted(stem for stem in stems if stem.startswith(start))
        regular = [stem for stem in own if stem in (start, f"{start}regular", f"{start}medium")]
        if own:
            chosen = (regular or own)[0]
            bold = [stem for stem in own if stem in (f"{start}bold", f"{start}bd")]
            return tuple(stems[stem] for stem in dict.fromkeys([chosen, *bold]))
    return ()


def _stem(path: str) -> str:
    return "".join(c for c in Path(path).stem.lower() if c.isalnum())


def _add(files: tuple[str, ...]) -> str | None:
    """Make the faces of the files known and choose the simplified one."""
    manager = font_manager.fontManager
    for path in files:
        manager.addfont(path)
    # A collection holds Japanese and Chinese faces, which draw the same character differently.
    names = [face.name for face in manager.ttflist if face.fname == files[0]] if files else []
    simplified = [name for name in names if name.endswith((" SC", " CN", " GB"))]
    return next(iter([*simplified, *names]), None)
