// The wide dialog: the matrix of likeness and the places of parks along a chain.
(function (P) {
  "use strict";
  const { h, t } = P;
  const MOST_PARKS = 120, LEAST_CELL = 6;
  const dialog = () => document.getElementById("pm-wide");
  let shown = null;
  P.closeWide = () => { if (dialog().open) dialog().close(); };
  const head = (title) => h("div", { class: "pm-dialog-head" }, h("h2", { tabindex: "-1" }, title),
    h("button", { class: "pm-button", type: "button", title: t("button.close"), "aria-label": t("button.close"), on: { click: P.closeWide } },
      P.icon("M6 6l12 12M18 6L6 18")));
  const open = (draw) => {
    shown = draw;
    if (!dialog().open) dialog().showModal();
    draw();
  };
  P.wideDrawn = () => { if (dialog().open && shown) shown(); };

  // --- the matrix -----------------------------------------------------------------------------
  const named = (park) => Boolean(park.mix);
  const place = (park) => (park.cluster && park.cluster.flagged ? park.cluster.place : Infinity);
  const main = (park) => (place(park) < Infinity ? "" : P.topOf(park.mix[0][0]) + " " + park.mix[0][0]);
  // Groups first, then the parks of the most alike pairs, then by what they chiefly do.
  P.matrixParks = () => {
    const parks = P.data.parks.filter(named);
    let kept = parks;
    if (parks.length > MOST_PARKS) {
      const chosen = new Set(parks.filter((park) => place(park) < Infinity).sort((a, b) => place(a) - place(b)).slice(0, MOST_PARKS));
      const { pairs, order } = P.data.trial.pairs ? P.data.trial : { pairs: [], order: [] };
      const rows = [];
      for (let i = 0; i < pairs.length; i += 4) rows.push(pairs.slice(i, i + 3));
      rows.sort((a, b) => b[2] - a[2] || a[0] - b[0] || a[1] - b[1]);
      for (const row of rows) {
        row.slice(0, 2).forEach((p) => { if (chosen.size < MOST_PARKS) chosen.add(P.data.parks[order[p]]); });
      }
      kept = chosen.size ? [...chosen] : parks.slice(0, MOST_PARKS);
    }
    return [...kept].sort((a, b) => place(a) - place(b) || (main(a) < main(b) ? -1 : main(a) > main(b) ? 1 : 0) || a.i - b.i);
  };
  const SHADES = [[0, [247, 249, 251]], [0.25, [214, 229, 241]], [0.5, [133, 182, 218]], [0.75, [33, 113, 181]], [1, [8, 40, 94]]];
  P.shade = (value) => {
    const above = SHADES.findIndex(([at]) => at >= value);
    if (above <= 0) return "rgb(" + SHADES[0][1].join(",") + ")";
    const [[low, from], [high, to]] = [SHADES[above - 1], SHADES[above]];
    const part = (value - low) / (high - low);
    return "rgb(" + from.map((v, i) => Math.round(v + (to[i] - v) * part)).join(",") + ")";
  };
  const pairWords = (a, b) => (a === b ? a.name : t("matrix.pair", {
    left: a.name, right: b.name, similarity: P.fixed(P.likeness(a, b), 2), overlap: P.percent(P.overlapShare(a, b)),
  }));
  const legend = () => h("p", { class: "pm-shades", "aria-hidden": "true" }, "0", [0, 0.25, 0.5, 0.75, 1].map((value) => h("i", { style: { background: P.shade(value) } })), "1");
  const drawMatrix = () => {
    const parks = P.matrixParks(), n = parks.length, all = P.data.parks.filter(named).length;
    const width = Math.min(1060, window.innerWidth - 84);
    const margin = width > 700 ? 190 : 0;
    const cell = Math.max(LEAST_CELL, Math.min(26, Math.floor((width - margin) / Math.max(1, n))));
    const side = cell * n;
    const canvas = h("canvas", { class: "pm-matrix", id: "pm-matrix", tabindex: "0", role: "img", "aria-label": t("matrix.label", { n }), "aria-describedby": "pm-matrix-said" });
    const said = h("p", { class: "pm-matrix-said", id: "pm-matrix-said", "aria-live": "polite" }, t("matrix.hint"));
    const dpr = window.devicePixelRatio || 1;
    canvas.width = (margin + side) * dpr; canvas.height = side * dpr;
    canvas.style.width = margin + side + "px"; canvas.style.height = side + "px";
    const brush = canvas.getContext("2d");
    let at = null;
    const font = Math.min(12.5, cell * 0.85);
    const cut = (name) => {
      let word = name;
      while (word && brush.measureText(word).width > margin - 14) word = word.slice(0, -1);
      return word === name ? name : word.slice(0, -1) + "…";
    };
    const names = () => {
      if (!margin || cell < 9) return;
      brush.font = font + "px 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif";
      brush.textAlign = "right"; brush.textBaseline = "middle";
      parks.forEach((park, i) => {
        brush.fillStyle = at && at.includes(i) ? "#0b4a8f" : "#36424f";
        brush.fillText(cut(park.name), margin - 8, (i + 0.5) * cell);
      });
    };
    const frames = () => {
      for (let from = 0; from < n;) {
        let to = from;
        while (to < n && place(parks[to]) === place(parks[from])) to += 1;
        if (place(parks[from]) < Infinity) {
          brush.strokeStyle = P.data.palette.medium; brush.lineWidth = 2;
          brush.strokeRect(margin + from * cell, from * cell, (to - from) * cell, (to - from) * cell);
        }
        from = to;
      }
    };
    const paint = () => {
      brush.setTransform(dpr, 0, 0, dpr, 0, 0);
      brush.clearRect(0, 0, margin + side, side);
      const gap = cell > 8 ? 1 : 0;
      parks.forEach((a, i) => parks.forEach((b, j) => {
        brush.fillStyle = i === j ? "#e1e6eb" : P.shade(P.likeness(a, b));
        brush.fillRect(margin + j * cell, i * cell, cell - gap, cell - gap);
      }));
      frames(); names();
      if (!at) return;
      brush.strokeStyle = "#10202e"; brush.lineWidth = 2;
      brush.strokeRect(margin + at[1] * cell, at[0] * cell, cell, cell);
    };
    const go = (i, j) => {
      if (i < 0 || j < 0 || i >= n || j >= n || (at && at[0] === i && at[1] === j)) return;
      at = [i, j];
      paint();
      said.textContent = pairWords(parks[i], parks[j]);
    };
    const under = (event) => {
      const box = canvas.getBoundingClientRect();
      return [Math.floor((event.clientY - box.top) / cell), Math.floor((event.clientX - box.left - margin) / cell)];
    };
    const choose = () => {
      if (!at) return;
      const [a, b] = at.map((i) => parks[i]);
      if (a !== b) { P.openPair(a.i, b.i); return; }
      P.closeWide();
      P.select({ park: a.i }, { zoom: true, focus: true });
    };
    canvas.addEventListener("mousemove", (event) => go(...under(event)));
    canvas.addEventListener("click", (event) => { go(...under(event)); choose(); });
    canvas.addEventListener("focus", () => { if (!at && n) go(0, Math.min(1, n - 1)); });
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key];
      if (step && at) { go(at[0] + step[0], at[1] + step[1]); event.preventDefault(); }
      if (event.key === "Enter") choose();
    });
    P.replace("pm-wide", head(t("matrix.title")),
      h("p", { class: "pm-quiet" }, n < all ? t("matrix.cut", { n, all }) : t("matrix.all", { n }), " ", t("matrix.order")),
      n ? [legend(), said, h("div", { class: "pm-wide-scroll" }, canvas)] : h("p", { class: "pm-quiet" }, t("matrix.none")));
    paint();
  };
  P.openMatrix = () => open(drawMatrix);

  // --- along a chain --------------------------------------------------------------------------
  const naming = (chain) => P.data.parks.filter((park) => (park.mix || []).some(([id]) => P.isAtOrBelow(id, chain)));
  // Chains and their segments as the analysis lists them; the chains the most parks name first.
  P.chains = () => Object.keys(P.data.chains).map((id) => ({ id, parks: naming(id) }))
    .sort((a, b) => b.parks.length - a.parks.length || P.sectorOrder(a.id, b.id));
  P.chainTable = (chain) => {
    const parks = naming(chain).map((park) => {
      const shares = new Map(park.mix);
      return { park, shares, coarse: park.mix.filter(([id]) => !P.isSegment(id) && P.isAtOrBelow(id, chain)) };
    });
    const columns = P.data.chains[chain].map(([id, status]) => ({ id, status, link: P.linkOf(id), n: parks.filter((row) => row.shares.has(id)).length }));
    const reach = (row) => columns.filter((column) => row.shares.has(column.id)).length;
    parks.sort((a, b) => reach(b) - reach(a) || a.park.i - b.park.i);
    return { parks, columns };
  };
  const standing = (column) => ({ gap: "none", duplicated: "shared" })[column.status] || "single"; // one body, however many parks
  const cellOf = (row, column) => {
    const share = row.shares.get(column.id);
    if (share === undefined) return h("td", { class: "pm-chain-" + standing(column) });
    const word = P.sector(column.id) + " " + P.percent(share);
    return h("td", { class: "pm-chain-" + standing(column) }, h("i", { class: "pm-chain-dot", role: "img", title: row.park.name + t("colon") + word, "aria-label": word }));
  };
  const LINKWORD = ["unplaced", "up", "middle", "down"];
  const groupsOf = (columns) => {
    const found = [];
    columns.forEach((column) => {
      const last = found[found.length - 1];
      if (last && last.link === column.link) last.n += 1; else found.push({ link: column.link, n: 1 });
    });
    return found;
  };
  const parkHead = (row) => h("th", { scope: "row" }, h("button", {
    class: "pm-chain-park", type: "button", on: { click: () => { P.closeWide(); P.select({ park: row.park.i }, { zoom: true, focus: true }); } },
  }, P.name(row.park.name)),
  row.coarse.length ? h("small", {}, t("chain.coarse", { sectors: P.list(row.coarse.map(([id]) => P.sector(id))) })) : null);
  const chainTable = (chain) => {
    const { parks, columns } = P.chainTable(chain);
    return h("table", { class: "pm-chain" },
      h("caption", {}, h("span", {}, t("chain.caption", { chain: P.sector(chain), parks: parks.length, named: columns.filter((c) => c.n).length, all: columns.length }))),
      h("thead", {},
        h("tr", {}, h("th", { rowspan: 3, scope: "col" }, t("print.parks")),
          groupsOf(columns).map((one) => h("th", { colspan: one.n, scope: "colgroup", class: "pm-chain-link" }, t("chain." + LINKWORD[one.link])))),
        h("tr", { class: "pm-chain-names" }, columns.map((column) => h("th", { scope: "col", class: "pm-chain-" + standing(column) },
          h("button", { type: "button", title: P.sector(column.id), on: { click: () => { P.closeWide(); P.filterSector(column.id); } }, disabled: !column.n }, h("span", {}, P.sector(column.id)))))),
        h("tr", { class: "pm-chain-counts" }, columns.map((column) => h("td", { class: "pm-chain-" + standing(column) },
          column.n ? column.n : h("span", { title: t("chain.none") }, "–"))))),
      h("tbody", {}, parks.map((row) => h("tr", {}, parkHead(row), columns.map((column) => cellOf(row, column))))));
  };
  let chosen = "";
  const drawChain = () => {
    const chains = P.chains();
    if (!chains.some((one) => one.id === chosen)) chosen = chains.length ? chains[0].id : "";
    const options = chains.map((one) => {
      const option = h("option", { value: one.id }, t("chain.option", { chain: P.sector(one.id), n: one.parks.length }));
      option.selected = one.id === chosen;
      return option;
    });
    P.replace("pm-wide", head(t("chain.title")), chosen ? [
      h("div", { class: "pm-chain-bar" }, h("select", { id: "pm-chain-choice", "aria-label": t("chain.choose"), on: { change: (event) => { chosen = event.target.value; drawChain(); } } }, options),
        ["shared", "single", "none"].map((kind) => h("span", { class: "pm-chain-key pm-chain-" + kind }, kind === "none" ? null : h("i", { class: "pm-chain-dot" }), t("chain." + kind)))),
      h("div", { class: "pm-wide-scroll" }, chainTable(chosen)),
      h("p", { class: "pm-quiet" }, t("chain.note"))] : h("p", { class: "pm-quiet" }, t("chain.nothing")));
  };
  P.openChain = (chain) => { if (chain) chosen = chain; open(drawChain); };
})(window.Parkmap);
