// A commune clicked on the map of an answer: the same question, asked from there.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".ess-clic a");
    if (!link) return;
    event.preventDefault();
    const asked = new window.URL(window.location.href), query = asked.searchParams;
    query.set("t", new window.URL(link.href).searchParams.get("t"));
    // A commune takes the place of an address.
    for (const key of ["pt", "ad"]) query.delete(key);
    window.location.assign(asked.href);
  });
})();
