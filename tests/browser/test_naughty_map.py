"""560 naughty strings in a real browser: shown as typed, nothing runs."""

import dataclasses

import geopandas as gpd
import pytest
import scenes
from builders import park_layer, square
from naughty import naughty

import parkmap as pm

pytestmark = pytest.mark.browser


def test_naughty_names_are_shown_as_typed_and_nothing_runs(show):
    names = naughty()
    shapes = {name: square(at % 28 * 1500, at // 28 * 1500) for at, name in enumerate(names)}
    words = dict.fromkeys(("name", "kind", "managing_body", "approval_no", "source"), names)
    layer = park_layer(shapes, sectors=[(name,) for name in names], district=names, **words)
    layer = layer.assign(**dict.fromkeys(names[:40], names))  # as names of columns too
    city = dataclasses.replace(scenes.analysis(layer), options={"publisher": "".join(names[:300])})
    stops = gpd.GeoDataFrame({"name": names}, geometry=layer.centroid.to_numpy(), crs=layer.crs)
    ground = {name: stops[at::50] for at, name in enumerate(names[-50:])}
    page = show(pm.web_map(city, title=names[0], context=ground))
    cards = page.evaluate("""() => Parkmap.data.parks.map((park, at) => {
      Parkmap.select({park: at}, {});
      return document.querySelector("#pm-card h2").textContent;
    })""")
    assert cards == names
    tips = page.evaluate("""() => Parkmap.data.parks.map((park) => {
      park.shape.openTooltip();
      const said = park.shape.getTooltip().getElement().textContent;
      park.shape.closeTooltip();
      return said;
    })""")
    missing = [(name, tip) for name, tip in zip(names, tips, strict=True) if name not in tip]
    assert not missing
    page.click("#pm-back")
    listed = page.evaluate(
        """() => [...document.querySelectorAll("#pm-layers label .pm-name")].map((e) => e.textContent)"""
    )
    assert set(names[-50:]) <= set(listed)
    page.fill(".pm-search", names[60])
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("window.hit") is None
    assert page.locator("img, iframe, object, embed, script[src]").count() == 0
