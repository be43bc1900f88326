// Keep the basket in this browser from a page to the next: a cookie that ends with the browser, read back when a page opens.
(() => {
  "use strict";
  // A live collection: looking at it costs nothing when the page has no basket.
  const marks = document.getElementsByClassName("ess-panier-garde");
  let kept = null;
  new window.MutationObserver(() => {
    const said = marks.length ? marks[0].dataset.panier : null;
    if (said === null || said === kept) return;
    kept = said;
    const safe = window.location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `panier=${said}; path=/; SameSite=Lax${safe}${said ? "" : "; max-age=0"}`;
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-panier"] });
})();
