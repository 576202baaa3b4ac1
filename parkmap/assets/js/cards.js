// Tooltips, pop-ups and the cards that say why.
(function (P) {
  "use strict";
  const { h, t } = P;
  const chip = (severity) => h("span", { class: "pm-chip pm-" + severity }, P.term("severity", severity));
  const badge = (finding) => h("span", {
    class: "pm-badge pm-" + finding.severity, "aria-label": P.circled(finding.number),
  }, finding.number);
  P.chip = chip; P.badge = badge;

  P.relationWord = (finding) => (finding.relation === "nested" && finding.nesting
    ? P.term("nesting", finding.nesting)
    : finding.relation ? P.term("relation", finding.relation) : "");
  P.kindWord = (finding) => {
    if (finding.kind === "both") return P.term("kind", "both");
    if (finding.kind === "control") return P.relationWord(finding);
    if (finding.kind === "overlap") return P.relationWord(finding) || P.term("kind", "overlap");
    return finding.verdict ? P.term("verdict", finding.verdict) : P.term("kind", "homogeneity");
  };
  P.crossed = (finding) => [...P.names(finding), ...(finding.line ? [finding.line] : [])].map((name, i) => [
    i ? h("span", { class: "pm-times" }, " × ") : null, P.name(name)]);
  P.figures = (finding) => {
    const said = [];
    if (finding.area_m2) said.push(P.area(finding.area_m2));
    if (finding.area_m2 && finding.smaller_share) {
      const smaller = finding.parks.length > 2 ? t("card.smaller")
        : t("card.share_of", { name: shortOf(finding) });
      said.push(smaller + " " + P.percent(finding.smaller_share));
    }
    if (finding.verdict && finding.kind !== "overlap" && finding.shared.length) {
      said.push(P.list(finding.shared.slice(0, 3).map(P.sector)));
    }
    return said.join(" · ");
  };
  const shortOf = (finding) => {
    const left = finding.parks.length < 2 || (finding.left_share || 0) >= (finding.right_share || 0);
    const name = P.names(finding)[left ? 0 : 1];
    return name.length > 14 ? name.slice(0, 13) + "…" : name;
  };

  // --- small ones -----------------------------------------------------------------------------
  P.parkTip = (park) => h("div", {},
    h("strong", {}, P.name(park.name)),
    h("div", { class: "pm-quiet" }, [P.tierWord(park), park.district].filter(Boolean).join(" · ")),
    P.mix(park).length ? h("div", {}, P.mixInBrief(park)) : null);
  P.findingTip = (finding) => h("div", {},
    h("div", { class: "pm-tip-head" }, badge(finding), chip(finding.severity), h("span", {}, P.kindWord(finding))),
    h("strong", {}, P.crossed(finding)),
    h("div", { class: "pm-quiet" }, P.figures(finding)));
  const more = (select) => h("button", {
    class: "pm-link", type: "button", on: { click: () => { P.map.closePopup(); P.openSheet(true); select(); } },
  }, t("card.more"));
  P.findingPopup = (finding) => h("div", { class: "pm-pop" },
    h("div", { class: "pm-tip-head" }, badge(finding), chip(finding.severity), h("span", {}, P.kindWord(finding))),
    h("p", {}, P.own(finding.message)),
    more(() => P.select({ finding: finding.i }, { zoom: true })));
  const noLand = (park) => t(park.at ? "card.no_land" : "card.no_place");
  P.parkPopup = (park) => h("div", { class: "pm-pop" },
    P.parkTip(park),
    h("p", { class: "pm-quiet" }, [
      park.ha ? t("card.drawn") + " " + P.area(park.ha * 1e4) : noLand(park),
      t("findings_count") + " " + t("count", { n: park.findings.length })].join(" · ")),
    more(() => P.select({ park: park.i }, { zoom: true })));

  // --- parts of a card ------------------------------------------------------------------------
  const section = (title, ...content) => h("section", { class: "pm-section" }, h("h3", {}, title), content);
  const facts = (rows) => h("dl", { class: "pm-facts" },
    rows.filter(([, value]) => value !== undefined && value !== null && value !== "")
      .map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  const bar = (label, share, colour) => h("div", { class: "pm-bar" },
    h("div", { class: "pm-bar-head" }, h("span", {}, label), h("b", {}, P.percent(share))),
    h("div", { class: "pm-bar-track" }, h("i", {
      style: { width: Math.max(0.6, Math.min(100, share * 100)) + "%", background: colour },
    })));
  const parkLine = (park) => h("li", {}, h("button", {
    class: "pm-park-line", type: "button", on: { click: () => P.select({ park: park.i }, { zoom: true }) },
  }, P.swatch({ ...P.outline(P.standing(park)), ...P.fillOf(park), round: !park.rings }),
  h("span", {}, P.name(park.name), h("small", {}, [P.tierWord(park), park.district].filter(Boolean).join(" · ")),
  park.ha || park.approved_ha ? h("small", {}, [park.ha ? t("card.drawn") + " " + P.area(park.ha * 1e4) : "",
    park.approved_ha ? t("card.approved") + " " + P.area(park.approved_ha * 1e4) : ""].filter(Boolean).join(" · ")) : null)));
  const findingLine = (finding) => h("li", {}, P.findingButton(finding));
  const boundaryWord = (park) => (park.boundary && Object.hasOwn(P.data.text.zh.terms.boundary_kind, park.boundary)
    ? P.term("boundary_kind", park.boundary) : t("card.unknown"));

  // --- the card of a finding ------------------------------------------------------------------
  const shares = (finding) => {
    const names = P.names(finding);
    if (finding.parks.length > 2) return bar(t("card.smaller"), finding.smaller_share || 0, P.data.palette.overlap);
    return [finding.left_share, finding.right_share].map((share, i) => (
      share === undefined || !names[i] ? null : bar(t("card.share_of", { name: names[i] }), share, P.data.palette.overlap)));
  };
  const gains = (finding) => (finding.gains || []).map((gain, i) => {
    if (gain === null || gain === 0) return null;
    const values = { name: P.names(finding)[i], ha: P.number(Math.abs(gain), 2) };
    return h("p", { class: "pm-note" }, t(gain > 0 ? "card.gain" : "card.loss", values));
  });
  const boundaries = (parks) => {
    const words = parks.map(boundaryWord);
    return new Set(words).size === 1 ? words[0] : parks.map((park, i) => park.name + P.t("colon") + words[i]).join(" / ");
  };
  const landSection = (finding, parks) => (finding.relation ? section(t("card.land"),
    facts([[t("card.relation"), P.relationWord(finding)],
      [t("card.area"), finding.area_m2 ? P.area(finding.area_m2) : null],
      [t("card.line"), finding.line],
      [t("card.widest"), finding.widest_m !== undefined ? P.distance(finding.widest_m) : null],
      [t("card.width"), finding.mean_width_m !== undefined ? P.distance(finding.mean_width_m) : null],
      [t("card.boundaries"), boundaries(parks)]]),
    finding.area_m2 ? shares(finding) : null, evidence(finding)) : null);
  const tag = (word) => h("button", {
    class: "pm-tag", type: "button", title: t("card.search_sector", { sector: word }), on: { click: () => P.searchFor(word) },
  }, P.name(word));
  const short = (name) => (name.length > 14 ? name.slice(0, 13) + "…" : name);
  const reasonLine = (reason, names) => h("div", { class: "pm-bar" },
    h("div", { class: "pm-bar-head" }, h("button", {
      class: "pm-link", type: "button", title: t("card.search_sector", { sector: P.sector(reason.node) }), on: { click: () => P.filterSector(reason.node) },
    }, P.name(P.sector(reason.node))), h("b", {}, P.percent(reason.weight))),
    h("div", { class: "pm-bar-track" }, h("i", { style: { width: Math.max(0.6, reason.weight * 100) + "%", background: P.data.palette.rivalry } })),
    h("small", {}, reason.shares.map((share, i) => t("card.share_in", { name: short(names[i]), share: P.percent(share) })).join(" · ")));
  // Why two parks are alike: what each shared sector adds, and what it is to either.
  const reasonsSection = (a, b) => {
    const found = P.reasons(a, b);
    if (!found.length) return null;
    return h("div", { class: "pm-reasons" }, h("h4", {}, t("card.reasons")), found.slice(0, 6).map((one) => reasonLine(one, [a.name, b.name])),
      found.length > 6 ? h("p", { class: "pm-quiet" }, t("card.reasons_more", { n: found.length - 6 })) : null);
  };
  const suppliesSection = (a, b) => {
    const found = P.supplies(a, b);
    if (!found.length) return null;
    return h("div", { class: "pm-reasons" }, h("h4", {}, t("card.supplies")), h("ul", { class: "pm-supplies" }, found.slice(0, 5).map((one) => h("li", {},
      t("card.supply", { giver: one.giver.name, given: P.sector(one.given), taker: one.taker.name, taken: P.sector(one.taken) })))),
    found.length > 5 ? h("p", { class: "pm-quiet" }, t("card.supplies_more", { n: found.length - 5 })) : null);
  };
  const chanceWords = (p) => {
    if (p === undefined || p > 0.2) return null;  // for likeness that is nothing special there is nothing to say
    return h("p", { class: "pm-quiet" }, p < 0.0005 ? t("card.chance_none") : t("card.chance", { share: P.percent(p) }));
  };
  const likenessLine = (similarity) => h("p", { class: "pm-quiet" }, t("card.similarity_line", { value: P.fixed(similarity, 2), measure: P.term("measure", P.data.measure) }));
  // Of segments alone and with general words: the sentence tells the first, what is listed the second.
  const sameness = (whole, segments, coarse) => {
    if (whole === undefined || (coarse && !whole)) return null;
    const both = { segments: P.alike(segments), whole: P.alike(whole) };
    const isOne = P.percent(segments) === P.percent(whole);
    return [
      h("p", { class: "pm-alike" }, isOne || (segments && both.segments === both.whole) ? t("card.alike", { words: both.whole })
        : t(segments ? "card.alike_both" : "card.alike_whole", both)),
      isOne ? bar(t("card.overlap_share"), whole, P.data.palette.rivalry) : [
        segments ? bar(t("card.overlap_segments"), segments, P.data.palette.rivalry) : null,
        bar(t("card.overlap_whole"), whole, P.data.palette.rivalry)]];
  };
  const figure = (value) => (value === undefined ? null : P.fixed(value, 2));
  const sectorSection = (finding) => (finding.verdict ? section(t("card.sector"),
    sameness(finding.overlap_share, finding.rivalry || 0, finding.coarse),
    finding.shared.length ? h("div", { class: "pm-tags", "aria-label": t("card.shared") },
      finding.shared.map((node) => tag(P.sector(node)))) : null,
    finding.similarity !== undefined ? likenessLine(finding.similarity) : null, chanceWords(finding.p),
    finding.parks.length === 2 ? reasonsSection(...finding.parks.map((p) => P.data.parks[p])) : null,
    finding.parks.length === 2 ? suppliesSection(...finding.parks.map((p) => P.data.parks[p])) : null,
    finding.coarse ? h("p", { class: "pm-note" }, t("card.coarse")) : null,
    facts([[t("card.verdict"), P.term("verdict", finding.verdict)],
      [t("card.distance"), finding.distance_m ? P.distance(finding.distance_m) : null]]),
    h("details", { class: "pm-expert" }, h("summary", {}, t("card.expert")), facts([
      [t("card.similarity"), figure(finding.similarity)], [t("card.rivalry"), figure(finding.rivalry)],
      [t("card.synergy"), figure(finding.synergy)], [t("card.p"), figure(finding.p)]]))) : null);
  // Two parks that are no finding: what is known of their sectors.
  P.pairCard = (a, b) => h("article", { class: "pm-card" },
    h("div", { class: "pm-card-head" }, h("span", { class: "pm-kind" }, t("card.pair"))),
    h("h2", { tabindex: "-1" }, P.name(a.name), h("span", { class: "pm-times" }, " × "), P.name(b.name)),
    h("p", { class: "pm-note" }, t("card.pair_note")),
    section(t("card.sector"), sameness(P.overlapShare(a, b), P.segmentShare(a, b), false), likenessLine(P.likeness(a, b)),
      a.at && b.at ? facts([[t("card.distance"), t("card.about", { distance: P.distance(P.map.distance(P.point(a.at), P.point(b.at))) })]]) : null,
      reasonsSection(a, b), suppliesSection(a, b)),
    section(t("card.parks"), h("ul", { class: "pm-plain" }, [a, b].map(parkLine))));
  const EVIDENCED = ["partial", "nested", "duplicate", "multiple"];
  const evidence = (finding) => {
    if (!EVIDENCED.includes(finding.relation) || P.isPolicy(finding)) return null;
    const said = gains(finding).filter(Boolean);
    return h("div", { class: "pm-reasons" }, h("h4", {}, t("card.evidence")), said.length ? said : h("p", { class: "pm-quiet" }, t("card.no_evidence")),
      h("p", { class: "pm-quiet" }, t("card.order") + P.t("terms.notice.order")));
  };
  P.findingCard = (finding) => {
    const parks = finding.parks.map((p) => P.data.parks[p]);
    const cluster = P.data.clusters.find((one) => one.id === finding.cluster);
    return h("article", { class: "pm-card" },
      h("div", { class: "pm-card-head" }, badge(finding), chip(finding.severity),
        h("span", { class: "pm-kind" }, P.kindWord(finding))),
      h("h2", { tabindex: "-1" }, P.crossed(finding)),
      h("p", { class: "pm-say" }, P.own(finding.message)),
      finding.kind === "both" ? h("p", { class: "pm-note" }, t("card.together")) : null,
      landSection(finding, parks), sectorSection(finding),
      cluster && cluster.flagged ? groupSection(cluster) : null,
      section(t("card.parks"), h("ul", { class: "pm-plain" }, parks.map(parkLine))),
      h("p", { class: "pm-id" }, t("card.id") + " ", h("code", {}, finding.id)));
  };

  // --- the card of a park ---------------------------------------------------------------------
  const groupSection = (cluster) => section(t("card.group"),
    h("button", { class: "pm-link", type: "button", on: { click: () => P.zoomToGroup(cluster) } },
      cluster.flagged ? P.swatch({ fillColor: P.groupColour(cluster), fillOpacity: 0.75 }) : null,
      cluster.flagged ? t("card.group_value", { letter: P.letter(cluster.place), n: cluster.size || cluster.parks.length })
        : t("card.family_value", { n: cluster.size || cluster.parks.length })),
    (cluster.coarse || []).length ? h("p", { class: "pm-quiet" },
      t("card.coarse_members", { names: P.list(cluster.coarse.map((p) => P.data.parks[p].name)) })) : null,
    cluster.lead >= 0 ? h("p", { class: "pm-quiet" }, t("card.lead", { name: P.data.parks[cluster.lead].name })) : null);
  const sectorBars = (park) => {
    if (park.mix) return park.mix.map(([node, share]) => bar(P.sector(node), share, "#3f6b9e"));
    if (!park.words) return h("p", { class: "pm-quiet" }, t("card.no_sectors"));
    return [h("p", { class: "pm-quiet" }, t("card.unread")),
      h("div", { class: "pm-tags" }, park.words.map(tag))];
  };
  const difference = (park) => {
    if (!park.ha || !park.approved_ha) return null;
    const more = park.ha - park.approved_ha;
    const sign = Math.abs(more) < 0.005 ? "" : more > 0 ? "+" : "−";
    return sign + P.area(Math.abs(more) * 1e4);
  };
  P.parkCard = (park) => h("article", { class: "pm-card" },
    h("div", { class: "pm-card-head" },
      P.swatch({ ...P.outline(P.standing(park)), ...P.fillOf(park), round: !park.rings }),
      h("span", { class: "pm-kind" }, P.tierWord(park))),
    h("h2", { tabindex: "-1" }, P.name(park.name)),
    park.rings ? null : h("p", { class: "pm-note" }, noLand(park)),
    park.counted ? null : h("p", { class: "pm-note" }, t("card.beside")),
    facts([[t("card.district"), park.district], [t("card.kind"), park.kind], [t("card.list"), park.list],
      [t("card.body"), park.body],
      [t("card.drawn"), park.ha ? P.area(park.ha * 1e4) : null],
      [t("card.approved"), park.approved_ha ? P.area(park.approved_ha * 1e4) : null],
      [t("card.difference"), difference(park)],
      [t("card.boundary"), park.rings ? boundaryWord(park) : null],
      [t("card.approval"), park.approval]]),
    section(t("card.sectors"), sectorBars(park)),
    park.cluster ? groupSection(park.cluster) : null,
    section(t("card.findings"), park.findings.length
      ? h("ul", { class: "pm-plain" }, park.findings.map((f) => findingLine(P.data.findings[f])))
      : P.data.findings.length < P.data.totals.findings ? null : h("p", { class: "pm-quiet" }, t("card.no_findings")),
    P.data.findings.length < P.data.totals.findings ? h("p", { class: "pm-quiet" }, t("cut.findings", { shown: P.number(P.data.findings.length, 0), total: P.number(P.data.totals.findings, 0) })) : null),
    park.source ? section(t("card.source"), h("p", { class: "pm-quiet" }, P.name(park.source))) : null);
})(window.Parkmap);
