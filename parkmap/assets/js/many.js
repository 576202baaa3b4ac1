// Thousands of parks on one canvas of their own: Leaflet's paths would take seconds.
(function (P) {
  "use strict";
  const FROM = 1500, CELLS = 64, LEAST_STEP = 0.8, DOT = 1.6, PLAIN = 4, NEAR = 4, DASHED_FROM = 14, PIECE = 5, BESIDE = 0.3;
  const RADII = { national: 7.5, provincial: 6, municipal: 5, other: 5 };
  let shapes = [], painter = null, cells = null, frame = null, isHeld = true;
  P.isMany = () => P.data.parks.length >= FROM && P.map.options.crs === L.CRS.EPSG3857;

  // Vertices are kept as Leaflet's pixels of zoom 0.
  const eastward = (x) => 256 * (x / 360e6 + 0.5);
  const southward = (y) => {
    const sine = Math.sin(y / 1e6 * Math.PI / 180);
    return 256 * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI));
  };
  const grow = (box, x, y) => {
    if (x < box[0]) box[0] = x;
    if (y < box[1]) box[1] = y;
    if (x > box[2]) box[2] = x;
    if (y > box[3]) box[3] = y;
  };
  const later = () => { if (painter && !isHeld) painter.repaintLater(); };
  const Shape = L.Layer.extend({
    initialize(park, style) {
      this.park = park; this.style = style; this.isOn = false;
      const [west, south, east, north] = P.boxOf(park);
      this.box = [eastward(west), southward(north), eastward(east), southward(south)];
    },
    // Vertices are read when somebody comes near enough to see them, or when the browser has time.
    need() {
      if (this.at || !this.park.rings) return;
      const at = [], begins = [], frames = [];
      P.readRings(this.park.rings, (isOuter) => {
        begins.push(at.length);
        frames.push(isOuter ? [Infinity, Infinity, -Infinity, -Infinity] : null);
      }, (x, y) => {
        const px = eastward(x), py = southward(y), own = frames[frames.length - 1];
        at.push(px, py);
        if (own) grow(own, px, py);
      });
      begins.push(at.length);
      this.at = Float64Array.from(at); this.begins = begins; this.frames = frames.filter(Boolean);
    },
    getBounds() { return bounds(this.box); },
    setStyle(style) { this.style = style; later(); return this; },
    onAdd() { this.isOn = true; later(); },
    onRemove() { this.isOn = false; later(); },
  });
  const bounds = ([left, top, right, low]) => L.latLngBounds(P.map.unproject([left, low], 0), P.map.unproject([right, top], 0));

  // --- drawing --------------------------------------------------------------------------------
  const trace = (brush, shape, scale, x0, y0) => {
    shape.need();
    const { at, begins } = shape;
    brush.beginPath();
    for (let ring = 0; ring + 1 < begins.length; ring += 1) {
      let x = at[begins[ring]] * scale - x0, y = at[begins[ring] + 1] * scale - y0;
      brush.moveTo(x, y);
      for (let i = begins[ring] + 2; i < begins[ring + 1]; i += 2) {
        const nextX = at[i] * scale - x0, nextY = at[i + 1] * scale - y0;
        if (Math.abs(nextX - x) + Math.abs(nextY - y) < LEAST_STEP) continue;
        x = nextX; y = nextY;
        brush.lineTo(x, y);
      }
      brush.closePath();
    }
  };
  const paintShape = (brush, shape, scale, x0, y0) => {
    const { style, box, park } = shape;
    const size = park.rings ? Math.max(box[2] - box[0], box[3] - box[1]) * scale : 99;
    if (size < DOT) {
      brush.globalAlpha = style.opacity; brush.fillStyle = style.color;
      brush.fillRect(box[0] * scale - x0 - DOT / 2, box[1] * scale - y0 - DOT / 2, DOT, DOT);
      return;
    }
    if (size < PLAIN) {
      brush.beginPath(); brush.rect(box[0] * scale - x0, box[1] * scale - y0, (box[2] - box[0]) * scale, (box[3] - box[1]) * scale);
    } else if (park.rings) trace(brush, shape, scale, x0, y0);
    else { brush.beginPath(); brush.arc(box[0] * scale - x0, box[1] * scale - y0, RADII[P.standing(park)], 0, 2 * Math.PI); }
    brush.globalAlpha = style.fillOpacity; brush.fillStyle = style.fillColor;
    brush.fill("evenodd");
    brush.globalAlpha = style.opacity; brush.strokeStyle = style.color;
    brush.lineWidth = Math.min(style.weight, Math.max(0.6, size / 7));  // far away an outline must not be a blot
    brush.setLineDash(style.dashArray && size >= DASHED_FROM ? style.dashArray.split(" ").map(Number) : []);
    brush.stroke();
  };
  // Shared ground too small to be hatched.
  const sizeOf = ({ box }, scale) => Math.max(box[0] + box[2], box[1] + box[3]) * scale * 256 / 360e6;
  const paintPieces = (brush, scale, x0, y0) => {
    brush.globalAlpha = 0.9;
    P.data.findings.forEach((finding) => {
      const key = P.groundLayer(finding);
      if (!finding.isShown || !finding.box || sizeOf(finding, scale) >= PIECE || !P.map.hasLayer(P.layers[key])) return;
      const side = key === "policy" ? 2 : 3;
      brush.fillStyle = P.ground(key).color;
      brush.fillRect(eastward(finding.at[0]) * scale - x0 - side / 2, southward(finding.at[1]) * scale - y0 - side / 2, side, side);
    });
  };
  // Whether a piece of shared ground is in view and big enough for a shape of its own.
  P.groundSeen = () => {
    const scale = 2 ** P.map.getZoom(), view = P.map.getBounds().pad(BESIDE);
    const [west, south, east, north] = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()].map((degrees) => degrees * 1e6);
    return (finding) => {
      if (!finding.box || sizeOf(finding, scale) < PIECE) return false;
      const box = P.boxOf(finding);
      return box[2] >= west && box[0] <= east && box[3] >= south && box[1] <= north;
    };
  };
  const paint = (brush, view) => {
    const scale = 2 ** P.map.getZoom(), { x: x0, y: y0 } = P.map.getPixelOrigin();
    const [left, top] = [(view.min.x + x0 - 12) / scale, (view.min.y + y0 - 12) / scale];
    const [right, low] = [(view.max.x + x0 + 12) / scale, (view.max.y + y0 + 12) / scale];
    brush.lineJoin = "round";
    shapes.forEach((shape) => {
      const { box } = shape;
      if (!shape.isOn || box[2] < left || box[0] > right || box[3] < top || box[1] > low) return;
      paintShape(brush, shape, scale, x0, y0);
    });
    paintPieces(brush, scale, x0, y0);
    brush.globalAlpha = 1;
    brush.setLineDash([]);
  };
  const Painter = L.Canvas.extend({
    _initContainer() {
      L.Canvas.prototype._initContainer.call(this);
      this._container.style.pointerEvents = "none";  // the map itself asks which park lies under a pointer
    },
    _draw() { if (!isHeld) paint(this._ctx, this._bounds); },
    repaintLater() { this._redrawRequest = this._redrawRequest || L.Util.requestAnimFrame(this._redraw, this); },
  });

  // --- which park lies where ------------------------------------------------------------------
  const cellOf = (value, from, size) => Math.max(0, Math.min(CELLS - 1, Math.floor((value - from) / size)));
  const sort = () => {
    frame = [Infinity, Infinity, -Infinity, -Infinity];
    shapes.forEach(({ box }) => { grow(frame, box[0], box[1]); grow(frame, box[2], box[3]); });
    frame.push((frame[2] - frame[0]) / CELLS || 1, (frame[3] - frame[1]) / CELLS || 1);
    cells = Array.from({ length: CELLS * CELLS }, () => []);
    shapes.forEach((shape) => {
      const [left, top, right, low] = shape.box;
      for (let i = cellOf(left, frame[0], frame[4]); i <= cellOf(right, frame[0], frame[4]); i += 1) {
        for (let j = cellOf(top, frame[1], frame[5]); j <= cellOf(low, frame[1], frame[5]); j += 1) cells[j * CELLS + i].push(shape);
      }
    });
  };
  const holds = (shape, x, y, near) => {
    const { box } = shape;
    if (x < box[0] - near || x > box[2] + near || y < box[1] - near || y > box[3] + near) return false;
    if (!shape.park.rings || Math.max(box[2] - box[0], box[3] - box[1]) < 2 * near) return true;
    shape.need();
    const { at, begins } = shape;
    let isIn = false;
    for (let ring = 0; ring + 1 < begins.length; ring += 1) {
      for (let i = begins[ring], j = begins[ring + 1] - 2; i < begins[ring + 1]; j = i, i += 2) {
        if (at[i + 1] > y !== at[j + 1] > y && x < (at[j] - at[i]) * (y - at[i + 1]) / (at[j + 1] - at[i + 1]) + at[i]) isIn = !isIn;
      }
    }
    return isIn;
  };
  // The topmost park at a point of the layer, in pixels.
  P.parkAt = (point) => {
    const scale = 2 ** P.map.getZoom(), at = point.add(P.map.getPixelOrigin()).divideBy(scale), near = NEAR / scale;
    const found = cells[cellOf(at.y, frame[1], frame[5]) * CELLS + cellOf(at.x, frame[0], frame[4])];
    for (let i = found.length - 1; i >= 0; i -= 1) if (found[i].isOn && holds(found[i], at.x, at.y, near)) return found[i].park;
    return null;
  };
  const isOther = (event) => Boolean(event.originalEvent.target.closest("path, button, .leaflet-control, .leaflet-popup"));
  const parkUnder = (event) => (P.isMany() && !isOther(event) ? P.parkAt(event.layerPoint) : null);
  P.clickedPark = (event) => {
    const park = parkUnder(event);
    if (!park) return false;
    P.select({ park: park.i }, { zoom: false });
    P.popup(event.latlng, P.parkPopup(park));
    return true;
  };
  const follow = () => {
    const tip = L.tooltip({ direction: "top", opacity: 1, className: "pm-tip" });
    let last = null;
    const leave = () => { last = null; tip.remove(); P.map.getContainer().style.cursor = ""; };
    P.map.on("mousemove", (event) => {
      const park = parkUnder(event);
      if (!park) { if (last) leave(); return; }
      if (park !== last) { tip.setContent(P.parkTip(park)); P.map.getContainer().style.cursor = "pointer"; last = park; }
      tip.setLatLng(event.latlng).addTo(P.map);
    });
    P.map.on("mouseout dragstart zoomstart", leave);
  };

  const readOn = (left) => {
    let next = 0;
    const step = (deadline) => {
      while (next < left.length && deadline.timeRemaining() > 1) { left[next].need(); next += 1; }
      if (next < left.length) requestIdleCallback(step);
    };
    if (window.requestIdleCallback) requestIdleCallback(step);
  };
  P.manyBounds = () => (shapes.length ? bounds(frame) : L.latLngBounds([]));
  P.drawMany = (parks, styleOf) => {
    shapes = parks.map((park) => { park.shape = new Shape(park, styleOf(park)); return park.shape; });
    sort();
    painter = new Painter({ pane: "pm-parks", padding: BESIDE }).addTo(P.map);
    parks.forEach((park) => park.shape.addTo(P.layers[P.tierKey(park)]));
    follow();
  };
  // Until the page has its size nothing is painted.
  P.paintMany = () => { if (painter) { isHeld = false; painter._redraw(); readOn(shapes); } };
  P.repaintMany = later;
})(window.Parkmap);
