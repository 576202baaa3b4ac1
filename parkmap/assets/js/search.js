// Search by words, and by the first letters of the pinyin of a name (成都高新区: cdgxq).
(function (P) {
  "use strict";
  const ANY = "*";
  P.folded = (text) => text.normalize("NFKC").toLowerCase();
  const isInitials = (typed) => /^[a-z][a-z0-9]+$/.test(typed);
  const startsAt = (letters, typed, from) => {
    for (let i = 0; i < typed.length; i += 1) {
      const letter = letters[from + i];
      if (letter !== typed[i] && !(letter === ANY && typed[i] > "9")) return false;
    }
    return true;
  };
  P.hasInitials = (letters, typed) => {
    for (let from = 0; from + typed.length <= letters.length; from += 1) if (startsAt(letters, typed, from)) return true;
    return false;
  };
  // The sectors typed words mean, by name or by another word the vocabulary has for them.
  const means = { typed: "", nodes: new Set() };
  const nodesOf = (typed) => {
    if (means.typed === typed) return means.nodes;
    const word = typed.replace(/(产业|行业|制造业|业)$/, "");
    const has = ([zh, en, , , , , others]) => [zh, en].some((words) => P.folded(words).includes(word))
      || (others || "").split(" ").some((other) => other.startsWith(word));  // 泛半导体 is wider than 半导体
    means.typed = typed;
    means.nodes = new Set(word.length > 1 ? Object.keys(P.data.sectors).filter((id) => has(P.data.sectors[id])) : []);
    return means.nodes;
  };
  P.meansOneOf = (typed, ids) => {
    const nodes = nodesOf(P.folded(typed));
    return nodes.size > 0 && ids.some((id) => P.isAtOrBelow(id, nodes));
  };
  // Whether typed words are in a text, are the initials of one of the parks or their districts, or mean a sector.
  P.found = (typed, words, parks, ids) => {
    const wanted = P.folded(typed);
    if (P.folded(words).includes(wanted)) return true;
    if (isInitials(wanted) && parks.some((park) => (park.initials || []).some((letters) => P.hasInitials(letters, wanted)))) return true;
    return P.meansOneOf(typed, ids);
  };
  // How near a park is to typed words: its name or district begins with them, holds them, or something else of it does.
  P.nearness = (typed, park) => {
    const wanted = P.folded(typed), whole = [park.name, park.district || ""].map(P.folded);
    const letters = isInitials(wanted) ? park.initials || [] : [];
    if (whole.some((words) => words.startsWith(wanted)) || letters.some((one) => one.startsWith(wanted))) return 0;
    if (whole.some((words) => words.includes(wanted)) || letters.some((one) => one.includes(wanted))) return 1;
    return 2;
  };
})(window.Parkmap);
