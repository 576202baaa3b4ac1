// What two parks share, as parkmap/similarity counts it: likeness, its reasons, who supplies whom.
(function (P) {
  "use strict";
  const ZH = 0, PARENT = 2, LINK = 3, SEGMENT = 4, WORTH = 5;
  const node = (id) => P.data.sectors[id] || [id, id, "", 0, 1, 0];
  P.parentOf = (id) => node(id)[PARENT];
  P.linkOf = (id) => node(id)[LINK];
  P.isSegment = (id) => node(id)[SEGMENT] === 1;
  // Above is a node or a set of them.
  P.isAtOrBelow = (id, above) => {
    for (let one = id; one; one = P.parentOf(one)) if (one === above || (above.has && above.has(one))) return true;
    return false;
  };
  P.topOf = (id) => { let one = id; while (P.parentOf(one)) one = P.parentOf(one); return one; };
  P.sectorOrder = (a, b) => node(a)[ZH].localeCompare(node(b)[ZH], "zh");

  // Shares of a park at or below every node it touches.
  P.carried = (park) => {
    if (!park.carried) {
      park.carried = new Map();
      (park.mix || []).forEach(([id, share]) => {
        for (let one = id; one; one = P.parentOf(one)) park.carried.set(one, (park.carried.get(one) || 0) + share);
      });
    }
    return park.carried;
  };
  const features = (park) => {
    if (park.features) return park.features;
    const found = new Map();
    const shares = P.data.measure === "cosine" ? new Map(park.mix || []) : P.carried(park);
    shares.forEach((share, id) => { if (node(id)[WORTH]) found.set(id, share * node(id)[WORTH]); });
    const length = Math.sqrt([...found.values()].reduce((sum, v) => sum + v * v, 0));
    if (length) found.forEach((value, id) => found.set(id, value / length));
    park.features = found;
    return found;
  };
  const parts = (a, b) => {
    const other = features(b), found = new Map();
    features(a).forEach((value, id) => { if (other.has(id)) found.set(id, value * other.get(id)); });
    return found;
  };
  P.likeness = (a, b) => Math.min(1, [...parts(a, b).values()].reduce((sum, v) => sum + v, 0));
  const shared = (a, b, counts) => {
    const other = new Map(b.mix || []);
    return (a.mix || []).reduce((sum, [id, share]) => sum + (counts(id) ? Math.min(share, other.get(id) || 0) : 0), 0);
  };
  P.overlapShare = (a, b) => shared(a, b, () => true);
  P.segmentShare = (a, b) => shared(a, b, P.isSegment);
  // The likeness split among the narrowest shared nodes; what wider ones add is passed down.
  P.reasons = (a, b) => {
    const other = P.carried(b), least = new Map();
    P.carried(a).forEach((share, id) => { if (other.has(id)) least.set(id, Math.min(share, other.get(id))); });
    const wide = new Set();
    least.forEach((_, id) => { for (let one = P.parentOf(id); one; one = P.parentOf(one)) wide.add(one); });
    const ends = [...least.keys()].filter((id) => !wide.has(id));
    const found = new Map(ends.map((id) => [id, 0]));
    const all = parts(a, b);
    const sum = [...all.values()].reduce((total, v) => total + v, 0);
    all.forEach((part, id) => {
      const below = ends.filter((end) => P.isAtOrBelow(end, id));
      const total = below.reduce((n, end) => n + least.get(end), 0);
      below.forEach((end) => found.set(end, found.get(end) + part / sum * least.get(end) / total));
    });
    return [...found].filter(([, weight]) => weight > 0)
      .sort(([p, v], [q, w]) => w - v || (p < q ? -1 : 1))
      .map(([id, weight]) => ({ node: id, weight, shares: [P.carried(a).get(id), other.get(id)] }));
  };
  // Who supplies whom, the links between the larger shares first.
  P.supplies = (a, b) => {
    const found = [];
    [[a, b], [b, a]].forEach(([giver, taker]) => (giver.mix || []).forEach(([given, much]) => {
      const takers = new Set(P.data.supplies[given] || []);
      (taker.mix || []).forEach(([taken, part]) => {
        if (takers.has(taken)) found.push({ giver, given, taker, taken, weight: much * part });
      });
    }));
    return found.sort((p, q) => q.weight - p.weight);
  };
  const keyOf = (i, j) => (i < j ? i + " " + j : j + " " + i);
  P.findingOf = (i, j) => {
    if (!P.data.byPair) {
      P.data.byPair = new Map();
      P.data.findings.filter((f) => f.parks.length === 2).forEach((f) => {
        const key = keyOf(...f.parks), last = P.data.byPair.get(key);
        if (!last || (f.verdict && !last.verdict)) P.data.byPair.set(key, f);
      });
    }
    return P.data.byPair.get(keyOf(i, j));
  };
  P.openPair = (i, j) => {
    const finding = P.findingOf(i, j);
    P.closeWide();
    P.select(finding ? { finding: finding.i } : { pair: [i, j] }, { zoom: true, focus: true });
  };
})(window.Parkmap);
