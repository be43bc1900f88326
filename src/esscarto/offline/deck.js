// The presentation: one screen after the other by the arrow keys, and beside it the map, which flies and is never made anew.
(() => {
  "use strict";
  const { esscarto } = window, { map } = esscarto;
  const find = (id) => document.getElementById(id);
  const box = find("presentation"), views = JSON.parse(find("vues").textContent);
  const screens = (deck) => [...box.querySelectorAll(`article[data-jeu="${deck}"]`)];
  const wide = window.matchMedia("(min-width: 801px)");
  let deck = "", at = 0, opener = null;

  function show(rank) {
    const all = screens(deck);
    at = Math.min(Math.max(rank, 0), all.length - 1);
    for (const one of box.querySelectorAll("article")) one.hidden = one !== all[at];
    const view = views[deck][at];
    // Nothing to read: no legend over the map.
    document.body.classList.toggle("sans-legende", !view.legende.titre);
    esscarto.send(view);
    esscarto.way?.(deck === "tour", at - 1);
    find("rang").textContent = `${at + 1} sur ${all.length}`;
    box.querySelector("[data-pas='-1']").disabled = at === 0;
    box.querySelector("[data-pas='1']").disabled = at === all.length - 1;
    fit();
    find("ecrans").scrollTop = 0;
    all[at].focus({ preventScroll: true });
  }
  // In a room nobody scrolls: the type goes down, by a third at most, until the screen is whole. On a phone it stays.
  function fit() {
    const area = find("ecrans");
    area.style.fontSize = "";
    for (let size = 95; wide.matches && size > 65 && area.scrollHeight > area.clientHeight; size -= 5) area.style.fontSize = `${size}%`;
  }
  function start(name) {
    opener = document.activeElement;
    deck = name;
    document.body.classList.add("presente");
    box.hidden = false;
    map.keyboard.disable(); // The arrows turn the screens, wherever the last click was.
    map.closePopup();
    map.invalidateSize({ pan: false });
    show(0);
  }
  function leave() {
    if (document.fullscreenElement) document.exitFullscreen();
    document.body.classList.remove("presente", "sans-legende");
    box.hidden = true;
    deck = "";
    map.keyboard.enable();
    map.invalidateSize({ pan: false });
    esscarto.way?.(true, -1);
    esscarto.refresh();
    (opener?.isConnected && opener !== document.body ? opener : document.querySelector("[data-presenter]")).focus();
  }
  const keys = {
    ArrowRight: () => show(at + 1), PageDown: () => show(at + 1), ArrowLeft: () => show(at - 1), PageUp: () => show(at - 1),
    Home: () => show(0), End: () => show(Infinity),
    f: () => fill(),
    // A card of the map, or the whole screen, closes first.
    Escape: () => { if (!document.querySelector(".leaflet-popup")) leave(); },
  };
  const fill = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.().catch(() => {}));

  document.addEventListener("keydown", (event) => {
    if (!deck || event.ctrlKey || event.altKey || event.metaKey || event.target.matches?.("input, textarea, select")) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  }, true);
  box.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button?.dataset.pas) show(at + Number(button.dataset.pas));
    else if (button?.id === "plein") fill();
    else if (button?.id === "quitter") leave();
  });
  window.addEventListener("resize", () => { if (deck) { fit(); map.invalidateSize({ pan: false }); } });
  for (const button of document.querySelectorAll("[data-presenter]")) button.addEventListener("click", () => start(button.dataset.presenter));
  const { ouvre } = JSON.parse(find("page").textContent);
  if (ouvre) start(ouvre);
})();
