"""The verb that explains a pair of parks, and the graph of all pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.cli import options as shared
from parkmap.cli import outputs, runs
from parkmap.cli.app import program
from parkmap.cli.translated import option
from parkmap.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd

    from parkmap.schema import Analysis

_NEAREST = 3


@program.command("explain", help="explain")
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@shared.inputs
@option("-f", "--format", "fmt", type=click.Choice(["auto", "json"]), default="auto", help="format")
@option("-o", "--output", metavar="FILE", help="output")
@option("--overwrite", is_flag=True, help="overwrite")
@shared.reading
@shared.criteria
@shared.sectors
@shared.speaking
def _explain_verb(left: str, right: str, inputs: tuple[str, ...], **options: Any) -> int:
    """Say in one paragraph how two parks stand to each other."""
    from parkmap import report, similarity
    from parkmap.analysis import shared_ground

    result = runs.run_analysis(inputs, options, only="sector")
    one, other = (chosen_park(result.parks, said) for said in (left, right))
    if one == other:
        raise InputError(**messages.fault("cli.one_park"), park=one)
    asked = (result.parks, result.shares, result.pairs, one, other)
    placed = result.parks if result.parks.crs is not None else result.parks.iloc[:0]
    ground = shared_ground(placed[placed.index.isin([one, other])], result.criteria)
    said = similarity.explain(*asked, overlaps=ground, criteria=result.criteria)
    as_json = options["fmt"] == "json" or str(options["output"] or "").endswith(".json")
    if as_json:
        facts = similarity.pair_facts(*asked, overlaps=ground, criteria=result.criteria)
        head = report.opening("explain")
        content = report.json_text({**head, **report.plain(facts), "explanation": said})
    else:
        content = said + "\n"
    outputs.deliver(content, options, fmt="json" if as_json else "txt", inputs=inputs)
    return 0


def chosen_park(parks: gpd.GeoDataFrame, said: str) -> str:
    """Find the park a person means.

    Parameters
    ----------
    parks
        The parks table.
    said
        Its id, code or name.

    Returns
    -------
    Its id.

    Raises
    ------
    InputError
        If there is no such park (the nearest names are told), or several.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from parkmap import schema
    >>> table = gpd.GeoDataFrame({"name": ["甲园区"]}, geometry=[None], index=["a"])
    >>> chosen_park(schema.complete(table), "甲 园区")
    'a'
    """
    from parkmap import schema

    if said in parks.index:
        return said
    wanted = schema.normalised_name(said)
    coded = parks.index[parks["code"].astype(str) == said]
    named = [park for park, name in parks["name"].items() if schema.normalised_name(name) == wanted]
    found = list(coded) or named
    if len(found) == 1:
        return str(found[0])
    if found:
        ids = messages.listed(map(str, found[:_NEAREST]))
        raise InputError(**messages.fault("cli.many_parks", park=said, ids=ids))
    near = messages.listed(_nearest(parks, said))
    raise InputError(**messages.fault("cli.no_park", park=said, near=near))


def _nearest(parks: gpd.GeoDataFrame, said: str) -> list[str]:
    from rapidfuzz import fuzz, process

    names = sorted({str(name) for name in parks["name"] if name} | set(map(str, parks.index)))
    return [name for name, _, _ in process.extract(said, names, scorer=fuzz.WRatio, limit=_NEAREST)]


def graph_text(result: Analysis) -> str:
    """Write every park and every pair as GraphML.

    Parameters
    ----------
    result
        The analysis.

    Returns
    -------
    The text: nodes with name, tier, group and place, edges with the columns of pairs.
    """
    from parkmap import report, similarity

    graph = similarity.similarity_graph(result.parks, result.pairs)
    for group, row in result.clusters.iterrows():
        for park in row["parks"]:
            graph.nodes[park]["cluster"] = str(group)
    drawn = result.parks.geometry[~(result.parks.geometry.isna() | result.parks.geometry.is_empty)]
    if result.parks.crs is not None:
        for park, point in drawn.representative_point().to_crs(4326).items():
            graph.nodes[park].update(lon=round(point.x, 6), lat=round(point.y, 6))
    graph.graph["measure"] = result.criteria.measure
    return report.graphml_text(graph)
