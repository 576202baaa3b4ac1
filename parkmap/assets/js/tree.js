// The tree of tiers in the layer box: the whole system, its tiers, their parks.
(function (P) {
  "use strict";
  const { h, t } = P;
  const MOST_ROWS = 400;
  const hidden = new Set();
  const open = new Set();
  const tiers = () => [...P.TIERS, "other"].filter((tier) => of(tier).length);
  const byTier = new Map();
  const of = (tier) => {
    const parks = P.parksNow();
    if (!byTier.has(parks)) byTier.set(parks, {});
    const found = byTier.get(parks);
    if (!found[tier]) found[tier] = parks.filter((park) => P.standing(park) === tier);
    return found[tier];
  };
  const isPlanned = () => P.parksNow() !== P.data.parks;
  P.isParkShown = (park) => !hidden.has(park) && (isPlanned() || P.map.hasLayer(P.layers[P.tierKey(park)]));

  // A tier without a shown park is a layer taken off; one with some holds only their shapes.
  const apply = (tier) => {
    const layer = P.layers[isPlanned() ? "plan" : "park_" + tier];
    const parks = of(tier).filter((park) => park.shape);
    if (!isPlanned() && of(tier).every((park) => hidden.has(park))) { P.map.removeLayer(layer); return; }
    parks.forEach((park) => {
      if (hidden.has(park) === !layer.hasLayer(park.shape)) return;
      if (hidden.has(park)) layer.removeLayer(park.shape); else layer.addLayer(park.shape);
    });
    P.map.addLayer(layer);
  };
  const set = (parks, shown) => parks.forEach((park) => { if (shown) hidden.delete(park); else hidden.add(park); });
  const changed = (some) => { some.forEach(apply); mark(); P.placeNames(); };
  const check = (box, parks) => {
    const off = parks.filter((park) => hidden.has(park)).length;
    box.checked = off === 0;
    box.indeterminate = off > 0 && off < parks.length;
  };
  const mark = () => {
    const root = document.querySelector('[data-tree="all"]');
    if (!root) return;
    check(root, P.parksNow());
    tiers().forEach((tier) => check(document.querySelector('[data-layer="park_' + tier + '"]'), of(tier)));
    document.querySelectorAll("[data-tree-park]").forEach((box) => { box.checked = !hidden.has(P.parksNow()[Number(box.dataset.treePark)]); });
  };
  const box = (attrs, act) => h("input", { type: "checkbox", ...attrs, on: { change: (event) => act(event.target.checked) } });
  const leaf = (park, tier) => h("li", {}, h("label", {},
    box({ "data-tree-park": park.i }, (shown) => { set([park], shown); changed([tier]); }), P.name(park.name)));
  const leaves = (tier) => [of(tier).slice(0, MOST_ROWS).map((park) => leaf(park, tier)),
    of(tier).length > MOST_ROWS ? h("li", { class: "pm-quiet" }, t("tree.more", { n: of(tier).length - MOST_ROWS })) : null];
  const branch = (tier) => {
    const id = "pm-tree-" + tier;
    const list = h("ul", { class: "pm-tree-leaves", id, hidden: !open.has(tier) }, open.has(tier) ? leaves(tier) : []);
    const word = t("layer.park_" + tier) + " " + of(tier).length;
    return h("li", {}, h("div", { class: "pm-tree-row" },
      h("label", {}, box({ "data-layer": "park_" + tier }, (shown) => { set(of(tier), shown); changed([tier]); }), h("span", {}, word)),
      h("button", {
        class: "pm-tree-open", type: "button", "aria-expanded": String(open.has(tier)), "aria-controls": id,
        title: t("tree.open", { tier: t("layer.park_" + tier) }), "aria-label": t("tree.open", { tier: t("layer.park_" + tier) }),
        on: {
          click: (event) => {
            const now = !open.delete(tier);
            if (now) open.add(tier);
            list.replaceChildren(...(now ? leaves(tier).flat().filter(Boolean) : []));
            list.hidden = !now;
            event.currentTarget.setAttribute("aria-expanded", String(now));
            mark();
          },
        },
      }, P.icon("M7 10l5 5 5-5"))), list);
  };
  const rows = () => [
    h("label", { class: "pm-tree-root" }, box({ "data-tree": "all" }, (shown) => { set(P.parksNow(), shown); changed(tiers()); }),
      h("span", {}, t("tree.all", { system: P.systemNow().system }))),
    h("ul", {}, tiers().map(branch))];
  P.tierTree = () => h("div", { class: "pm-tree", id: "pm-tree" }, rows());
  P.treeDrawn = mark;
  P.redrawTree = () => { P.replace("pm-tree", rows()); mark(); };
})(window.Parkmap);
