// A consolidation plan beside today's parks: before, after, or both on top of each other.
(function (P) {
  "use strict";
  const { h, t } = P;
  const CHANGED = { color: "#7A2E8E", weight: 2.6, fillColor: "#D9B8E3", fillOpacity: 0.5 };
  const SAME = { color: "#6B7484", weight: 1.2, fillColor: "#ECEFF2", fillOpacity: 0.35 };
  let view = "before";
  const becomes = new Map();  // the park of today -> what it is part of
  const styleOf = (park) => (park.members.length ? CHANGED : SAME);
  P.hasPlan = () => Boolean(P.data.plan.after);
  const about = (park) => h("div", { class: "pm-tip-body" }, h("strong", {}, P.name(park.name)),
    h("p", {}, park.members.length
      ? t(park.is_new ? "plan.founded" : "plan.takes", { names: P.list(park.members), count: park.members.length }) : t("plan.same")),
    park.ha ? h("p", {}, t("plan.area", { area: P.area(park.ha * 1e4) })) : null,
    park.members.length ? h("p", { class: "pm-quiet" }, t("plan.note")) : null);
  P.drawPlan = () => {
    if (!P.hasPlan()) return;
    P.map.createPane("pm-plan").style.zIndex = 405;  // over the parks, under the findings
    P.data.plan.after.forEach((park, i) => { Object.assign(park, { i, isPlanned: true }); becomes.set(park.park, i); });
    P.data.plan.moves.forEach((move) => becomes.set(move.park, move.into));
    const bySize = [...P.data.plan.after].sort((a, b) => (b.ha || 0) - (a.ha || 0));
    bySize.filter((park) => park.at).forEach((park) => {
      const style = { pane: "pm-plan", ...styleOf(park) };
      park.shape = park.rings ? L.polygon(P.latlngs(park.rings), style) : L.circleMarker(P.point(park.at), { ...style, radius: 5 });
      park.shape.bindTooltip(() => about(park), { sticky: true, direction: "top", opacity: 1, className: "pm-tip" });
      park.shape.on("click", (event) => { L.DomEvent.stopPropagation(event); P.popup(event.latlng, about(park)); });
      park.shape.addTo(P.layers.plan);
    });
  };
  const show = (wanted) => {
    view = wanted;
    P.map.getContainer().classList.toggle("pm-after", view === "after");
    if (view === "before") P.map.removeLayer(P.layers.plan); else P.map.addLayer(P.layers.plan);
    document.querySelectorAll("[data-plan]").forEach((box) => { box.checked = box.dataset.plan === view; });
    P.showFiltered(); P.drawHeader(); P.drawPanel(); P.redrawTree(); P.placeNames();
  };
  const choice = (key) => {
    const box = h("input", { type: "radio", name: "pm-plan", "data-plan": key, on: { change: () => show(key) } });
    box.checked = view === key;
    return h("label", {}, box, h("span", {}, t("plan." + key)));
  };
  const open = (park) => {
    if (view === "before") show("both");
    if (!park.shape) return;
    const bounds = park.shape.getBounds ? park.shape.getBounds() : L.latLngBounds([park.shape.getLatLng(), park.shape.getLatLng()]);
    P.zoomTo(bounds, 13);
    P.popup(bounds.getCenter(), about(park));  // clear of the boxes over the map
  };
  // For the layer box: the switch, and the moves to look at.
  P.planBox = () => (P.hasPlan() ? h("fieldset", { class: "pm-plan" }, h("legend", {}, t("plan.title")),
    h("div", { class: "pm-plan-views" }, ["before", "after", "both"].map(choice)),
    h("details", {}, h("summary", {}, t("plan.moves", { n: P.data.plan.moves.length })),
      h("ol", { class: "pm-plan-moves" }, P.data.plan.moves.map((move) => h("li", {},
        h("button", { type: "button", on: { click: () => open(P.data.plan.after[move.into]) } }, P.name(P.own(move.said))))))),
    h("p", { class: "pm-quiet" }, t("plan.note"))) : null);
  P.planSamples = () => (P.hasPlan() ? [[CHANGED, "legend.plan_changed"], [SAME, "legend.plan_same"]] : []);

  // --- after it: the parks that would be, without the findings between parks that would be one ---
  const isAfter = () => view === "after";
  const isJoined = (finding) => finding.parks.length > 1 && finding.parks.every((p) => becomes.has(p))
    && new Set(finding.parks.map((p) => becomes.get(p))).size === 1;
  const parkRow = P.parkRow, groupOf = P.groupOf;
  P.parksNow = () => (isAfter() ? P.data.plan.after : P.data.parks);
  P.todayOf = (park) => (park.isPlanned && P.data.parks[park.park]) || park;
  P.stands = (finding) => !isAfter() || !isJoined(finding);
  P.systemNow = () => (isAfter() ? P.data.plan : P.data);
  P.planWords = () => (isAfter() ? t("plan.after_note", { n: P.data.findings.filter((finding) => !P.stands(finding)).length }) : "");
  P.groupOf = (park) => (park.isPlanned ? undefined : groupOf(park));
  P.parkRow = (park) => (park.isPlanned && (park.members.length || park.is_new) ? h("button", {
    class: "pm-row", type: "button", on: { click: () => open(park) },
  }, P.swatch(styleOf(park)), h("span", { class: "pm-row-main" }, h("span", { class: "pm-row-title" }, P.name(park.name)),
    h("span", { class: "pm-row-say" }, about(park).querySelector("p").textContent))) : parkRow(P.todayOf(park)));
})(window.Parkmap);
