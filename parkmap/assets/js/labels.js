// Numbers of findings and names of parks, placed so that none covers another.
(function (P) {
  "use strict";
  const SMALL = 6, MARGIN = 2, MOST_NAMES = 220, MOST_TRIES = 1200, MOST_BADGES = 80, FEW = 400;
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
    free(box, whole) {
      const [left, top, right, low] = whole ? box : [box[2], box[3], box[0], box[1]];
      if (left < 0 || top < 0 || right > this.size.x || low > this.size.y) return false;
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

  const isOnPark = (spot) => {
    const at = P.map.containerPointToLayerPoint(spot);
    if (P.isMany()) return Boolean(P.parkAt(at));
    return P.data.parks.some((park) => park.rings && park.shape && park.shape._containsPoint(at));
  };
  // The first free place on the line from its ends inwards, beside the parks.
  const onLine = (space, finding, size) => {
    const [a, b] = finding.ends.map((end) => P.map.latLngToContainerPoint(P.point(end)));
    const count = Math.min(60, Math.max(2, Math.floor(a.distanceTo(b) / 12)));
    const around = size / 2 + 3;
    const isClear = (spot) => space.free(boxAt(spot.x, spot.y, size, size))
      && [[0, 0], [around, 0], [-around, 0], [0, around], [0, -around]].every(([x, y]) => !isOnPark(spot.add([x, y])));
    for (let i = 1; i <= count / 2; i += 1) {
      for (const share of [i / count, 1 - i / count]) {
        const spot = a.add(b.subtract(a).multiplyBy(share));
        if (isClear(spot)) return spot;
      }
    }
    return a.add(b).divideBy(2);
  };
  const inView = () => {
    const view = P.map.getBounds();
    const [west, south, east, north] = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()].map((degrees) => degrees * 1e6);
    return (at) => at[0] >= west && at[0] <= east && at[1] >= south && at[1] <= north;
  };
  // The worst findings of the view, and the open one: those to act on, then the rest.
  const seenBadges = () => {
    const isSeen = inView(), isOpen = (finding) => P.state.finding === finding.i;
    const seen = P.data.findings.filter((finding) => finding.at && (isOpen(finding) || P.badgeShown(finding))
      && (finding.ends || [finding.at]).some(isSeen)).filter((finding, i) => i < MOST_BADGES || isOpen(finding));
    const isFirst = (finding) => isOpen(finding) || ["high", "medium"].includes(finding.severity);
    return [seen.filter(isFirst), seen.filter((finding) => !isFirst(finding))];
  };
  const placeBadge = (space, finding) => {
    const selected = P.state.finding === finding.i;
    const size = BADGE[finding.severity], wide = size + (finding.number > 999 ? 16 : finding.number > 99 ? 8 : 0);
    const at = finding.ends ? onLine(space, finding, wide) : P.map.latLngToContainerPoint(P.point(finding.at));
    const step = AROUND.find(([dx, dy]) => space.free(boxAt(at.x + dx * (wide + 3), at.y + dy * (size + 3), wide, size)));
    if (!step) return;
    const [x, y] = [at.x + step[0] * (wide + 3), at.y + step[1] * (size + 3)];
    space.take(boxAt(x, y, wide, size));
    put(P.h("button", {
      class: "pm-badge pm-on-map pm-" + finding.severity + (selected ? " pm-chosen" : ""),
      type: "button", tabindex: "-1", style: { width: wide + "px", height: size + "px" },
      title: P.circled(finding.number) + " " + P.names(finding).join(" × "),
      on: {
        click: (event) => { event.stopPropagation(); P.select({ finding: finding.i }, { zoom: true }); },
      },
    }, finding.number), x, y);
  };
  // Half the width and height of a park on the screen: of the part its point lies in.
  const reachOf = (park) => {
    if (!park.rings) return [10, 10];
    const box = P.boxOf(park);
    const [low, high] = [[box[0], box[1]], [box[2], box[3]]].map((corner) => P.map.latLngToContainerPoint(P.point(corner)));
    const reach = [(high.x - low.x) / 2, (low.y - high.y) / 2];
    if (Math.max(...reach) < SMALL) return reach;  // no need to ask for its parts
    const frame = P.frameOf(park);
    const [foot, top] = [frame.getSouthWest(), frame.getNorthEast()].map((corner) => P.map.latLngToContainerPoint(corner));
    return [(top.x - foot.x) / 2, (foot.y - top.y) / 2];
  };
  const isLeading = (park) => P.standing(park) === "national";
  const spots = (at, park, width) => {
    const [across, up] = reachOf(park);
    const beside = across + width / 2 + 5, over = up + 10;
    const around = [[0, over], [beside, 0], [-beside, 0], [0, -over], [0, over + 12], [beside, 14], [-beside, 14], [beside, -14], [-beside, -14]];
    const inside = [[0, 0], [0, 18], [0, -18]];
    const isRoomy = across * 2 > width * 0.8 && up > 14;
    const steps = isRoomy ? [...inside, ...around] : park.rings ? [...around, [0, 0]] : [around[1], around[2], ...around];
    if (isLeading(park)) {
      [24, 42, 60].forEach((far) => [0, beside / 2, -beside / 2, beside, -beside].forEach((x) => steps.push([x, over + far], [x, -over - far])));
    }
    return steps.map(([x, y]) => [at.x + x, at.y + y]);
  };
  // Whether a name would stand on another park; of thousands nobody asks.
  const isOnAnother = (park, [x, y], width) => P.data.parks.length <= FEW && [0, -width / 3, width / 3].some((aside) => {
    const at = P.map.containerPointToLayerPoint([x + aside, y]);
    return P.data.parks.some((other) => other !== P.todayOf(park) && other.rings && other.shape && other.shape._containsPoint(at));
  });
  const placeName = (space, park) => {
    const text = park.name.length > 40 ? park.name.slice(0, 39) + "…" : park.name;
    const shown = P.groupOf(park);
    const group = shown && shown.flagged ? P.letter(shown.place) : "";
    const width = widthOf(text, FONTS.park) + (group ? 18 : 0) + 2;
    const at = P.map.latLngToContainerPoint(P.point(park.at));
    const free = spots(at, park, width).filter(([x, y]) => space.free(boxAt(x, y, width, 16), true));
    const spot = free.find((one) => !isOnAnother(park, one, width)) || free[0];
    if (!spot) return false;
    space.take(boxAt(spot[0], spot[1], width, 16));
    const chip = group && P.h("span", { class: "pm-chip-group", style: { background: P.groupColour(shown), color: P.groupInk(shown) } }, group);
    put(P.h("div", { class: "pm-label pm-label-" + P.standing(park) }, P.name(text), chip), spot[0], spot[1]);
    return true;
  };
  const rank = (park) => {
    const tier = P.TIERS.indexOf(P.standing(park));
    return (tier < 0 ? 3 : tier) * 1e7 - Math.min(park.ha || 0, 9e6);
  };
  const ordered = new Map();
  const inOrder = () => {
    const parks = P.parksNow();
    if (!ordered.has(parks)) ordered.set(parks, parks.filter((park) => park.at).map((park) => [rank(park), park]).sort(([a], [b]) => a - b).map(([, park]) => park));
    return ordered.get(parks);
  };
  const chosenParks = () => {
    const { finding, park, pair } = P.state;
    if (finding !== null) return P.data.findings[finding].parks;
    if (pair !== null) return pair;
    return park !== null ? [park] : [];
  };
  // The chosen parks and the national ones, which come before small badges; then the rest.
  const seenParks = () => {
    const chosen = new Set(chosenParks());
    const isSeen = inView();
    const wanted = [...chosen].map((i) => P.data.parks[i]).filter((park) => park.at && isSeen(park.at));
    const seen = [...wanted, ...inOrder().filter((park) => isSeen(park.at) && !chosen.has(P.todayOf(park).i) && P.isParkShown(park))].slice(0, MOST_TRIES);
    const isFirst = (park) => wanted.includes(park) || isLeading(park);
    return [seen.filter(isFirst), seen.filter((park) => !isFirst(park))];
  };
  const placeParkNames = (space, parks, most) => {
    let left = most;
    parks.every((park) => { if (left > 0 && placeName(space, park)) left -= 1; return left > 0; });
    return left;
  };
  const placeDistrictNames = (space) => P.data.context.forEach((ground) => {
    if (!ground.at || !ground.name || !P.map.hasLayer(P.layers[ground.layer])) return;
    const at = P.map.latLngToContainerPoint(P.point(ground.at));
    if (ground.rings.length && P.contextStyle(ground.layer).round) at.y += 13;  // under its dot
    const width = widthOf(ground.name, FONTS.district) * 1.25;
    const box = boxAt(at.x, at.y, width, 18);
    if (!space.free(box, true)) return;
    space.take(box);
    put(P.h("div", { class: "pm-label pm-label-district" }, P.name(ground.name)), at.x, at.y);
  });

  const takeControls = (space) => {
    const map = P.map.getContainer().getBoundingClientRect();
    P.map.getContainer().querySelectorAll(".leaflet-control").forEach((control) => {
      const box = control.getBoundingClientRect();
      if (box.width) space.take([box.left - map.left, box.top - map.top, box.right - map.left, box.bottom - map.top]);
    });
  };
  let asked = 0;
  P.placeNamesSoon = () => {
    if (!P.isMany()) { P.placeNames(); return; }
    cancelAnimationFrame(asked);  // a zoom says so three times
    asked = requestAnimationFrame(P.placeNames);
  };
  P.placeNames = () => {
    if (!P.isReady) return;
    cancelAnimationFrame(asked);
    P.map.getPane("pm-names").replaceChildren();
    const space = new Space(P.map.getSize());
    const [badges, small] = seenBadges(), [leading, parks] = P.map.hasLayer(P.layers.labels) ? seenParks() : [[], []];
    badges.forEach((finding) => placeBadge(space, finding));
    takeControls(space);
    const left = placeParkNames(space, leading, MOST_NAMES);
    small.forEach((finding) => placeBadge(space, finding));
    placeParkNames(space, parks, left);
    placeDistrictNames(space);
  };
  P.badgeShown = (finding) => P.passes(finding)
    && (finding.rings ? P.map.hasLayer(P.layers[P.groundLayer(finding)])
      : P.isLinked(finding) && P.map.hasLayer(P.layers.homogeneity));
})(window.Parkmap);
