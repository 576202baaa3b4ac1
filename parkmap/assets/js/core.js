// Data, words and small tools of the page. Every string from the data reaches it as text.
window.Parkmap = window.Parkmap || {};
(function (P) {
  "use strict";

  P.SEVERITIES = ["high", "medium", "low", "info"];
  P.TIERS = ["national", "provincial", "municipal"];
  P.state = {
    lang: "zh", tab: "findings", finding: null, park: null, pair: null,
    filter: { off: new Set(), kind: "", tier: "", district: "", sector: "", text: "" },
  };

  // --- elements -------------------------------------------------------------------------------
  const attach = (element, key, value) => {
    if (value === undefined || value === null || value === false) return;
    if (key === "class") element.className = value;
    else if (key === "style") Object.assign(element.style, value);
    else if (key === "on") Object.entries(value).forEach(([k, f]) => element.addEventListener(k, f));
    else element.setAttribute(key, value === true ? "" : value);
  };
  const fill = (element, children) => {
    children.flat(3).forEach((child) => {
      if (child === undefined || child === null || child === false || child === "") return;
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    });
    return element;
  };
  P.h = (tag, attrs, ...children) => {
    const element = document.createElement(tag);
    Object.entries(attrs || {}).forEach(([key, value]) => attach(element, key, value));
    return fill(element, children);
  };
  P.svg = (tag, attrs, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(attrs || {}).forEach(([key, value]) => element.setAttribute(key, value));
    children.forEach((child) => element.append(child));
    return element;
  };
  P.icon = (path) => P.svg("svg", { viewBox: "0 0 24 24", class: "pm-icon", "aria-hidden": "true" },
    P.svg("path", { d: path }));
  P.replace = (id, ...children) => {
    const element = document.getElementById(id);
    element.replaceChildren();
    return fill(element, children);
  };
  // A name is set apart so that a right-to-left letter in it cannot reorder its neighbours.
  P.name = (text) => P.h("bdi", { class: "pm-name" }, text);

  // --- words ----------------------------------------------------------------------------------
  const lookup = (key) => key.split(".").reduce(
    (tree, part) => (tree === undefined ? undefined : tree[part]), P.data.text[P.state.lang]);
  P.t = (key, values) => {
    const text = lookup(key);
    if (typeof text !== "string") throw new Error("no text for " + key);
    return text.replace(/\{(\w+)\}/g, (whole, name) =>
      (values && name in values ? String(values[name]) : whole));
  };
  P.term = (group, key) => P.t("terms." + group + "." + key);
  P.own = (pair) => pair[P.state.lang];
  P.sector = (node) => (P.data.sectors[node] || [node, node])[P.state.lang === "zh" ? 0 : 1];
  P.list = (words) => words.join(P.t("terms.list_separator"));

  // --- figures, as messages/amounts.py writes them ----------------------------------------------------
  const writers = new Map();
  const grouped = (value, digits) => {
    if (!writers.has(digits)) writers.set(digits, new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }));
    return writers.get(digits).format(Number(P.fixed(value, digits)));
  };
  // Halves go to the even figure, as Python writes them: 6.25 is 6.2, 6.75 is 6.8.
  P.fixed = (value, digits) => {
    const low = Math.floor(value * 10 ** digits);
    if (Math.abs(value * 2 ** (digits + 1)) % 2 !== 1) return value.toFixed(digits);
    return ((low + Math.abs(low % 2)) / 10 ** digits).toFixed(digits);
  };
  P.number = (value, digits) => grouped(value, digits);
  P.area = (squareMetres) => (squareMetres > 0 && squareMetres < 50
    ? P.t("terms.square_metres", { m2: Math.floor(squareMetres + 0.5) || "<1" })
    : P.t("terms.area", {
      ha: grouped(squareMetres / 1e4, 2),
      mu: grouped(Math.floor((Math.round(P.fixed(squareMetres / 1e4, 2) * 100) * 15 + 50) / 100), 0),
    }));
  P.percent = (share) => (share > 0 && share < 0.0005 ? "<0.1%" : P.fixed(share * 100, 1) + "%");
  P.distance = (metres) => (metres >= 1000
    ? P.t("terms.kilometres", { km: P.fixed(metres / 1000, 1) })
    : P.t("terms.metres", { m: metres > 0 && metres < 0.005 ? "<0.01" : P.fixed(metres, metres >= 10 ? 0 : metres > 0 && metres < 0.05 ? 2 : 1) }));
  P.alike = (share) => P.t("alike." + (Math.round(share * 100) === 25 ? "quarter" : "t" + Math.min(10, Math.floor(share * 10 + 0.5))));
  P.circled = (n) => {
    if (n <= 20) return String.fromCharCode(0x2460 + n - 1);
    if (n <= 35) return String.fromCharCode(0x3251 + n - 21);
    if (n <= 50) return String.fromCharCode(0x32b1 + n - 36);
    return P.state.lang === "zh" ? "\uff08" + n + "\uff09" : "(" + n + ")";
  };
  P.letter = (place) => (place < 26 ? "" : P.letter(Math.floor(place / 26) - 1))
    + String.fromCharCode(65 + (place % 26));

  // --- shapes ---------------------------------------------------------------------------------
  P.point = (at) => [at[1] / 1e6, at[0] / 1e6];
  // Text of rings, see parkmap/webmap/shapes.py: told(x, y) for a vertex, begun(isOuter, isLine) before a ring.
  const DIGITS = new Int8Array(128);
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].forEach((letter, i) => { DIGITS[letter.charCodeAt(0)] = i; });
  P.readRings = (text, begun, told) => {
    let x = 0, y = 0, isX = true;
    for (let i = 0; i < text.length;) {
      const code = text.charCodeAt(i);
      if (code === 59 || code === 44 || code === 58) { begun(code === 59, code === 58); x = 0; y = 0; isX = true; i += 1; continue; }
      let number = 0, shift = 1, digit;
      do { digit = DIGITS[text.charCodeAt(i)]; i += 1; number += (digit & 31) * shift; shift *= 32; } while (digit > 31);
      const step = number % 2 ? -(number + 1) / 2 : number / 2;
      if (isX) x += step; else { y += step; told(x, y); }
      isX = !isX;
    }
  };
  // Where a shape reaches from the point of its label: west, south, east, north.
  P.boxOf = ({ at, box }) => (box ? [at[0] - box[0], at[1] - box[1], at[0] + box[2], at[1] + box[3]] : [at[0], at[1], at[0], at[1]]);
  // Lines of a layer under the parks; of one vertex it is a point.
  P.lines = (text) => {
    const lines = [];
    let line;
    P.readRings(text, (isOuter, isLine) => { line = []; if (isLine) lines.push(line); }, (x, y) => line.push([y / 1e6, x / 1e6]));
    return lines;
  };
  P.latlngs = (text) => {
    const polygons = [];
    let ring;
    P.readRings(text, (isOuter, isLine) => {
      ring = [];
      if (isLine) return;
      if (isOuter) polygons.push([]);
      polygons[polygons.length - 1].push(ring);
    }, (x, y) => ring.push([y / 1e6, x / 1e6]));
    return polygons;
  };

  // --- what belongs together ------------------------------------------------------------------
  P.index = (data, rings) => {
    data.parks.forEach((park, i) => {
      park.i = i; park.findings = [];
      if (rings[i]) park.rings = rings[i];
    });
    data.findings.forEach((finding, i) => {
      finding.i = i;
      const [a, b] = finding.parks.map((p) => data.parks[p].at);
      if (!finding.at && finding.parks.length === 2 && a && b) {
        finding.at = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
        finding.ends = [a, b];  // its number goes near an end: half-way it seems a third park's
      }
      finding.parks.forEach((p) => data.parks[p].findings.push(i));
    });
    let place = 0;
    data.clusters.forEach((cluster) => {
      if (cluster.flagged) cluster.place = place++;
      cluster.parks.forEach((p) => { if (!data.parks[p].cluster) data.parks[p].cluster = cluster; });
    });
    return data;
  };
  // The group a park is drawn in, and all of them; a trial shows its own instead (whatif.js).
  P.groupOf = (park) => park.cluster;
  P.groupsShown = () => P.data.clusters.filter((cluster) => cluster.flagged);
  // What the map shows now: the parks of today and their findings, unless a plan is looked at (plan.js).
  P.parksNow = () => P.data.parks;
  P.todayOf = (park) => park;
  P.stands = () => true;
  P.findingsNow = () => P.data.findings.filter(P.stands);
  P.systemNow = () => P.data;
  P.planWords = () => "";
  P.names = (finding) => finding.parks.map((p) => P.data.parks[p].name);
  // Its tier, or "other" for what stands beside the counted system.
  P.standing = (park) => (park.counted && P.TIERS.includes(park.tier) ? park.tier : "other");
  P.tierKey = (park) => "park_" + P.standing(park);
  P.tierWord = (park) => {
    if (!park.tier) return P.t("tier_unknown");
    return P.term("tier", park.tier) + (park.counted ? "" : P.t("beside"));
  };
  // 郫都区(高新西区)、武侯区 -> 郫都区, 武侯区: the task is the district's.
  P.districts = (park) => (park.district || "").replace(/[(\uff08][^)\uff09]*[)\uff09]?/g, "")
    .split(/[、,\uff0c;\uff1b/|]/).map((name) => name.trim()).filter(Boolean);
  P.mixInBrief = (park) => P.list(P.mix(park).slice(0, 4)) + (P.mix(park).length > 4 ? "…" : "");
  P.isOpen = () => P.state.finding !== null || P.state.park !== null || P.state.pair !== null;
  P.isPolicy = (finding) => finding.severity === "info";
  P.mix = (park) => (park.mix || []).map(([node]) => P.sector(node)).concat(park.words || []);
})(window.Parkmap);
