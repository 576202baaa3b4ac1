// Length and area by pointing at the map, on the ellipsoid of CGCS2000, not on the screen.
(function (P) {
  "use strict";
  const { h, t } = P;
  const A = 6378137, F = 1 / 298.257222101, B = A * (1 - F), E2 = F * (2 - F), E = Math.sqrt(E2);
  const RAD = Math.PI / 180;
  // Metres between two places: T. Vincenty, Survey Review 23 (1975) 88-93; does not converge
  // for places opposite each other on the globe, which no city has.
  P.geodesic = ([lat1, lng1], [lat2, lng2]) => {
    const [u1, u2] = [lat1, lat2].map((lat) => Math.atan((1 - F) * Math.tan(lat * RAD)));
    const dLng = (lng2 - lng1) * RAD;
    let lambda = dLng, before = Infinity, metres = 0;
    for (let i = 0; i < 100 && Math.abs(lambda - before) > 1e-12; i += 1) {
      before = lambda;
      const y = Math.hypot(Math.cos(u2) * Math.sin(lambda), Math.cos(u1) * Math.sin(u2) - Math.sin(u1) * Math.cos(u2) * Math.cos(lambda));
      const x = Math.sin(u1) * Math.sin(u2) + Math.cos(u1) * Math.cos(u2) * Math.cos(lambda);
      if (y === 0) return 0;
      const sigma = Math.atan2(y, x), sinA = Math.cos(u1) * Math.cos(u2) * Math.sin(lambda) / y, cos2A = 1 - sinA * sinA;
      const middle = cos2A ? x - 2 * Math.sin(u1) * Math.sin(u2) / cos2A : 0;
      const c = F / 16 * cos2A * (4 + F * (4 - 3 * cos2A));
      const u = cos2A * (A * A - B * B) / (B * B);
      const big = 1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u))), small = u / 1024 * (256 + u * (-128 + u * (74 - 47 * u)));
      const dSigma = small * y * (middle + small / 4 * (x * (2 * middle * middle - 1) - small / 6 * middle * (4 * y * y - 3) * (4 * middle * middle - 3)));
      lambda = dLng + (1 - c) * F * sinA * (sigma + c * y * (middle + c * x * (2 * middle * middle - 1)));
      metres = B * big * (sigma - dSigma);
    }
    return metres;
  };
  // Square metres: edges as great circles between authalic latitudes on the sphere of equal area.
  const q = (sin) => (1 - E2) * (sin / (1 - E2 * sin * sin) + Math.atanh(E * sin) / E);
  const POLE = q(1);
  P.ellipsoidalArea = (points) => {
    const half = points.map(([lat]) => Math.tan(Math.asin(q(Math.sin(lat * RAD)) / POLE) / 2));
    const excess = points.reduce((sum, [, lng], i) => {
      const next = (i + 1) % points.length, across = Math.tan((points[next][1] - lng) * RAD / 2);
      return sum + 2 * Math.atan(across * (half[i] + half[next]) / (1 + half[i] * half[next]));
    }, 0);
    return Math.abs(excess) * A * A * POLE / 2;
  };
  const turn = (a, b, c) => Math.sign((b[1] - a[1]) * (c[0] - a[0]) - (b[0] - a[0]) * (c[1] - a[1]));
  const cross = (a, b, c, d) => turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
  P.crossesItself = (points) => points.some((a, i) => points.some((c, j) => j > i
    && cross(a, points[(i + 1) % points.length], c, points[(j + 1) % points.length])));

  let on = false, points = [], drawing = null;
  P.isMeasuring = () => on;
  const length = (metres) => (metres >= 1000 ? t("terms.kilometres", { km: P.number(metres / 1000, 2) })
    : t("terms.metres", { m: P.number(metres, metres >= 10 ? 0 : 1) }));
  const along = (line) => line.slice(1).reduce((sum, point, i) => sum + P.geodesic(line[i], point), 0);
  const said = () => {
    if (points.length < 2) return t("measure.hint");
    const lines = t("measure.length", { length: length(along(points)) });
    if (points.length < 3) return lines;
    if (P.crossesItself(points)) return lines + t("measure.crossed");
    return lines + t("measure.area", { around: length(along([...points, points[0]])), area: P.area(P.ellipsoidalArea(points)) });
  };
  const draw = () => {
    drawing.clearLayers();
    const style = { pane: "pm-measure", interactive: false, color: "#0b3d7a" };
    if (points.length > 2) L.polygon(points, { ...style, weight: 1, dashArray: "4 4", fillOpacity: 0.12 }).addTo(drawing);
    if (points.length > 1) L.polyline(points, { ...style, weight: 3 }).addTo(drawing);
    points.forEach((point) => L.circleMarker(point, { ...style, radius: 4, fillColor: "#fff", fillOpacity: 1 }).addTo(drawing));
    document.getElementById("pm-measured").textContent = said();
  };
  P.measureAt = (where) => { points.push([where.lat, where.lng]); draw(); };
  const centre = () => P.measureAt(P.map.getCenter());
  const act = (word, does) => h("button", { class: "pm-plain-button", type: "button", on: { click: does } }, t("measure." + word));
  const box = () => h("div", { class: "pm-measure-box", id: "pm-measure-box", role: "group", "aria-label": t("measure.title") },
    h("p", { id: "pm-measured", role: "status" }),
    h("div", {}, act("add", centre), act("undo", () => { points.pop(); draw(); }), act("clear", () => { points = []; draw(); }), act("close", P.stopMeasuring)));
  const byKey = (event) => {
    if (!on || event.target !== P.map.getContainer()) return;
    if (event.key === "Enter") centre();
    else if (event.key === "Backspace") { points.pop(); draw(); } else return;
    event.preventDefault();
  };
  const press = () => { const made = document.getElementById("pm-measure"); if (made) made.setAttribute("aria-pressed", String(on)); };
  // After a change of language.
  P.measureDrawn = () => {
    const old = document.getElementById("pm-measure-box");
    if (old) old.remove();
    press();
    if (!on) return;
    const made = box();
    L.DomEvent.disableClickPropagation(made);
    P.map.getContainer().append(made);
    draw();
  };
  const set = (wanted) => {
    on = wanted;
    points = [];
    if (!drawing) {
      P.map.createPane("pm-measure").style.zIndex = 640;
      drawing = L.layerGroup().addTo(P.map);
      P.map.getContainer().addEventListener("keydown", byKey);
    }
    drawing.clearLayers();
    P.map.closePopup();
    P.map.getContainer().classList.toggle("pm-measuring", on);
    P.map.doubleClickZoom[on ? "disable" : "enable"]();
    P.measureDrawn();
  };
  P.stopMeasuring = () => { set(false); document.getElementById("pm-measure").focus(); };
  P.measureButton = (icon) => h("a", {
    href: "#", role: "button", id: "pm-measure", title: t("measure.title"), "aria-label": t("measure.title"), "aria-pressed": String(on),
    on: {
      click: (event) => { event.preventDefault(); set(!on); if (on) P.map.getContainer().focus(); },
      keydown: (event) => { if (event.key === " ") { event.preventDefault(); event.currentTarget.click(); } },
    },
  }, P.icon(icon));
})(window.Parkmap);
