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
  // Whether typed words are in a text, or are the initials of one of the parks or their districts.
  P.found = (typed, words, parks) => {
    const wanted = P.folded(typed);
    if (P.folded(words).includes(wanted)) return true;
    return isInitials(wanted) && parks.some((park) => (park.initials || []).some((letters) => P.hasInitials(letters, wanted)));
  };
})(window.Parkmap);
