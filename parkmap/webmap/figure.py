"""A folium figure that needs nothing but itself.

folium puts links to five content networks into every page; on an office network without internet
such a page stays white. :class:`OfflineFigure` swaps the links for files that ship with parkmap,
at the moment of rendering, so that unmodified folium, its ``save`` and its notebook display work.
"""

from __future__ import annotations

import base64
import re
from collections import OrderedDict
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink, Link
from folium.template import Template

from parkmap import escape, messages
from parkmap.errors import OptionError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

#: folium's name of a link -> the file that stands for it. Keyed by name, never by address.
SHIPPED = {"leaflet": "leaflet/leaflet.js", "leaflet_css": "leaflet/leaflet.css"}
#: Links that folium gives to every map and that only the elements of NEEDS_MORE use.
SURPLUS = frozenset(
    name for name, _ in (*folium.Map.default_js, *folium.Map.default_css) if name not in SHIPPED
)
NEEDS_MORE = (folium.Popup, folium.Icon)

_STYLE_URL = re.compile(r"url\(['\"]?(images/[\w.-]+)['\"]?\)")
_SOURCE_MAP = re.compile(r"//[#@] sourceMappingURL=\S*")
_END_TAG = re.compile(r"</(?=script|style)", re.IGNORECASE)
_ICON_FILES = {
    "iconUrl": "marker-icon.png",
    "iconRetinaUrl": "marker-icon-2x.png",
    "shadowUrl": "marker-shadow.png",
}


class Verbatim(Element):
    """Text that reaches the page as it is; folium compiles every other text as a template.

    Parameters
    ----------
    text
        Part of a page.

    Examples
    --------
    >>> Verbatim("{{7*7}}").render()
    '{{7*7}}'
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_kwargs: Any) -> str:
        """Return the text.

        Parameters
        ----------
        **_kwargs
            What branca hands down; nothing of it is used.

        Returns
        -------
        The text, unchanged.
        """
        return self.text


class OfflineFigure(Figure):
    """A page that carries its scripts and styles.

    Parameters
    ----------
    title
        Title of the page, any text.
    lang
        ``"zh"`` or ``"en"``.
    assets
        ``"inline"``: everything in the file; ``"cdn"``: folium's own links; else the address of a
        folder that serves the files.

    Raises
    ------
    OptionError
        If assets is none of these.
    OutputError
        When rendered, if a link has no shipped file.

    Examples
    --------
    >>> "<script src=" in OfflineFigure().add_child(folium.Map(tiles=None)).render()
    False
    """

    _template = Template(
        '<!DOCTYPE html>\n<html lang="{{this.html_lang}}">\n<head>\n'
        "{% if this.title %}<title>{{this.title}}</title>{% endif %}"
        "    {{this.header.render(**kwargs)}}\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n</head>\n<body>\n'
        "    {{this.html.render(**kwargs)}}\n<script>\n"
        "    {{this.script.render(**kwargs)}}\n</script>\n</body>\n</html>\n"
    )

    def __init__(self, *, title: str = "", lang: str = "zh", assets: str = "inline") -> None:
        super().__init__(title=escape.html(title), ratio="62%")
        if assets not in ("inline", "cdn") and not re.match(r"https?://|\.{0,2}/", assets):
            raise OptionError(**messages.fault("webmap.assets", given=assets))
        self._id = "parkmap"
        self.html_lang = {"zh": "zh-CN"}.get(lang, lang)
        self.assets = assets

    def take_over(self, m: folium.Map) -> None:
        """Become the page of a map, with whatever was on the map's page before.

        Parameters
        ----------
        m
            A map; its page is left to itself.

        Examples
        --------
        >>> m = folium.Map(tiles=None)
        >>> OfflineFigure(title="T").take_over(m)
        >>> m.get_root().title
        'T'
        """
        old = m.get_root()
        if old is not m and isinstance(old, Figure):
            for part in ("header", "html", "script"):
                for name, child in getattr(old, part)._children.items():  # noqa: SLF001
                    getattr(self, part).add_child(child, name=name)
        self.add_child(m)

    def render(self, **kwargs: Any) -> str:
        """Return the page; twice the same if nothing was added in between.

        Parameters
        ----------
        **kwargs
            Handed on to the elements.

        Returns
        -------
        The HTML text.

        Examples
        --------
        >>> OfflineFigure(lang="en").render().splitlines()[1]
        '<html lang="en">'
        """
        parts = (self.header, self.html, self.script)
        kept = [OrderedDict(part._children) for part in parts]  # noqa: SLF001  # branca has no accessor
        try:
            for child in list(self._children.values()):
                child.render(**kwargs)
            if self.assets != "cdn":
                self._settle_links()
            return str(self._template.render(this=self, kwargs=kwargs))
        finally:
            for part, children in zip(parts, kept, strict=True):
                part._children = children  # noqa: SLF001

    def _settle_links(self) -> None:
        surplus = SURPLUS if not any(isinstance(e, NEEDS_MORE) for e in _walk(self)) else ()
        head = self.header._children  # noqa: SLF001
        for name, element in list(head.items()):
            if not isinstance(element, Link):
                continue
            if name in surplus:
                del head[name]
            elif self.assets == "inline":
                head[name] = Verbatim(_inlined(name, element.url))
            else:
                head[name] = _moved(element, self.assets)


def _walk(element: Element) -> Iterator[Element]:
    for child in element._children.values():  # noqa: SLF001
        yield child
        yield from _walk(child)


def _moved(link: Link, base: str) -> Link:
    kind = JavascriptLink if isinstance(link, JavascriptLink) else CssLink
    return kind(f"{base.rstrip('/')}/{link.url.rsplit('/', 1)[-1]}")


def _inlined(name: str, url: str) -> str:
    if name not in SHIPPED:
        raise OutputError(**messages.fault("webmap.missing_asset", name=name, url=url))
    return script_tag(SHIPPED[name]) if url.endswith(".js") else style_tag(SHIPPED[name])


def asset(path: str) -> bytes:
    """Read a file that ships with parkmap.

    Parameters
    ----------
    path
        Its path under ``assets/``.

    Returns
    -------
    Its bytes.

    Examples
    --------
    >>> asset("leaflet/LICENSE")[:12]
    b'BSD 2-Clause'
    """
    return (files("parkmap") / "assets" / path).read_bytes()


@cache
def script_tag(path: str) -> str:
    """Return a shipped script as an element of a page.

    Parameters
    ----------
    path
        Its path under ``assets/``.

    Returns
    -------
    ``<script>...</script>``.

    Examples
    --------
    >>> script_tag("leaflet/leaflet.js")[:8]
    '<script>'
    """
    code = _SOURCE_MAP.sub("", asset(path).decode()).strip()
    if path == SHIPPED["leaflet"]:
        code += _default_icons()
    code = _END_TAG.sub(r"<\\/", code)
    return f"<script>{code}</script>"


@cache
def style_tag(path: str) -> str:
    """Return a shipped style sheet as an element of a page, its pictures inside it.

    Parameters
    ----------
    path
        Its path under ``assets/``.

    Returns
    -------
    ``<style>...</style>``.

    Examples
    --------
    >>> "url(images/" in style_tag("leaflet/leaflet.css")
    False
    """
    folder = path.rpartition("/")[0]
    code = _STYLE_URL.sub(
        lambda found: f"url({_data_uri(folder + '/' + found[1])})", asset(path).decode()
    )
    code = _END_TAG.sub(r"<\\/", code)
    return f"<style>{code}</style>"


def _default_icons() -> str:
    # Leaflet finds its marker pictures through the address in its style sheet, which is gone.
    pictures = {key: _data_uri(f"leaflet/images/{name}") for key, name in _ICON_FILES.items()}
    icons = ",".join(f'{key}:"{picture}"' for key, picture in pictures.items())
    return f'\nL.Icon.Default.imagePath="";L.Icon.Default.mergeOptions({{{icons}}});'


def _data_uri(path: str) -> str:
    return "data:image/png;base64," + base64.b64encode(asset(path)).decode()
