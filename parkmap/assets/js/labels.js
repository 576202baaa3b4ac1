// Numbers of findings and names of parks, placed so that none covers another.
(function (P) {
  "use strict";
  const MARGIN = 2, MOST_NAMES = 220;
  const BADGE = { high: 22, medium: 21, low: 19, info: 17 };
  const AROUND = [[0, 0], [1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [-1, -1], [1, 1], [-1, 1]];
  const brush = document.createElement("canvas").getContext("2d");
  const widths = new Map();
  const widthOf = (text, font) => {
    const key = font + text;
    if (!widths.has(key)) { brush.font = font; widths.set(key, brush.measureText(text).width); }
    return widths.get(key);
  };
  const FONTS = {
    park: "600 12px 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif",
    district: "13px 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif",
  };

  class Space {
    constructor(size) { this.size = size; this.taken = []; }
    free(box) {
      if (box[2] < 0 || box[3] < 0 || box[0] > this.size.x || box[1] > this.size.y) return false;
      return this.taken.every((t) => box[2] < t[0] || box[0] > t[2] || box[3] < t[1] || box[1] > t[3]);
    }
    take(box) { this.taken.push(box); }
  }
  const boxAt = (x, y, width, height) => [
    x - width / 2 - MARGIN, y - height / 2 - MARGIN, x + width / 2 + MARGIN, y + height / 2 + MARGIN];
  const put = (element, x, y) => {
    const at = P.map.containerPointToLayerPoint([x, y]);
    L.DomUtil.setPosition(element, L.point(Math.round(at.x), Math.round(at.y)));
    P.map.getPane("pm-names").append(element);
  };

  const placeBadges = (space) => P.data.findings.forEach((finding) => {
    const selected = P.state.finding === finding.i;
    if (!finding.at || !(selected || P.badgeShown(finding))) return;
    const size = BADGE[finding.severity] + (finding.number > 99 ? 8 : 0);
    const at = P.map.latLngToContainerPoint(P.point(finding.at));
    const step = AROUND.find(([dx, dy]) => space.free(boxAt(at.x + dx * (size + 3), at.y + dy * (size + 3), size, size)));
    if (!step) return;
    const [x, y] = [at.x + step[0] * (size + 3), at.y + step[1] * (size + 3)];
    space.take(boxAt(x, y, size, size));
    put(P.h("button", {
      class: "pm-badge pm-on-map pm-" + finding.severity + (selected ? " pm-chosen" : ""),
      type: "button", tabindex: "-1", style: { width: size + "px", height: size + "px" },
      title: P.circled(finding.number) + " " + P.names(finding).join(" × "),
      on: {
        click: (event) => { event.stopPropagation(); P.select({ finding: finding.i }, { zoom: true }); },
      },
    }, finding.number), x, y);
  });
  const spots = (at, park, width) => {
    const reach = park.rings ? 4 : 12;
    const below = [at.x, at.y + 13], above = [at.x, at.y - 13];
    const right = [at.x + width / 2 + reach + 4, at.y], left = [at.x - width / 2 - reach - 4, at.y];
    return park.rings ? [[at.x, at.y], below, above, right, left] : [right, left, below, above];
  };
  const placeName = (space, park) => {
    const text = park.name.length > 40 ? park.name.slice(0, 39) + "…" : park.name;
    const group = park.cluster && park.cluster.flagged ? P.letter(park.cluster.place) : "";
    const width = widthOf(text, FONTS.park) + (group ? 18 : 0) + 2;
    const at = P.map.latLngToContainerPoint(P.point(park.at));
    const spot = spots(at, park, width).find(([x, y]) => space.free(boxAt(x, y, width, 16)));
    if (!spot) return false;
    space.take(boxAt(spot[0], spot[1], width, 16));
    const chip = group && P.h("span", { class: "pm-chip-group", style: { background: P.groupColour(park.cluster), color: P.groupInk(park.cluster) } }, group);
    put(P.h("div", { class: "pm-label pm-label-" + (park.tier || "other") }, P.name(text), chip), spot[0], spot[1]);
    return true;
  };
  const rank = (park) => {
    const tier = P.TIERS.indexOf(park.tier);
    return (tier < 0 ? 3 : tier) * 1e7 - Math.min(park.ha || 0, 9e6);
  };
  const chosenParks = () => {
    const { finding, park } = P.state;
    if (finding !== null) return P.data.findings[finding].parks;
    return park !== null ? [park] : [];
  };
  const placeParkNames = (space) => {
    const chosen = new Set(chosenParks());
    const view = P.map.getBounds();
    const seen = P.data.parks.filter((park) => park.at && view.contains(P.point(park.at))
      && (chosen.has(park.i) || P.map.hasLayer(P.layers[P.tierKey(park)])));
    seen.sort((a, b) => chosen.has(b.i) - chosen.has(a.i) || rank(a) - rank(b));
    let left = MOST_NAMES;
    seen.every((park) => { if (placeName(space, park)) left -= 1; return left > 0; });
  };
  const placeDistrictNames = (space) => P.data.context.forEach((ground) => {
    if (!ground.at || !ground.name) return;
    const at = P.map.latLngToContainerPoint(P.point(ground.at));
    const width = widthOf(ground.name, FONTS.district) * 1.25;
    const box = boxAt(at.x, at.y, width, 18);
    if (!space.free(box)) return;
    space.take(box);
    put(P.h("div", { class: "pm-label pm-label-district" }, P.name(ground.name)), at.x, at.y);
  });

  P.placeNames = () => {
    P.map.getPane("pm-names").replaceChildren();
    const space = new Space(P.map.getSize());
    placeBadges(space);
    if (P.map.hasLayer(P.layers.labels)) placeParkNames(space);
    if (P.map.hasLayer(P.layers.context)) placeDistrictNames(space);
  };
  P.badgeShown = (finding) => P.passes(finding)
    && P.map.hasLayer(P.layers[P.isPolicy(finding) ? "policy" : "overlap"]);
})(window.Parkmap);
