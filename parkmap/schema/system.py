"""The system of parks as planners count it, and as it is meant to be."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from parkmap import messages
from parkmap.errors import OptionError
from parkmap.schema.tables import TIERS, complete

if TYPE_CHECKING:
    import geopandas as gpd

_TARGET = re.compile(r"^(\d+)\+(\d+)(?:\+(\d+|[nN]))?$")


def park_system(parks: gpd.GeoDataFrame) -> tuple[str, int]:
    """Count the system as planners write it.

    Parameters
    ----------
    parks
        A parks table; rows with ``counted`` False or without a tier stand beside the system.

    Returns
    -------
    ``("3+19+3", 12)``: national + provincial + municipal, and the rows beside it.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> tiers = {"tier": ["national", "provincial", ""]}
    >>> park_system(gpd.GeoDataFrame(tiers, geometry=[box(0, 0, 1, 1)] * 3))
    ('1+1+0', 1)
    """
    table = complete(parks)
    counted = table["counted"].astype(bool) & table["tier"].isin(TIERS)
    counts = table.loc[counted, "tier"].value_counts()
    return "+".join(str(counts.get(tier, 0)) for tier in TIERS), int((~counted).sum())


def system_gaps(system: str, expect: str) -> dict[str, int]:
    """Compare the counted system with the one that is meant.

    Parameters
    ----------
    system
        As :func:`park_system` counts it.
    expect
        Such as ``"3+22+N"``: N, or a part left out, may be any number. "" compares nothing.

    Returns
    -------
    Tier -> how many more (or, negative, fewer) are counted than meant, for the tiers that are
    given a number.

    Raises
    ------
    OptionError
        If ``expect`` is no system.

    Examples
    --------
    >>> system_gaps("3+19+3", "3+22+N")
    {'national': 0, 'provincial': -3}
    """
    if not expect:
        return {}
    written = unicodedata.normalize("NFKC", expect).replace(" ", "")
    found = _TARGET.match(written)
    if found is None:
        raise OptionError(**messages.fault("schema.bad_system", given=expect[:40]))
    counts = (int(part) for part in system.split("+"))
    meant = zip(TIERS, counts, found.groups(), strict=True)
    return {tier: n - int(goal) for tier, n, goal in meant if goal and goal.isdecimal()}
