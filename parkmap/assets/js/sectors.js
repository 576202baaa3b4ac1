// The tab of sectors.
(function (P) {
  "use strict";
  P.sectorsTab = () => [P.expertSection()];
})(window.Parkmap);
