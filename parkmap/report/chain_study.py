"""The chains that are looked at, with what was found and what the user knows of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from parkmap import taxonomy
from parkmap.report.cells import park_names

if TYPE_CHECKING:
    from parkmap.schema import Analysis

#: What the user's table can say of a chain or a segment.
FACTS = ("chief", "anchor_firms", "main_place", "domestic")


@dataclass(frozen=True)
class ChainStudy:
    """The chains that are looked at, with what was found and what the user knows of them.

    Parameters
    ----------
    analysis
        The run.
    overview
        How each chain stands, as ``chain.chain_overview`` counts it; the chains to show.
    links
        The segments of these chains.
    table
        What ``io.read_chain_table`` read; None without one.
    chosen
        The chain that was asked for; "" for all.
    """

    analysis: Analysis
    overview: pd.DataFrame
    links: pd.DataFrame
    table: pd.DataFrame | None = None
    chosen: str = ""

    @property
    def gaps(self) -> pd.DataFrame:
        """Segments nobody names with something beside them, chain by chain, ranked."""
        return self._ranked("gap")

    @property
    def singles(self) -> pd.DataFrame:
        """Segments that hang on one body, chain by chain, ranked."""
        return self._ranked("single")

    def _ranked(self, status: str) -> pd.DataFrame:
        rows = self.links[(self.links["status"] == status) & (self.links["rank"] > 0)]
        chains = list(dict.fromkeys(rows.index.get_level_values("chain")))
        places = [
            (chains.index(chain), rank)
            for chain, rank in zip(rows.index.get_level_values("chain"), rows["rank"], strict=True)
        ]
        return rows.iloc[sorted(range(len(places)), key=places.__getitem__)]

    def fact(self, name: str, chain: str, *, segment: str = "") -> str:
        """Return what the user's table says of a chain or a segment; "" where it is silent.

        Parameters
        ----------
        name
            The column of the table.
        chain
            Id of the chain.
        segment
            Id of the segment; "" for the chain itself.

        Returns
        -------
        What it says.

        Examples
        --------
        >>> index = pd.MultiIndex.from_tuples([("ic", "")])
        >>> table = pd.DataFrame({"chief": ["甲"]}, index=index)
        >>> ChainStudy(*[None] * 3, table).fact("chief", "ic")
        '甲'
        """
        key = (chain, segment)
        if self.table is None or key not in self.table.index:
            return ""
        return str(self.table.loc[key, name])

    def main_place(self, segment: str) -> str:
        """Return where a segment mainly stands: by the user's table, else by the parks' own.

        Parameters
        ----------
        segment
            Its id.

        Returns
        -------
        Names of parks, or what the table says; "" where nobody says.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> run = SimpleNamespace(sectors=pd.DataFrame())
        >>> ChainStudy(run, *[None] * 2).main_place("ic-design")
        ''
        """
        said = self.fact("main_place", taxonomy.load().chain_of(segment), segment=segment)
        sectors = self.analysis.sectors
        if said or segment not in sectors.index:
            return said
        return park_names(self.analysis, sectors.loc[segment, "main_for"])

    def supplies(self) -> pd.DataFrame:
        """Return who can supply whom where either end lies in the chains shown.

        Parks of a list no longer in force supply nobody, as in the findings.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> run = SimpleNamespace(supplies=None)
        >>> ChainStudy(run, *[None] * 2).supplies().empty
        True
        """
        found = self.analysis.supplies
        if found is None:
            return pd.DataFrame()
        parks, lists = self.analysis.parks, self.analysis.criteria.superseded_lists
        old = set(parks.index[parks["list_name"].isin(lists)])
        found = found[~(found["giver"].isin(old) | found["taker"].isin(old))]
        if not self.chosen:
            return found
        words = taxonomy.load()
        inside = [
            words.is_at_or_below(given, self.chosen) or words.is_at_or_below(taken, self.chosen)
            for given, taken in zip(found["given"], found["taken"], strict=True)
        ]
        return found[inside]


def every_chain(analysis: Analysis, *, table: pd.DataFrame | None = None) -> ChainStudy:
    """Look at all chains of a run, without counting how each stands.

    Parameters
    ----------
    analysis
        The run.
    table
        What ``io.read_chain_table`` read; None without one.

    Returns
    -------
    The chains.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> len(every_chain(SimpleNamespace(chain_links=None)).links)
    0
    """
    links = analysis.chain_links
    if links is None:
        index = pd.MultiIndex.from_tuples([], names=["chain", "segment"])
        links = pd.DataFrame({"status": [], "rank": [], "own": []}, index=index)
    return ChainStudy(analysis, pd.DataFrame(), links, table)
