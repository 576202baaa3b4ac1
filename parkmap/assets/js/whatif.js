// What if: groups at another similarity or reach. For looking at; the report's groups stay as they are.
(function (P) {
  "use strict";
  const { h, t } = P;
  const STEP = 10000, MOST_TAU = 95, WAIT_MS = 60;
  const state = { on: false, tau: 0, km: 0, groups: [], of: new Map(), merges: [], edges: [], sweep: [] };
  P.trial = state;
  const given = () => P.data.trial || {};
  P.hasTrial = () => Boolean(given().pairs);

  // --- reckoning ------------------------------------------------------------------------------
  const rowsOf = (flat) => {
    const rows = [];
    for (let i = 0; i < flat.length; i += 5) rows.push(flat.slice(i, i + 5));
    return rows;
  };
  const lowest = () => Math.ceil(given().floor / STEP);
  const levels = () => Array.from({ length: MOST_TAU - lowest() + 1 }, (_, i) => (lowest() + i) * STEP);
  // Beyond the last step of its slider distance does not matter, as where the report sets no limit.
  const near = ([, , , metres]) => state.km >= given().reach_km || (metres >= 0 && metres <= state.km * 1000);
  const link = () => {
    state.all = state.all || rowsOf(given().pairs);
    state.edges = state.all.filter(near);
    state.merges = P.completeLinkage(given().order.length, state.edges.filter((edge) => edge[4]), given().floor);
    state.sweep = P.sweepOf(given().order.length, state.edges, state.merges, levels());
  };
  const group = () => {
    const found = P.groupsAt(given().order.length, state.merges, state.tau, state.edges);
    state.groups = found.map(({ members, coarse, weakest }, place) => (
      { parks: members.map((m) => given().order[m]), coarse: coarse.map((m) => given().order[m]), weakest: weakest / 1e6, place, flagged: true, shared: [], lead: -1 }));
    state.of = new Map();
    state.groups.forEach((one) => one.parks.forEach((p) => state.of.set(p, one)));
  };
  P.trialAt = (tau, km) => { state.tau = tau; state.km = km; link(); group(); return state.groups.map((one) => one.parks); };
  const asReport = () => { state.tau = given().used; state.km = given().reach_km; };
  const plainGroup = P.groupOf, plainGroups = P.groupsShown;
  P.groupOf = (park) => (state.on ? state.of.get(park.i) : plainGroup(park));
  P.groupsShown = () => (state.on ? state.groups : plainGroups());

  // --- showing --------------------------------------------------------------------------------
  const reachWord = () => (state.km >= given().reach_km ? t("trial.any_distance") : t("terms.kilometres", { km: state.km }));
  const tauWord = () => (state.tau / 1e6).toFixed(2);
  const inGroups = (groups) => groups.reduce((n, one) => n + one.parks.length, 0);
  const said = (groups) => t("trial.result", {
    groups: groups.length, parks: inGroups(groups), largest: Math.max(0, ...groups.map((one) => one.parks.length)),
  });
  const banner = () => {
    const old = document.getElementById("pm-trial-banner");
    if (old) old.remove();
    if (!state.on) return;
    const box = h("div", { class: "pm-trial-banner", id: "pm-trial-banner", role: "status" },
      h("strong", {}, t("trial.banner")), h("span", {}, t("trial.at", { tau: tauWord(), reach: reachWord() })),
      h("button", { class: "pm-link", type: "button", on: { click: restore } }, t("trial.restore")));
    L.DomEvent.disableClickPropagation(box);
    P.map.getContainer().append(box);
  };
  const redraw = () => { P.restyle(); P.drawLegend(); P.placeNames(); banner(); results(); };
  let waiting = null;
  const later = (relink) => {
    state.on = true;
    clearTimeout(waiting);
    words();
    state.relink = state.relink || relink;
    waiting = setTimeout(() => {
      if (state.relink || !state.merges.length) link();
      state.relink = false;
      group(); redraw();
    }, WAIT_MS);
  };
  const restore = () => {
    clearTimeout(waiting);
    state.on = false;
    asReport(); link(); group();
    redraw();
    fillSliders();
  };
  P.restoreReport = restore;
  const slider = (id, label, least, most, value, act) => h("div", { class: "pm-slider" },
    h("label", { for: id }, label), h("output", { for: id, id: id + "-out" }),
    h("input", { type: "range", id, min: least, max: most, step: 1, value, on: { input: act } }));
  const fillSliders = () => {
    const tau = document.getElementById("pm-tau");
    if (!tau) return;
    tau.value = Math.round(state.tau / STEP);
    document.getElementById("pm-reach").value = state.km;
    words();
  };
  const words = () => {
    if (!document.getElementById("pm-tau-out")) return;
    document.getElementById("pm-tau-out").textContent = tauWord();
    document.getElementById("pm-reach-out").textContent = reachWord();
    document.getElementById("pm-tau").setAttribute("aria-valuetext", tauWord());
    document.getElementById("pm-reach").setAttribute("aria-valuetext", reachWord());
  };

  // --- the cliff ------------------------------------------------------------------------------
  const WIDE = 320, HIGH = 92, LEFT = 26, RIGHT = 34, TOP = 8, LOW = 20;
  const sparkline = () => {
    const [first, last] = [lowest() * STEP, MOST_TAU * STEP];
    const x = (tau) => LEFT + (WIDE - LEFT - RIGHT) * Math.min(1, Math.max(0, (tau - first) / (last - first)));
    const scaleOf = (key) => Math.max(1, ...state.sweep.map((one) => one[key]));
    const y = (value, most) => TOP + (HIGH - TOP - LOW) * (1 - value / most);
    const path = (key, most) => state.sweep.map((one, i) => (i ? "H" + x(one.level).toFixed(1) + "V" : "M" + x(one.level).toFixed(1) + " ")
      + y(one[key], most).toFixed(1)).join("");
    const [groups, largest] = [scaleOf("groups"), scaleOf("largest")];
    const at = (tau, className) => P.svg("line", { x1: x(tau), x2: x(tau), y1: TOP - 4, y2: HIGH - LOW, class: className });
    const text = (px, py, word, className, anchor) => {
      const element = P.svg("text", { x: px, y: py, class: className, "text-anchor": anchor || "start" });
      element.textContent = word;
      return element;
    };
    const chance = given().chance;
    return P.svg("svg", { viewBox: "0 0 " + WIDE + " " + HIGH, class: "pm-spark", role: "img", "aria-label": sparkWords() },
      ...(chance && chance > first ? [P.svg("rect", { x: LEFT, y: TOP - 4, width: Math.max(0, x(chance) - LEFT), height: HIGH - LOW - TOP + 4, class: "pm-spark-chance" })] : []),
      P.svg("path", { d: "M" + LEFT + " " + (HIGH - LOW) + "H" + (WIDE - RIGHT), class: "pm-spark-axis" }),
      P.svg("path", { d: path("groups", groups), class: "pm-spark-groups" }),
      P.svg("path", { d: path("largest", largest), class: "pm-spark-largest" }),
      at(given().used, "pm-spark-used"), ...(state.on ? [at(state.tau, "pm-spark-now")] : []),
      text(LEFT - 4, TOP + 6, groups, "pm-spark-groups-word", "end"), text(WIDE - RIGHT + 4, TOP + 6, largest, "pm-spark-largest-word"),
      text(LEFT, HIGH - 5, (first / 1e6).toFixed(2), "pm-spark-word"), text(WIDE - RIGHT, HIGH - 5, (last / 1e6).toFixed(2), "pm-spark-word", "end"),
      text(Math.min(WIDE - RIGHT - 60, Math.max(LEFT + 60, x(given().used))), HIGH - 5, t("trial.report_at", { tau: (given().used / 1e6).toFixed(2) }), "pm-spark-word", "middle"));
  };
  const sparkWords = () => {
    const ends = [state.sweep[0], state.sweep[state.sweep.length - 1]].map((one) => t("trial.spark_point", {
      tau: (one.level / 1e6).toFixed(2), groups: one.groups, largest: one.largest,
    }));
    return t("trial.spark") + " " + ends.join(" ");
  };
  const key = (className, word) => h("span", { class: "pm-spark-key " + className }, word);

  // --- the section ----------------------------------------------------------------------------
  const same = (parks) => plainGroups().some((one) => one.parks.length === parks.length && one.parks.every((p) => parks.includes(p)));
  const groupLine = (one) => h("li", {}, h("button", {
    class: "pm-park-line", type: "button", on: { click: () => P.zoomToGroup(one) },
  }, P.swatch({ fillColor: P.groupColour(one), fillOpacity: 0.75 }),
  h("span", {}, h("b", {}, t("trial.group", { letter: P.letter(one.place), n: one.parks.length })),
    h("small", {}, P.list(one.parks.slice(0, 6).map((p) => P.data.parks[p].name)) + (one.parks.length > 6 ? "…" : "")),
    same(one.parks) ? h("small", { class: "pm-trial-same" }, t("trial.same")) : null)));
  const results = () => {
    if (!document.getElementById("pm-trial-results")) return;
    const shown = state.groups.slice(0, 12);
    P.replace("pm-trial-spark", sparkline());
    P.replace("pm-trial-results",
      h("p", { class: "pm-trial-said", "aria-live": "polite" }, state.on ? t("trial.now", { said: said(state.groups) }) : t("trial.not_now")),
      h("p", { class: "pm-quiet" }, t("trial.report", { said: said(plainGroups()) })),
      state.on ? h("ul", { class: "pm-plain" }, shown.map(groupLine)) : null,
      state.on && state.groups.length > shown.length ? h("p", { class: "pm-quiet" }, t("trial.more", { n: state.groups.length - shown.length })) : null);
    document.getElementById("pm-trial-restore").disabled = !state.on;
  };
  const leftOut = () => {
    const sent = given().pairs.length / 5;
    return sent < given().total ? h("p", { class: "pm-note" }, t("trial.left_out", {
      sent: P.number(sent, 0), total: P.number(given().total, 0), floor: (given().floor / 1e6).toFixed(2),
    })) : null;
  };
  const sliders = () => [
    slider("pm-tau", t("trial.tau"), lowest(), MOST_TAU, Math.round(state.tau / STEP),
      (event) => { state.tau = Number(event.target.value) * STEP; later(false); }),
    slider("pm-reach", t("trial.reach"), 1, given().reach_km, state.km,
      (event) => { state.km = Number(event.target.value); later(true); })];
  const body = () => (P.hasTrial() ? [
    h("p", { class: "pm-trial-mark" }, t("trial.mark")), leftOut(), sliders(),
    h("div", { class: "pm-spark-keys" }, key("pm-spark-groups", t("trial.spark_groups")), key("pm-spark-largest", t("trial.spark_largest")),
      given().chance > given().floor ? key("pm-spark-chance", t("trial.spark_chance")) : null),
    h("div", { id: "pm-trial-spark" }),
    h("button", { class: "pm-plain-button", type: "button", id: "pm-trial-restore", on: { click: restore } }, t("trial.restore")),
    h("div", { id: "pm-trial-results" })] : h("p", { class: "pm-quiet" }, t("trial.none")));
  P.expertSection = () => h("details", {
    class: "pm-expert-mode", id: "pm-expert", open: state.open, on: { toggle: (event) => { state.open = event.target.open; } },
  }, h("summary", {}, t("trial.title")), h("div", { class: "pm-expert-body" }, body()));
  P.expertDrawn = () => {
    if (!P.hasTrial()) return;
    if (!state.tau) asReport();
    if (!state.sweep.length) { link(); group(); }
    fillSliders(); results();
  };
  P.trialDrawn = banner;
  P.trialWords = () => (state.on ? t("trial.at", { tau: tauWord(), reach: reachWord() }) : "");
})(window.Parkmap);
