"""The page's own elements: folium layers for the script to fill, and the script with its data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import folium
from branca.element import MacroElement

from parkmap import escape, messages, palette
from parkmap.webmap.figure import Verbatim, asset, script_tag, style_tag
from parkmap.webmap.payload import safe_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Layer -> shown when the page opens. The order is the drawing order.
LAYERS = {
    "context": True,
    "park_national": True,
    "park_provincial": True,
    "park_municipal": True,
    "park_other": True,
    "synergy": False,
    "homogeneity": False,
    "overlap": True,
    "control": True,
    "policy": True,
    "labels": True,
}
_COUNTED = ("parks", "findings")
#: Layers of a page that has them only.
PLAN = {"plan": False}
SCRIPTS = (
    *("core", "search", "linkage", "drawing", "many", "labels", "cards", "panel"),
    *("mix", "whatif", "sectors", "wide", "tree", "plan", "measure", "page"),
)


def add_layers(
    m: folium.Map, *, lang: str, has_plan: bool = False, contexts: Sequence[Sequence[str]] = ()
) -> dict[str, str]:
    """Give a map one folium layer a kind of thing, for its layer control and the page's script.

    Parameters
    ----------
    m
        The map; gets the layers as children.
    lang
        Language of the layers' names.
    has_plan
        Whether a plan is to be shown beside the parks.
    contexts
        Key, name and kind of each layer under the parks; the name "" for districts.

    Returns
    -------
    Layer -> the name of its variable in the page.

    Examples
    --------
    >>> add_layers(folium.Map(tiles=None), lang="en")["overlap"]
    'feature_group_overlap'
    """
    variables = {}
    own = {key: name for key, name, _ in contexts if name}
    keys = {**dict.fromkeys(own, True), **LAYERS, **(PLAN if has_plan else {})}
    for key, shown in keys.items():
        name = own.get(key) or messages.text(f"webmap.page.layer.{key}", lang=lang)
        group = folium.FeatureGroup(name=escape.html(name), show=shown)
        group._id = key  # noqa: SLF001
        m.add_child(group)
        variables[key] = group.get_name()
    return variables


def drawn_of(m: folium.Map) -> dict[str, tuple[int, int]]:
    """Say how much of an analysis a map draws.

    Parameters
    ----------
    m
        A map of :func:`parkmap.web_map`.

    Returns
    -------
    ``parks`` and ``findings``: how many are drawn, and how many there are.

    Examples
    --------
    >>> drawn_of(folium.Map(tiles=None))
    {}
    """
    layers = [child.data for child in m._children.values() if isinstance(child, FindingsLayer)]  # noqa: SLF001
    return {key: (len(data[key]), data["totals"][key]) for data in layers for key in _COUNTED}


class FindingsLayer(MacroElement):
    """Panel, drawing and behaviour of the page.

    Parameters
    ----------
    data
        What :func:`parkmap.webmap.payload.page_data` gathered.
    layers
        Layer -> variable in the page.

    Examples
    --------
    >>> FindingsLayer({}, {}).get_name()
    'findings_layer_parkmap'
    """

    def __init__(self, data: Mapping[str, Any], layers: Mapping[str, str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "FindingsLayer"
        self._id = "parkmap"
        self.data = data
        self.layers = layers

    def render(self, **_kwargs: Any) -> str:
        """Put the page's parts into its figure.

        Parameters
        ----------
        **_kwargs
            What branca hands down; nothing of it is used.

        Returns
        -------
        Nothing of its own: the figure writes the parts.
        """
        figure: Any = self.get_root()
        head = [
            _colours(),
            style_tag("parkmap.css"),
            *(script_tag(f"js/{name}.js") for name in SCRIPTS),
        ]
        figure.header.add_child(Verbatim("\n".join(head)), name=self.get_name())
        figure.html.add_child(Verbatim(self._frame()), name=self.get_name())
        figure.script.add_child(Verbatim(self._start()), name=self.get_name())
        return ""

    def _frame(self) -> str:
        parks = self.data.get("parks", [])
        rings = "\n".join(park.get("rings", "") for park in parks)
        bare = [{key: fact for key, fact in park.items() if key != "rings"} for park in parks]
        data = safe_json({**self.data, "parks": bare})
        # Half of a large page: as text of its own a browser need not parse it to begin.
        blocks = (
            f'<script type="text/plain" id="pm-rings">{rings}</script>'
            f'<script type="application/json" id="pm-data">{data}</script>'
        )
        return asset("frame.html").decode() + blocks

    def _start(self) -> str:
        layers = ",".join(f"{key}:{name}" for key, name in self.layers.items())
        m: Any = self._parent
        return f"Parkmap.start({m.get_name()},{{{layers}}});"


def _colours() -> str:
    """Name the palette's colours for the style sheet."""
    named = {key: ink for key, ink in palette.page_colours().items() if isinstance(ink, str)}
    return f"<style>:root{{{';'.join(f'--{key}:{ink}' for key, ink in named.items())}}}</style>"
