// Parks, shared ground and links on the Leaflet map.
(function (P) {
  "use strict";
  const PALE = "#c6ced8", FAMILY = "#b9c6cf";
  const EDGES = {
    national: { weight: 3, dashArray: null },
    provincial: { weight: 1.6, dashArray: null },
    municipal: { weight: 1.5, dashArray: "6 3" },
    other: { weight: 1.4, dashArray: "1.5 3" },
  };
  const ink = (key) => P.data.palette[key];  // palette.py, as on the picture
  P.outline = (key) => ({ color: ink("outlines")[key], ...EDGES[key] });
  const RADII = { national: 7.5, provincial: 6, municipal: 5, other: 5 };
  P.groupColour = (cluster) => ink("groups")[cluster.place % ink("groups").length];
  P.groupInk = (cluster) => ink("group_inks")[cluster.place % ink("group_inks").length];
  P.fillOf = (park) => {
    const group = P.groupOf(park);
    if (!group) return { fillColor: PALE, fillOpacity: 0.4 };
    if (!group.flagged) return { fillColor: FAMILY, fillOpacity: 0.6 };
    return { fillColor: P.groupColour(group), fillOpacity: 0.62 };
  };
  // After a change of groups or of what is dimmed.
  P.restyle = () => P.data.parks.forEach((park) => { if (park.shape) park.shape.setStyle(styleOf(park)); });
  const styleOf = (park) => ({ opacity: 0.95, ...P.outline(P.standing(park)), ...P.fillOf(park) });
  P.swatch = (style) => {
    const box = P.svg("svg", { viewBox: "0 0 30 18", class: "pm-swatch", "aria-hidden": "true" });
    const shape = style.round ? P.svg("circle", { cx: 15, cy: 9, r: 5.5 })
      : P.svg("path", { d: style.line ? "M1 9H29" : "M3 3.5 27 2.5 26 15 8 15.5Z" });
    Object.entries({
      fill: style.fillColor || "none", "fill-opacity": style.fillOpacity ?? 1,
      stroke: style.color || "none", "stroke-width": style.weight || 0,
      "stroke-dasharray": style.dashArray || "none", "stroke-linejoin": "round",
    }).forEach(([key, value]) => shape.setAttribute(key, value));
    box.append(shape);
    return box;
  };
  const GROUNDS = {
    overlap: ["overlap", { weight: 1.8, fillColor: "url(#pm-hatch)" }],
    policy: ["informing", { weight: 1, dashArray: "3 3", fillColor: "url(#pm-hatch-info)" }],
    control: ["control", { weight: 1.8, fillColor: "url(#pm-hatch-control)" }],
  };
  P.ground = (key) => ({ color: ink(GROUNDS[key][0]), fillOpacity: 1, ...GROUNDS[key][1] });
  const LINKS = {
    rivalry: ["rivalry", { weight: 1.6, dashArray: "7 3" }],
    coarse: ["rivalry", { weight: 1.6, dashArray: "2 6" }],
    complementary: ["complementary", { weight: 1.8, dashArray: "10 3 2 3" }],
    informing: ["informing", { weight: 1.4, dashArray: "4 4" }],
  };
  P.link = (key) => ({ color: ink(LINKS[key][0]), ...LINKS[key][1] });
  P.linkKey = (finding) => {
    if (finding.verdict === "complementary") return "complementary";
    if (P.isPolicy(finding)) return "informing";
    return finding.coarse ? "coarse" : "rivalry";
  };
  P.groundLayer = (finding) => (P.isPolicy(finding) ? "policy" : finding.kind === "control" ? "control" : "overlap");

  const pane = (name, order) => { P.map.createPane(name).style.zIndex = order; return name; };
  P.preparePanes = () => {
    [["pm-context", 210], ["pm-links", 395], ["pm-parks", 400], ["pm-ground", 420],
      ["pm-lit", 430], ["pm-names", 610]].forEach(([name, order]) => pane(name, order));
    P.map.getPane("pm-names").classList.add("pm-names", "leaflet-zoom-hide");
    P.hatchable = L.svg({ pane: "pm-ground", padding: 0.3 });  // a canvas has no hatching
    P.lighter = L.svg({ pane: "pm-lit", padding: 0.3 });
    P.lit = L.layerGroup().addTo(P.map);
  };

  const bound = (shape) => (shape.getBounds ? shape.getBounds()
    : L.latLngBounds([shape.getLatLng(), shape.getLatLng()]));
  const tooltip = (shape, content) => shape.bindTooltip(content,
    { sticky: true, direction: "top", opacity: 1, className: "pm-tip" });
  const onClick = (shape, content, select) => shape.on("click", (event) => {
    L.DomEvent.stopPropagation(event);
    select();
    P.popup(event.latlng, content());
  });
  P.popup = (where, content) => L.popup({ maxWidth: 300, className: "pm-popup", autoPanPadding: [24, 24] })
    .setLatLng(where).setContent(content).openOn(P.map);

  // The first layer is the ground itself; the others are outlines on it.
  const EDGES_UNDER = [["#5d7f4e", null], ["#8a6d3b", "6 3"], ["#7a5a93", "2 3"], ["#3c7d8c", "8 3 2 3"]];
  P.contextStyle = (key) => {
    const place = P.data.contexts.findIndex(([name]) => name === key);
    const kind = P.data.contexts[place][2];
    if (place === 0 && kind === "area") return { color: "#b4bfca", weight: 1, fillColor: "#fbfaf6", fillOpacity: P.data.tiles ? 0 : 1 };
    const [color, dashArray] = EDGES_UNDER[(place + EDGES_UNDER.length - 1) % EDGES_UNDER.length];
    if (kind === "point") return { color: "#fff", weight: 1, fillColor: color, fillOpacity: 1, round: true };
    return { color, dashArray, weight: kind === "line" ? 2 : 1.3, fillOpacity: 0, line: kind === "line" };
  };
  P.drawContext = () => P.data.context.forEach((ground) => {
    if (!ground.rings.length) return;
    const style = { ...P.contextStyle(ground.layer), pane: "pm-context", interactive: false }, layer = P.layers[ground.layer];
    const polygons = P.latlngs(ground.rings), lines = P.lines(ground.rings);
    if (polygons.length) L.polygon(polygons, style).addTo(layer);
    const long = lines.filter((line) => line.length > 1);
    if (long.length) L.polyline(long, style).addTo(layer);
    lines.filter((line) => line.length === 1).forEach(([at]) => L.circleMarker(at, { ...style, radius: 3.5 }).addTo(layer));
  });
  const parkShape = (park) => {
    if (park.rings) return L.polygon(P.latlngs(park.rings), { pane: "pm-parks", ...styleOf(park) });
    return L.circleMarker(P.point(park.at), { pane: "pm-parks", radius: RADII[P.standing(park)], ...styleOf(park) });
  };
  // Around the part its label stands in.
  P.frameOf = (park) => {
    if (!park.frame) {
      const frames = P.latlngs(park.rings).map((polygon) => L.latLngBounds(polygon[0]));
      park.frame = frames.find((frame) => frame.contains(P.point(park.at))) || frames[0];
    }
    return park.frame;
  };
  P.drawParks = () => {
    const bySize = [...P.data.parks].sort((a, b) => (b.ha || 0) - (a.ha || 0));  // small ones on top
    const placed = bySize.filter((park) => park.at);
    if (P.isMany()) { P.drawMany(placed, styleOf); return; }
    placed.forEach((park) => {
      park.shape = parkShape(park);
      tooltip(park.shape, () => P.parkTip(park));
      onClick(park.shape, () => P.parkPopup(park), () => P.select({ park: park.i }, { zoom: false }));
      park.shape.addTo(P.layers[P.tierKey(park)]);
    });
  };
  const drawPiece = (finding) => {
    finding.shape = L.polygon(P.latlngs(finding.rings),
      { pane: "pm-ground", renderer: P.hatchable, ...P.ground(P.groundLayer(finding)) });
    tooltip(finding.shape, () => P.findingTip(finding));
    onClick(finding.shape, () => P.findingPopup(finding),
      () => P.select({ finding: finding.i }, { zoom: false }));
  };
  const line = (a, b, style) => L.polyline([P.point(a), P.point(b)], { pane: "pm-links", ...style });
  P.isLinked = (finding) => finding.parks.length === 2 && finding.kind !== "overlap" && !P.isPolicy(finding)
    && finding.parks.every((p) => P.data.parks[p].at);
  const drawLink = (finding) => {
    const [a, b] = finding.parks.map((p) => P.data.parks[p].at);
    finding.link = line(a, b, { ...P.link(P.linkKey(finding)), opacity: 0.8 });
    tooltip(finding.link, () => P.findingTip(finding));
    finding.link.on("click", (event) => { L.DomEvent.stopPropagation(event); P.select({ finding: finding.i }, { zoom: false }); });
  };
  P.drawLinks = () => {
    P.layers.homogeneity.on("add", () => P.showFiltered());
    P.layers.synergy.once("add", () => P.data.links.forEach(([a, b, synergy]) => {
      const ends = [P.data.parks[a].at, P.data.parks[b].at];
      if (!ends[0] || !ends[1]) return;
      line(ends[0], ends[1], {
        ...P.link("complementary"), weight: 1 + 3 * Math.min(1, synergy), opacity: 0.65,
        interactive: false,
      }).addTo(P.layers.synergy);
    }));
  };
  const showOne = (finding, key, layer, isShown, draw) => {
    if (isShown && !finding[key]) draw(finding);
    if (!finding[key]) return;
    if (isShown) layer.addLayer(finding[key]); else layer.removeLayer(finding[key]);
  };
  // The panel's filter holds on the map too. Of thousands, what nobody sees is not drawn.
  P.showFiltered = () => {
    const isMany = P.isMany(), isOn = P.map.hasLayer(P.layers.homogeneity);
    P.data.findings.forEach((finding) => {
      finding.isShown = P.passes(finding);
      if (P.isLinked(finding)) showOne(finding, "link", P.layers.homogeneity, finding.isShown && (isOn || !isMany), drawLink);
    });
    P.showGround();
  };
  P.showGround = () => {
    const isSeen = P.isMany() ? P.groundSeen() : () => true;
    P.data.findings.forEach((finding) => {
      if (finding.rings) showOne(finding, "shape", P.layers[P.groundLayer(finding)], finding.isShown && isSeen(finding), drawPiece);
    });
    if (P.isMany()) P.repaintMany();
  };

  // --- selection ------------------------------------------------------------------------------
  const light = (shape) => shape.addTo(P.lit);
  const lightPark = (park) => {
    if (!park.at) return;
    const options = { pane: "pm-lit", renderer: P.lighter, interactive: false };
    if (!park.rings) {
      light(L.circleMarker(P.point(park.at), { ...options, radius: 11, color: "#fff", weight: 6, fill: false }));
      light(L.circleMarker(P.point(park.at), { ...options, ...styleOf(park), radius: 9, color: "#0b3d7a", weight: 3, dashArray: null }));
      return;
    }
    const shape = P.latlngs(park.rings);
    light(L.polygon(shape, { ...options, color: "#fff", weight: 7, fill: false }));
    light(L.polygon(shape, { ...options, ...styleOf(park), color: "#0b3d7a", weight: 3, dashArray: null }));
  };
  const lightGround = (finding) => {
    if (!finding.rings) return;
    light(L.polygon(P.latlngs(finding.rings), {
      pane: "pm-lit", renderer: P.lighter, interactive: false,
      ...P.ground(P.groundLayer(finding)), weight: 2.6,
    }));
  };
  const lightLink = (finding) => {
    const [a, b] = finding.parks.map((p) => P.data.parks[p].at);
    if (finding.parks.length !== 2 || finding.kind === "overlap" || !a || !b) return;
    const options = { pane: "pm-lit", renderer: P.lighter, interactive: false };
    light(line(a, b, { ...options, color: "#fff", weight: 6 }));
    light(line(a, b, { ...options, ...P.link(P.linkKey(finding)), weight: 2.6 }));
  };
  const grown = (bounds, shape) => bounds.extend(bound(shape));
  const boundsOf = (parks) => parks.filter((park) => park.shape)
    .reduce((bounds, park) => grown(bounds, park.shape), L.latLngBounds([]));
  P.wholeMap = () => {
    const bounds = P.isMany() ? P.manyBounds() : boundsOf(P.data.parks);
    return bounds.isValid() ? bounds : L.latLngBounds([[30, 103], [31, 105]]);
  };
  // Legend, layer box, north arrow and, on a phone, the sheet lie over the map: keep what is shown clear of them.
  const clear = (gap) => {
    const size = P.map.getSize(), legend = document.getElementById("pm-legend"), box = document.querySelector("details#pm-layers");
    const left = legend && legend.open && size.x > 700 ? legend.offsetWidth : 0;
    const right = box && box.open && size.x > 700 ? box.offsetWidth : 0;
    const below = document.getElementById("pm-panel").getBoundingClientRect().top;
    const covered = Math.max(0, P.map.getContainer().getBoundingClientRect().bottom - below);
    const under = covered < size.y * 0.8 ? covered : 0;  // beside the map the panel covers nothing
    return { paddingTopLeft: [gap + left, gap], paddingBottomRight: [gap + right, gap + under] };
  };
  P.fitWhole = () => P.map.fitBounds(P.wholeMap(), { ...clear(P.map.getSize().x < 600 ? 18 : 38), animate: false });
  P.zoomTo = (bounds, maxZoom) => {
    if (!bounds.isValid()) return;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const gap = P.map.getSize().x < 600 ? 24 : 60;
    P.map.flyToBounds(bounds, { ...clear(gap), maxZoom: maxZoom || 14.5, duration: 0.6, animate: !still });
  };
  P.lightUp = (zoom) => {
    const { finding, park, pair } = P.state;
    P.lit.clearLayers();
    P.map.getContainer().classList.toggle("pm-dimmed", P.isOpen());
    if (finding !== null) {
      const found = P.data.findings[finding];
      const parks = found.parks.map((p) => P.data.parks[p]);
      parks.forEach(lightPark); lightGround(found); lightLink(found);
      if (zoom) P.zoomTo(boundsOf(parks));
    } else if (pair !== null) {
      pair.forEach((p) => lightPark(P.data.parks[p]));
      if (zoom) P.zoomTo(boundsOf(pair.map((p) => P.data.parks[p])));
    } else if (park !== null) {
      lightPark(P.data.parks[park]);
      P.data.parks[park].findings.map((f) => P.data.findings[f])
        .filter((f) => !P.isPolicy(f)).forEach((f) => { lightGround(f); lightLink(f); });
      if (zoom) P.zoomTo(boundsOf([P.data.parks[park]]), 13);
    }
    P.placeNames();
  };
  P.zoomToGroup = (cluster) => P.zoomTo(boundsOf(cluster.parks.map((p) => P.data.parks[p])));
})(window.Parkmap);
