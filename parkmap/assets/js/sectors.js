// The tab of sectors: chips that light up parks and findings, the ways to matrix and chains.
(function (P) {
  "use strict";
  const { h, t } = P;
  const filter = P.state.filter;
  const MOST_CHIPS = 18, MOST_ROWS = 60;
  const DIM = { fillOpacity: 0.08, opacity: 0.35 };
  P.inSector = (park) => !filter.sector || (park.mix || []).some(([id]) => P.isAtOrBelow(id, filter.sector));
  const plainFill = P.fillOf;
  P.fillOf = (park) => (P.inSector(park) ? plainFill(park) : { ...plainFill(park), ...DIM });

  P.filterSector = (id) => {
    filter.sector = filter.sector === id ? "" : id;
    P.state.tab = "sectors";
    P.restyle(); P.showFiltered();
    P.select({}, {});
    const chip = document.querySelector('[data-sector="' + CSS.escape(id) + '"]');
    if (chip) chip.focus({ preventScroll: true });
  };
  P.sectorChip = () => (filter.sector ? h("button", {
    class: "pm-sector-on", type: "button", title: t("sectors.clear"), on: {
      click: () => { filter.sector = ""; P.restyle(); P.drawPanel(); P.showFiltered(); P.placeNames(); },
    },
  }, t("sectors.on", { sector: P.sector(filter.sector) }), P.icon("M6 6l12 12M18 6L6 18")) : null);

  // --- counts ---------------------------------------------------------------------------------
  const counted = () => {
    if (P.data.carriers) return P.data.carriers;
    const found = new Map();
    P.data.parks.forEach((park) => P.carried(park).forEach((_, id) => found.set(id, (found.get(id) || 0) + 1)));
    P.data.carriers = found;
    return found;
  };
  const ranked = (ids) => ids.map((id) => [id, counted().get(id) || 0]).filter(([, n]) => n)
    .sort(([a, n], [b, m]) => m - n || P.sectorOrder(a, b));
  const under = (parent) => ranked(Object.keys(P.data.sectors).filter((id) => P.parentOf(id) === parent));
  const open = { all: false };
  const chip = ([id, n]) => h("button", {
    class: "pm-sector", type: "button", "data-sector": id, "aria-pressed": String(filter.sector === id),
    on: { click: () => P.filterSector(id) },
  }, P.sector(id), h("b", {}, n));
  const chipRow = (parent, className) => {
    const all = under(parent), shown = open.all ? all : all.slice(0, MOST_CHIPS);
    return all.length ? h("div", { class: "pm-sector-chips " + className }, shown.map(chip),
      shown.length < all.length ? h("button", { class: "pm-link", type: "button", on: { click: () => { open.all = true; P.drawPanel(); } } }, t("sectors.more", { n: all.length - shown.length })) : null) : null;
  };
  const path = () => { const line = []; for (let id = filter.sector; id; id = P.parentOf(id)) line.unshift(id); return line; };

  const chosen = () => {
    if (!filter.sector) return h("p", { class: "pm-quiet" }, t("sectors.hint"));
    const parks = P.data.parks.filter(P.inSector);
    const findings = P.data.findings.filter(P.passes);
    return [
      h("p", { class: "pm-sector-said", "aria-live": "polite" }, t("sectors.said", { sector: P.sector(filter.sector), parks: parks.length, findings: findings.length })),
      h("div", { class: "pm-sector-acts" },
        h("button", { class: "pm-plain-button", type: "button", id: "pm-sector-findings", on: { click: () => { P.state.tab = "findings"; P.drawPanel(); } } }, t("sectors.to_findings")),
        P.isSegment(filter.sector) && !P.parentOf(filter.sector) ? null
          : h("button", { class: "pm-plain-button", type: "button", on: { click: () => P.openChain(P.isSegment(filter.sector) ? P.parentOf(filter.sector) : filter.sector) } }, t("sectors.to_chain"))),
      h("ul", { class: "pm-plain" }, parks.slice(0, MOST_ROWS).map((park) => h("li", {}, P.parkButton(park)))),
      parks.length > MOST_ROWS ? h("p", { class: "pm-quiet" }, t("sectors.more_parks", { n: parks.length - MOST_ROWS })) : null];
  };
  P.sectorsTab = () => [
    h("div", { class: "pm-sector-views" },
      h("button", { class: "pm-plain-button", type: "button", id: "pm-open-matrix", on: { click: P.openMatrix } }, t("matrix.title")),
      h("button", { class: "pm-plain-button", type: "button", id: "pm-open-chain", on: { click: () => P.openChain() } }, t("chain.title"))),
    h("section", { class: "pm-section" }, h("h3", {}, t("sectors.title")),
      chipRow("", ""), path().map((id) => chipRow(id, "pm-sector-below"))),
    chosen(),
    P.expertSection()];
})(window.Parkmap);
