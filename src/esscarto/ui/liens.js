// Follow the links of our own HTML without loading the application again: they go the way of the Back button, in the same session.
(() => {
  "use strict";
  const go = (address, write) => {
    window.history[write]({}, "", address);
    window.dispatchEvent(new window.PopStateEvent("popstate"));
  };
  // A page has a bare name. The forms of Données live in their own session: a link begins them anew.
  const follows = (address) =>
    address.origin === window.location.origin && !address.hash && /\/(?!(donnees|presenter)$)[a-z_]*$/.test(address.pathname);
  const top = () => {
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
    document.activeElement?.blur();
  };
  // What a gesture changes is drawn again: the same button gets the focus back.
  let watch = null;
  const focusAgain = (button) => {
    const item = button.dataset.element;
    watch?.disconnect();
    watch = new window.MutationObserver(() => {
      const drawn = document.querySelector(`.ess-geste[data-element="${window.CSS.escape(item)}"]`);
      if (!drawn || drawn === button) return;
      watch.disconnect();
      if (document.activeElement === document.body) drawn.focus({ preventScroll: true });
    });
    watch.observe(document.body, { childList: true, subtree: true });
  };
  document.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const one = event.target.closest(".ess .ess-geste, .ess a[href]:not([target=_blank])");
    if (!one) return;
    const address = new window.URL(one.matches("a") ? one.href : window.location.href);
    if (one.matches(".ess-geste")) {
      // The page takes the gesture out of the address: nothing of it stays in the history.
      address.searchParams.set("geste", one.value);
      focusAgain(one);
      go(address, "replaceState");
    } else if (follows(address)) {
      event.preventDefault();
      const from = one.closest(".ess-clic");
      if (from) {
        // A commune of the map of an answer: the same question, asked from there; it takes the place of an address.
        const territory = address.searchParams.get("t");
        address.search = window.location.search;
        for (const key of ["pt", "ad"]) address.searchParams.delete(key);
        address.searchParams.set("t", territory);
      }
      go(address, "pushState");
      if (!from) top();
    }
  });
})();
