"""560 naughty strings in a real browser: shown as typed, nothing runs."""

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
    page = show(pm.web_map(scenes.analysis(layer), title=names[0]))
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
    page.fill(".pm-search", names[60])
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("window.hit") is None
    assert page.locator("img, iframe, object, embed, script[src]").count() == 0
