// Header, footer, legend, layers, addresses, print; and the start of it all.
(function (P) {
  "use strict";
  const { h, t } = P;
  const ICONS = {
    full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
    print: "M7 8V3h10v5M7 17H4v-8h16v8h-3M7 14h10v7H7z",
    about: "M12 11v6M12 7.5v.2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z",
    layers: "M12 3l9 5-9 5-9-5 9-5zM3 12.5l9 5 9-5M3 17l9 5 9-5",
    home: "M4 11l8-7 8 7M6 10v10h12V10",
    measure: "M3 17L17 3l4 4L7 21zM7 13l2 2M10 10l3 3M13 7l2 2",
    close: "M6 6l12 12M18 6L6 18",
    legend: "M4 6h4v4H4zM4 14h4v4H4zM12 8h8M12 16h8",
  };
  const button = (icon, word, act, attrs) => h("button", {
    class: "pm-button", type: "button", title: word, "aria-label": word, on: { click: act }, ...attrs,
  }, P.icon(ICONS[icon]));

  // --- header and footer ----------------------------------------------------------------------
  const maker = () => t("maker", { name: P.data.publisher || "________" });
  const dated = () => {
    if (!P.data.date) return t("as_of_unknown");
    const said = { date: P.data.date };
    return P.data.date_from === "file" ? t("as_of_file", said) : t("as_of", said);
  };
  const tile = (label, value, note, kind) => h("div", { class: "pm-tile " + (kind || "") },
    h("span", { class: "pm-tile-label" }, label), h("b", {}, value), note ? h("small", {}, note) : null);
  const tools = () => h("div", { class: "pm-tools" },
    h("button", { class: "pm-button pm-lang", id: "pm-lang", type: "button", title: t("button.lang_title"), on: { click: switchLanguage } }, t("button.lang")),
    button("about", t("button.about"), () => document.getElementById("pm-about").showModal(), { id: "pm-about-open" }),
    document.fullscreenEnabled ? button("full", t("button.fullscreen"), toggleFullscreen, { id: "pm-full" }) : null,
    h("details", { class: "pm-menu" }, h("summary", { class: "pm-button", title: t("button.print"), "aria-label": t("button.print") }, P.icon(ICONS.print)),
      h("div", {}, ["a4", "a3"].map((paper) => h("button", { type: "button", on: { click: (event) => { event.target.closest("details").open = false; printOn(paper); } } }, t("button.print_" + paper))))));
  // Without the findings that fall away in a plan; of a page that lists some only it cannot be known.
  const total = (severity) => {
    const { findings, totals } = P.data, isCut = findings.length < totals.findings;
    return totals[severity || "findings"] - (isCut ? 0 : findings.filter((f) => !P.stands(f) && (!severity || f.severity === severity)).length);
  };
  P.drawHeader = () => P.replace("pm-head",
    h("div", { class: "pm-titles" }, h("h1", {}, P.name(P.own(P.data.title))),
      h("p", {}, dated(), h("span", { class: "pm-internal" }, t("internal")))),
    h("div", { class: "pm-tiles" },
      tile(t("system"), P.systemNow().system, P.systemNow().others ? t("system_beside", { others: P.systemNow().others }) : "", "pm-tile-wide"),
      tile(t("findings_count"), total(""), P.planWords() ? t("plan.mark") : ""),
      h("span", { class: "pm-rule" }),
      P.SEVERITIES.map((severity) => tile(P.term("severity", severity), total(severity), "", "pm-tile-" + severity))),
    tools());
  const drawFooter = () => P.replace("pm-foot",
    h("strong", {}, P.term("notice", "disclaimer")),
    P.data.schematic ? h("strong", {}, P.term("notice", "schematic")) : null,
    h("span", { class: "pm-foot-criteria", title: P.own(P.data.criteria) }, P.own(P.data.criteria)),
    P.data.thinned_m ? h("span", {}, t("thinned", { m: P.data.thinned_m })) : null,
    P.data.tiles ? h("span", {}, t("tiles", { source: P.data.tiles }), P.data.tiles_shifted ? t("clause") + t("tiles_shifted") : "") : null,
    P.data.publisher ? h("span", { class: "pm-foot-maker", title: maker() }, maker()) : null, h("span", {}, dated()), h("span", {}, t("review")));
  const drawAbout = () => P.replace("pm-about",
    h("div", { class: "pm-dialog-head" }, h("h2", {}, t("about.title")),
      button("close", t("button.close"), () => document.getElementById("pm-about").close())),
    h("h3", {}, t("about.rules")),
    h("table", {}, P.own(P.data.rules).map(([severity, rule]) => h("tr", {}, h("th", {}, P.chip(severity)), h("td", {}, rule)))),
    h("h3", {}, t("about.criteria")), h("p", {}, P.own(P.data.criteria)), h("p", {}, t("terms.notice.weights")),
    h("h3", {}, t("about.order")), h("p", {}, t("terms.notice.order")),
    h("p", { class: "pm-quiet" }, t("crs", { crs: P.own(P.data.crs) }) + " · " + t("about.display"), P.data.thinned_m ? " " + t("thinned", { m: P.data.thinned_m }) : ""),
    h("p", { class: "pm-quiet" }, [P.data.schematic ? P.term("notice", "schematic") : "", P.term("notice", "disclaimer")].filter(Boolean).join(t("clause"))));

  // --- on the map -----------------------------------------------------------------------------
  const control = (position, className, content) => {
    const Made = L.Control.extend({
      onAdd() {
        const box = h("div", { class: className + " pm-control" }, content());
        L.DomEvent.disableClickPropagation(box); L.DomEvent.disableScrollPropagation(box);
        return box;
      },
    });
    const made = new Made({ position });
    P.controls.push(made);
    return made.addTo(P.map);
  };
  const fold = (id, icon, word, open, content) => h("details", { class: "pm-fold", id, open },
    h("summary", {}, P.icon(ICONS[icon]), h("span", {}, word)), h("div", { class: "pm-fold-body" }, content));
  const layerSwitch = (key, word) => {
    const box = h("input", {
      type: "checkbox", "data-layer": key,
      on: {
        change: (event) => {
          if (event.target.checked) P.map.addLayer(P.layers[key]); else P.map.removeLayer(P.layers[key]);
          P.placeNames();
        },
      },
    });
    box.checked = P.map.hasLayer(P.layers[key]);
    return h("label", {}, box, h("span", {}, word));
  };
  const layerGroups = () => {
    const some = (test) => P.data.findings.some(test);
    const synergy = P.data.link_total > P.data.links.length
      ? t("layer.synergy_cut", { shown: P.data.links.length, total: P.data.link_total }) : t("layer.synergy");
    return [
      ["title_findings", [["overlap", t("layer.overlap")], P.data.lines.length && ["control", t("layer.control")],
        some((f) => f.rings && P.isPolicy(f)) && ["policy", t("layer.policy")],
        some(P.isLinked) && ["homogeneity", t("layer.homogeneity")], P.data.links.length && ["synergy", synergy]].filter(Boolean)],
      ["title_base", [["labels", t("layer.labels")], ...P.data.contexts.map(([key, name]) => [key, name ? P.name(name) : t("layer.context")])]],
    ].filter(([, rows]) => rows.length);
  };
  let layersOpen = false;
  const layerBox = () => fold("pm-layers", "layers", t("button.layers"), layersOpen, [P.planBox(), h("fieldset", {}, h("legend", {}, t("layer.title_parks")), P.tierTree()), ...layerGroups().map(([title, rows]) => h("fieldset", {},
    h("legend", {}, t("layer." + title)), rows.map(([key, word]) => layerSwitch(key, word))))]);
  const sample = (style, word) => h("div", { class: "pm-sample" }, P.swatch(style), h("span", {}, word));
  const groupSamples = () => {
    const flagged = P.groupsShown();
    const shown = flagged.slice(0, 6).map((cluster) => h("button", {
      class: "pm-sample", type: "button", title: cluster.parks.map((p) => P.data.parks[p].name).join("、"),
      on: { click: () => P.zoomToGroup(cluster) },
    }, P.swatch({ fillColor: P.groupColour(cluster), fillOpacity: 0.75 }),
    h("span", {}, t(P.trial.on ? "trial.legend_group" : "legend.group", { letter: P.letter(cluster.place) }), " ",
      flagged.length > 3 ? null : h("small", {}, P.list(cluster.shared.slice(0, 2).map(P.sector))))));
    const rest = flagged.length - shown.length;
    return [h("div", { class: flagged.length > 3 ? "pm-two" : "" }, shown), rest > 0 ? h("p", { class: "pm-quiet" }, t("legend.group_more", { n: rest })) : null,
      !P.trial.on && P.data.clusters.some((c) => !c.flagged) ? sample({ fillColor: "#b9c6cf", fillOpacity: 0.8 }, t("legend.family")) : null,
      sample({ fillColor: "#c6ced8", fillOpacity: 0.55 }, t("legend.no_group"))];
  };
  // Lines are drawn when their layer is on or their finding is open.
  const linkSamples = () => {
    const joined = P.data.findings.filter((f) => f.kind !== "overlap" && f.kind !== "control" && f.parks.length === 2);
    const keys = new Set(joined.map(P.linkKey));
    if (P.data.links.length) keys.add("complementary");
    const rows = ["rivalry", "coarse", "complementary", "informing"].filter((key) => keys.has(key));
    return rows.length ? h("div", { class: "pm-legend-part" }, h("h3", {}, t("legend.links")),
      rows.map((key) => sample({ ...P.link(key), line: true }, t("legend.link_" + key)))) : null;
  };
  const legendParts = () => {
    const tiers = [...P.TIERS, "other"].filter((tier) => P.data.parks.some((park) => P.standing(park) === tier));
    return [
      h("div", { class: "pm-legend-part" }, h("h3", {}, t("legend.tier")), tiers.map((tier) => sample(
        { ...P.outline(tier), fillColor: "#fff" }, t("layer.park_" + tier))),
      P.data.parks.some((park) => park.at && !park.rings) ? sample({ ...P.outline("provincial"), fillColor: "#c6ced8", round: true }, t("legend.point")) : null),
      h("div", { class: "pm-legend-part" }, h("h3", {}, t("legend.fill")), groupSamples()),
      h("div", { class: "pm-legend-part" }, h("h3", {}, t("legend.ground")),
        sample(P.ground("overlap"), t("legend.overlap")),
        P.data.lines.length ? sample(P.ground("control"), t("legend.control", { lines: P.list(P.data.lines) })) : null,
        sample(P.ground("policy"), t("legend.policy"))),
      linkSamples(),
      P.data.contexts.some(([, name]) => name) ? h("div", { class: "pm-legend-part" }, h("h3", {}, t("layer.title_base")),
        P.data.contexts.map(([key, name]) => sample(P.contextStyle(key), name ? P.name(name) : t("layer.context")))) : null,
      P.hasPlan() ? h("div", { class: "pm-legend-part" }, h("h3", {}, t("plan.title")), P.planSamples().map(([style, key]) => sample(style, t(key)))) : null,
    ];
  };
  const Scale = L.Control.Scale.extend({
    _updateMetric(most) {
      const metres = this._getRoundNum(most);
      const word = metres < 1000 ? t("terms.metres", { m: metres }) : t("terms.kilometres", { km: metres / 1000 });
      this._updateScale(this._mScale, word, metres / most);
    },
  });
  const isSmall = () => window.innerWidth < 760 || window.innerHeight < 560;
  const north = () => h("div", { class: "pm-north-in", "aria-label": t("north") }, P.svg("svg", { viewBox: "0 0 24 32" },
    P.svg("path", { d: "M12 1 20 29 12 23Z", fill: "#1f2d3d" }), P.svg("path", { d: "M12 1 4 29 12 23Z", fill: "#fff", stroke: "#1f2d3d" })), h("span", {}, t("north")));
  const drawControls = () => {
    const box = document.querySelector("details#pm-layers");
    layersOpen = box ? box.open : P.hasPlan() && !isSmall();
    P.controls.forEach((one) => one.remove());
    const wasOpen = document.getElementById("pm-legend") ? document.getElementById("pm-legend").open : !isSmall();
    P.controls = [L.control.zoom({ position: "topleft", zoomInTitle: t("button.zoom_in"), zoomOutTitle: t("button.zoom_out") }).addTo(P.map)];
    control("topleft", "pm-home leaflet-bar", () => h("a", {
      href: "#", role: "button", title: t("button.home"), "aria-label": t("button.home"),
      on: { click: (event) => { event.preventDefault(); P.select({}, { back: true }); P.fitWhole(); } },
    }, P.icon(ICONS.home)));
    if (P.data.measurable) control("topleft", "pm-home leaflet-bar", () => P.measureButton(ICONS.measure));
    control("topright", "pm-layers", layerBox);
    P.controls.push(new Scale({ imperial: false, position: "bottomright", maxWidth: 130 }).addTo(P.map));
    control("bottomright", "pm-north", north);
    control("bottomleft", "pm-legend", () => fold("pm-legend", "legend", t("button.legend"), wasOpen, legendParts()));
    P.treeDrawn();
  };
  P.drawLegend = () => {
    const body = document.querySelector("#pm-legend .pm-fold-body");
    body.replaceChildren(...legendParts().filter(Boolean));
  };

  // --- language, full screen, addresses -------------------------------------------------------
  const drawAll = () => {
    document.documentElement.lang = P.state.lang === "zh" ? "zh-CN" : "en";
    document.title = P.own(P.data.title);
    P.replace("pm-skip", t("skip"));
    P.map.getContainer().setAttribute("aria-label", t("map"));
    P.drawHeader(); drawFooter(); drawAbout(); drawControls(); P.drawPanel(); P.placeNames(); P.trialDrawn(); P.wideDrawn(); P.measureDrawn();
  };
  const switchLanguage = () => {
    P.state.lang = P.state.lang === "zh" ? "en" : "zh";
    P.map.closePopup();
    drawAll();
    document.getElementById("pm-lang").focus();
  };
  const toggleFullscreen = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  };
  const address = () => {
    const { finding, park } = P.state;
    if (finding !== null) return "#" + encodeURIComponent(P.data.findings[finding].id);
    return park !== null ? "#p-" + encodeURIComponent(P.data.parks[park].id) : "";
  };
  const isFramed = window.location.protocol === "about:";  // a notebook's frame has no address
  const writeAddress = () => {
    if (isFramed || window.location.hash === address()) return;
    window.history.replaceState(null, "", address() || window.location.pathname + window.location.search);
  };
  const decoded = (text) => { try { return decodeURIComponent(text); } catch (error) { return text; } };
  const readAddress = () => {
    const wanted = decoded(window.location.hash.slice(1));
    const finding = P.data.findings.find((one) => one.id === wanted);
    const park = P.data.parks.find((one) => "p-" + one.id === wanted);
    const isCut = P.data.findings.length < P.data.totals.findings && wanted.startsWith("c-");
    P.state.missing = isCut && !finding ? wanted : null;
    if (P.state.missing) P.select({}, {});
    if (finding) P.select({ finding: finding.i }, { zoom: true });
    else if (park) P.select({ park: park.i }, { zoom: true });
  };
  P.select = (what, how) => {
    const last = P.state.finding;
    P.state.finding = what.finding ?? null;
    P.state.park = what.park ?? null;
    P.state.pair = what.pair ?? null;
    writeAddress();
    P.drawPanel();
    const card = document.querySelector("#pm-card h2");
    if (card && how.zoom) P.openSheet(true);
    P.lightUp(how.zoom);
    if (card && how.focus) card.focus({ preventScroll: true });
    if (!card) P.map.closePopup();
    if (how.back && last !== null) {
      const row = document.querySelector('#pm-list [data-finding="' + CSS.escape(P.data.findings[last].id) + '"]');
      if (row) { row.focus({ preventScroll: true }); row.scrollIntoView({ block: "center" }); }
    }
  };

  // --- paper ----------------------------------------------------------------------------------
  const PAPERS = { a4: [1046, 478], a3: [1510, 790] };
  const paper = P.h("style", { id: "pm-paper" });
  const MOST_ON_PAPER = 300;  // rows; a thousand fill fifty sheets
  const onPaper = () => P.data.findings.filter(P.passes);
  const cutOnPaper = () => (onPaper().length > MOST_ON_PAPER
    ? h("p", {}, t("print.cut", { shown: MOST_ON_PAPER, total: P.number(onPaper().length, 0) })) : null);
  // What a reader of the paper cannot see: that the list is filtered, that groups are a trial.
  const scope = () => [
    P.filterWords() ? t("print.filtered", { filter: P.filterWords(), shown: P.number(onPaper().length, 0), total: P.number(P.findingsNow().length, 0) }) : "", P.planWords(),
    P.trialWords() ? t("print.trial", { at: P.trialWords() }) : ""].filter(Boolean).map((said) => h("p", { class: "pm-print-scope" }, said));
  const drawTable = () => P.replace("pm-print", scope(),
    h("div", { class: "pm-print-legend" }, legendParts()),
    h("div", { class: "pm-print-foot" }, h("p", {}, [dated(), t("crs", { crs: P.own(P.data.crs) }), t("internal"), maker(), t("review")].join(" · ")), h("p", {}, P.own(P.data.criteria)),
      h("p", {}, [P.data.schematic ? P.term("notice", "schematic") : "", P.term("notice", "disclaimer")].filter(Boolean).join(t("clause")))),
    h("h2", {}, t("print.table")), scope(), P.leftOut().map((said) => h("p", {}, said)), cutOnPaper(),
    h("table", {}, h("thead", {}, h("tr", {}, ["number", "severity", "kind", "parks", "message"].map((key) => h("th", {}, t("print." + key))))),
      h("tbody", {}, onPaper().slice(0, MOST_ON_PAPER).map((finding) => h("tr", {}, h("td", {}, P.circled(finding.number)), h("td", {}, P.term("severity", finding.severity)),
        h("td", {}, P.kindWord(finding)), h("td", {}, P.crossed(finding)), h("td", {}, P.own(finding.message)))))));
  const LINE = 24;
  let size = "a4";
  const setPaper = () => {
    const [width, most] = PAPERS[size], height = most - LINE * scope().length;  // one sheet for the map and what is under it
    paper.textContent = "@page{size:" + size.toUpperCase() + " landscape;margin:10mm}"
      + "@media print{body .folium-map{width:" + width + "px!important;height:" + height + "px!important}}"
      + "body.pm-printing .folium-map{width:" + width + "px!important;height:" + height + "px!important}";
  };
  let view = null;
  const beforePrint = () => {
    if (view) return;
    setPaper();
    view = [P.map.getCenter(), P.map.getZoom()];
    drawTable();
    document.body.classList.add("pm-printing");
    P.map.invalidateSize({ animate: false, pan: false });
    P.map.stop().fitBounds(P.wholeMap(), { animate: false, padding: [36, 36] });
    P.placeNames();
  };
  const afterPrint = () => {
    if (!view) return;
    document.body.classList.remove("pm-printing");
    P.map.invalidateSize({ animate: false, pan: false });
    P.map.setView(...view, { animate: false });
    view = null;
    size = "a4";
    setPaper();
    P.placeNames();
  };
  const printOn = (wanted) => { size = wanted; setPaper(); window.print(); };

  const listen = () => {
    P.map.on("zoomend moveend viewreset resize overlayadd overlayremove", P.placeNamesSoon);
    P.map.on("moveend", () => { if (P.isReady && P.isMany()) P.showGround(); });
    P.map.on("click", (event) => {
      if (P.isMeasuring()) { P.measureAt(event.latlng); return; }
      if (!P.clickedPark(event) && P.isOpen()) P.select({}, {});
    });
    window.addEventListener("hashchange", readAddress);
    window.addEventListener("beforeprint", beforePrint);
    window.addEventListener("afterprint", afterPrint);
    window.addEventListener("keydown", (event) => {
      const busy = document.querySelector("dialog[open]");
      if (event.key === "Escape" && !busy && P.isMeasuring()) { P.stopMeasuring(); return; }
      if (event.key === "Escape" && !busy && P.isOpen()) P.select({}, { back: true });
    });
    new ResizeObserver(() => P.map.invalidateSize({ pan: false })).observe(P.map.getContainer());
  };
  P.start = (map, layers) => {
    Object.assign(P, { map, layers, controls: [] });
    const read = (id) => document.getElementById(id).textContent;
    P.data = P.index(JSON.parse(read("pm-data")), read("pm-rings").split("\n"));
    P.state.lang = P.data.lang;
    document.head.append(paper);
    map.getContainer().before(document.getElementById("pm-skip"), document.getElementById("pm-head"));
    setPaper();
    map.attributionControl.setPrefix("Leaflet");
    map.invalidateSize({ animate: false, pan: false });
    map.getContainer().classList.toggle("pm-bare", !P.data.contexts.some(([, , kind]) => kind === "area"));
    P.preparePanes();
    P.drawParks(); P.drawLinks(); P.drawPlan();
    drawAll();
    map.invalidateSize({ animate: false, pan: false });  // header and footer have their height now
    P.fitWhole();
    P.drawContext(); P.showFiltered();  // once, where they will stay
    listen();
    P.isReady = true;
    P.paintMany();
    P.placeNames();
    readAddress();
    document.documentElement.dataset.parkmap = "ready";
  };
})(window.Parkmap);
