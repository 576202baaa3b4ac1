// The side panel: tabs, filter, the ranked list, the open card.
(function (P) {
  "use strict";
  const { h, t } = P;
  const filter = P.state.filter;
  const ROWS = 200;
  let most = ROWS;
  const haystack = (finding) => [
    finding.id, P.circled(finding.number), finding.number, P.kindWord(finding), finding.line || "", ...P.names(finding),
    ...finding.parks.map((p) => P.data.parks[p].district || ""), ...finding.shared.map(P.sector)].join(" ");
  const parkHaystack = (park) => [park.id, park.name, park.district || "", park.body || "", ...P.mix(park)].join(" ");
  const ofParks = (parks) => (!filter.tier || parks.some((park) => P.standing(park) === filter.tier))
    && (!filter.district || parks.some((park) => P.districts(park).includes(filter.district)));
  // Of a kind, or of one word of it: what its row says.
  const WORDS = { overlap: "relation", homogeneity: "verdict" };
  const narrower = (finding) => finding.kind + "/" + (finding[WORDS[finding.kind]] || "");
  const isOfKind = (finding) => !filter.kind || finding.kind === filter.kind || narrower(finding) === filter.kind;
  const inSector = (parks) => !filter.sector || parks.some(P.inSector);
  P.passes = (finding) => P.stands(finding) && !filter.off.has(finding.severity)
    && isOfKind(finding)
    && ofParks(finding.parks.map((p) => P.data.parks[p])) && inSector(finding.parks.map((p) => P.data.parks[p]))
    && (!filter.text || P.found(filter.text, haystack(finding), finding.parks.map((p) => P.data.parks[p]), finding.shared));
  const parkPasses = (park) => ofParks([park]) && inSector([park]) && (!filter.text || P.found(filter.text, parkHaystack(park), [park], (park.mix || []).map(([id]) => id)));

  // --- rows -----------------------------------------------------------------------------------
  P.findingButton = (finding) => h("button", {
    class: "pm-row pm-edge-" + finding.severity, type: "button", "data-finding": finding.id,
    on: { click: () => P.select({ finding: finding.i }, { zoom: true, focus: true }) },
  }, P.badge(finding),
  h("span", { class: "pm-row-main" },
    h("span", { class: "pm-row-title" }, P.crossed(finding)),
    h("span", { class: "pm-row-say" }, h("b", {}, P.kindWord(finding)), P.figures(finding) ? " · " + P.figures(finding) : "")),
  P.chip(finding.severity));
  P.parkRow = (park) => P.parkButton(park);
  P.parkButton = (park) => h("button", {
    class: "pm-row", type: "button", "data-park": park.id,
    on: { click: () => P.select({ park: park.i }, { zoom: true, focus: true }) },
  }, P.swatch({ ...P.outline(P.standing(park)), ...P.fillOf(park), round: !park.rings }),
  h("span", { class: "pm-row-main" },
    h("span", { class: "pm-row-title" }, P.name(park.name)),
    h("span", { class: "pm-row-say" }, [park.district, P.list(P.mix(park))].filter(Boolean).join(" · "))),
  h("span", { class: "pm-count" }, park.findings.length || ""));

  // --- filter ---------------------------------------------------------------------------------
  const changed = () => { most = ROWS; P.showFiltered(); P.placeNames(); drawList(); };
  const chips = () => h("div", { class: "pm-chips", role: "group", "aria-label": t("filter.severity") },
    P.SEVERITIES.map((severity) => h("button", {
      class: "pm-toggle pm-" + severity, type: "button", "data-severity": severity,
      "aria-pressed": String(!filter.off.has(severity)),
      on: {
        click: (event) => {
          if (!filter.off.delete(severity)) filter.off.add(severity);
          event.currentTarget.setAttribute("aria-pressed", String(!filter.off.has(severity)));
          changed();
        },
      },
    }, P.term("severity", severity), h("b", {}, P.findingsNow().filter((finding) => finding.severity === severity).length))));
  const choice = (key, any, options) => h("select", {
    "aria-label": t("filter." + key), on: { change: (event) => { filter[key] = event.target.value; changed(); } },
  }, h("option", { value: "" }, any), options.map((one) => (typeof one[1] === "string" ? option(key, one)
    : h("optgroup", { label: one[0] }, one[1].map((inner) => option(key, inner))))));
  const option = (key, [value, word]) => {
    const made = h("option", { value }, word);
    made.selected = filter[key] === value;
    return made;
  };
  const kindsOf = (kind) => {
    const words = P.data.text[P.state.lang].terms[WORDS[kind]];
    const some = Object.keys(words).filter((word) => P.data.findings.some((finding) => narrower(finding) === kind + "/" + word));
    return [t("filter.kinds." + kind), [[kind, t("filter.kinds.all_" + kind)], ...some.map((word) => [kind + "/" + word, words[word]])]];
  };
  P.kindChoices = () => {
    const has = new Set(P.data.findings.map((finding) => finding.kind));
    return ["overlap", "homogeneity", "both", "control"].filter((kind) => has.has(kind))
      .map((kind) => (WORDS[kind] ? kindsOf(kind) : [kind, P.term("kind", kind)]));
  };
  let districts = null;
  const allDistricts = () => {
    districts = districts || [...new Set(P.data.parks.flatMap(P.districts))].sort((a, b) => a.localeCompare(b, "zh"));
    return districts;
  };
  const selects = () => h("div", { class: "pm-selects" },
    P.state.tab === "findings" ? choice("kind", t("filter.any_kind"), P.kindChoices()) : null,
    choice("tier", t("filter.any_tier"), [...P.TIERS.map((tier) => [tier, P.term("tier", tier)]),
      ...(P.data.parks.some((park) => P.standing(park) === "other") ? [["other", t("layer.park_other")]] : [])]),
    allDistricts().length ? choice("district", t("filter.any_district"), allDistricts().map((d) => [d, d])) : null);
  const search = () => h("input", {
    type: "search", class: "pm-search", placeholder: t("filter.search"), "aria-label": t("filter.search"),
    title: t("filter.search_hint"), value: filter.text, on: { input: (event) => { filter.text = event.target.value.trim(); changed(); } },
  });
  const kindWord = () => {
    const [kind, word] = filter.kind.split("/");
    return word ? P.term(WORDS[kind], word) : WORDS[kind] ? t("filter.kinds.all_" + kind) : P.term("kind", kind);
  };
  // What the filter lets through, in words; "" without one.
  P.filterWords = () => {
    const shown = P.SEVERITIES.filter((severity) => !filter.off.has(severity));
    return [
      filter.off.size ? t("filter.severity") + t("colon") + (P.list(shown.map((one) => P.term("severity", one))) || t("filter.no_severity")) : "",
      filter.kind && kindWord(), filter.tier && (filter.tier === "other" ? t("layer.park_other") : P.term("tier", filter.tier)), filter.district,
      filter.sector && t("sectors.on", { sector: P.sector(filter.sector) }), filter.text && t("filter.searched", { words: filter.text })].filter(Boolean).join(t("clause"));
  };
  const isFiltered = () => filter.off.size || filter.kind || filter.tier || filter.district || filter.sector || filter.text;
  const reset = () => {
    most = ROWS;
    filter.off.clear();
    Object.assign(filter, { kind: "", tier: "", district: "", sector: "", text: "" });
    P.restyle(); P.drawPanel(); P.showFiltered(); P.placeNames();
  };

  // From a sector on a card to every park that names it.
  P.searchFor = (word) => {
    filter.off.clear();
    Object.assign(filter, { kind: "", tier: "", district: "", sector: "", text: word });
    P.restyle();
    P.state.tab = "parks";
    P.showFiltered();
    P.select({}, {});
    document.querySelector(".pm-search").focus();
  };

  // --- the list -------------------------------------------------------------------------------
  const drawList = () => {
    const findings = P.state.tab === "findings";
    const all = findings ? P.findingsNow() : P.parksNow();
    const passing = all.filter(findings ? P.passes : (park) => parkPasses(P.todayOf(park)));
    const shown = findings || !filter.text ? passing : passing.map((park) => [P.nearness(filter.text, P.todayOf(park)), park]).sort(([a], [b]) => a - b).map(([, park]) => park);
    const none = findings ? t(all.length ? "none_match" : "none_found") : t("no_park_match");
    P.replace("pm-shown", t(findings ? "filter.shown" : "filter.shown_parks", { shown: shown.length, total: all.length }),
      isFiltered() ? h("button", { class: "pm-link", type: "button", on: { click: reset } }, t("button.reset")) : null);
    P.replace("pm-list", shown.length
      ? [shown.slice(0, most).map((one) => h("li", {}, findings ? P.findingButton(one) : P.parkRow(one))),
        shown.length > most ? h("li", { class: "pm-empty" }, h("button", { class: "pm-link", type: "button", id: "pm-more-rows", on: { click: moreRows } },
          t("more_rows", { n: Math.min(ROWS, shown.length - most), left: shown.length - most }))) : null]
      : h("li", { class: "pm-empty" }, none));
  };
  const moreRows = () => {
    const first = most;
    most += ROWS;
    drawList();
    document.querySelectorAll("#pm-list .pm-row")[first].focus();
  };
  const walk = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const rows = [...document.querySelectorAll("#pm-list .pm-row")];
    const next = rows[rows.indexOf(document.activeElement) + step];
    if (next) { next.focus(); event.preventDefault(); }
  };
  const tab = (key, count) => h("button", {
    class: "pm-tab", type: "button", role: "tab", id: "pm-tab-" + key, "aria-controls": "pm-list",
    "aria-selected": String(P.state.tab === key),
    on: { click: () => { P.state.tab = key; most = ROWS; P.drawPanel(); P.openSheet(true); } },
  }, t("tab." + key), count === "" ? null : h("span", {}, count));
  const handle = () => h("button", {
    class: "pm-handle", type: "button", id: "pm-handle", "aria-expanded": "false",
    "aria-label": t("button.sheet_open"), on: { click: () => P.openSheet() },
  });
  P.openSheet = (open) => {
    const panel = document.getElementById("pm-panel");
    const now = panel.classList.toggle("pm-open", open);
    const grip = document.getElementById("pm-handle");
    grip.setAttribute("aria-expanded", String(now));
    grip.setAttribute("aria-label", t(now ? "button.sheet_close" : "button.sheet_open"));
  };
  // What a large layer's page leaves out.
  P.leftOut = () => {
    const { totals, parks, findings } = P.data;
    return [
      P.state.missing ? t("cut.address", { id: P.state.missing }) : null,
      findings.length < totals.findings ? t("cut.findings", { shown: P.number(findings.length, 0), total: P.number(totals.findings, 0) }) : null,
      parks.length < totals.parks ? t("cut.parks", { shown: P.number(parks.length, 0), total: P.number(totals.parks, 0) }) : null].filter(Boolean);
  };
  const notices = () => [
    P.leftOut().map((said) => h("p", { class: "pm-notice" }, said)),
    P.planWords() ? h("p", { class: "pm-notice" }, P.planWords()) : null,
    P.data.too_coarse ? h("p", { class: "pm-notice" }, t("too_coarse")) : null,
    P.data.problems ? h("p", { class: "pm-notice pm-notice-quiet" }, t("problems", { n: P.data.problems })) : null];

  const step = (finding, by, word, path) => {
    const shown = P.findingsNow().filter(P.passes);
    const next = shown[shown.indexOf(finding) + by];
    return h("button", {
      class: "pm-step", type: "button", disabled: !next, title: t(word), "aria-label": t(word),
      on: { click: () => next && P.select({ finding: next.i }, { zoom: true, focus: true }) },
    }, P.icon(path));
  };
  const drawCard = () => {
    const { finding, park, pair } = P.state;
    const found = finding === null ? null : P.data.findings[finding];
    const shown = () => (pair ? P.pairCard(...pair.map((p) => P.data.parks[p])) : P.parkCard(P.data.parks[park]));
    P.replace("pm-panel", handle(), h("div", { class: "pm-card-bar" },
      h("button", { class: "pm-back", type: "button", id: "pm-back", on: { click: () => P.select({}, { back: true }) } },
        P.icon("M15 5l-7 7 7 7"), t("button.back")),
      found ? h("span", { class: "pm-steps" }, step(found, -1, "button.previous", "M6 15l6-6 6 6"),
        step(found, 1, "button.next", "M6 9l6 6 6-6")) : null),
    h("div", { class: "pm-scroll", id: "pm-card" }, found ? P.findingCard(found) : shown()));
  };
  P.drawPanel = () => {
    const panel = document.getElementById("pm-panel");
    panel.setAttribute("aria-label", t("tab.findings"));
    if (P.isOpen()) { drawCard(); return; }
    const findings = P.state.tab === "findings";
    const tabs = h("div", { class: "pm-tabs", role: "tablist" },
      tab("findings", P.findingsNow().length), tab("parks", P.parksNow().length), tab("sectors", ""));
    if (P.state.tab === "sectors") {
      P.replace("pm-panel", handle(), tabs, h("div", { class: "pm-scroll pm-sectors", id: "pm-list" }, P.sectorsTab()));
      P.expertDrawn();
      return;
    }
    P.replace("pm-panel", handle(), tabs,
      h("div", { class: "pm-filter" }, search(), findings ? chips() : null, selects(), P.sectorChip()),
      notices(),
      h("div", { class: "pm-shown", id: "pm-shown", "aria-live": "polite" }),
      h("ol", { class: "pm-list pm-scroll", id: "pm-list", on: { keydown: walk } }));
    drawList();
  };
})(window.Parkmap);
