// The map in the browser. Python says once what the layers are (mount), then what to show (apply).
// Every text that comes from the data is written with textContent: nothing here builds HTML from it.
(() => {
  "use strict";
  const MANY = 2000, BESIDE = 200, STRONG = "#08363c", GROUND = "#e9e5da", HATCH = "url(#ess-hachures)";
  const CREDITS = "Contours simplifiés : IGN, Insee, DGCL (Licence Ouverte)";
  const PLAN_CREDITS = "Plan IGN, Géoplateforme";
  const PLAN_URL = "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&STYLE=normal&FORMAT=image/png&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&TILEMATRIXSET=PM&TILEMATRIX={z}&TILECOL={x}&TILEROW={y}";
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const state = { turn: 0, sent: 0, sheets: new Map(), shown: [], polygons: [], view: null, wanted: null };

  const element = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "onclick") node.addEventListener("click", value);
      else if (name === "class") node.className = value;
      else node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child !== null && child !== ""));
    return node;
  };
  const fold = (text) => text.replace(/œ/gi, "oe").normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replace(/[^a-z0-9]+/g, " ").trim().replace(/^(?:(?:l|d|la|le|les|aux?|a|de|du|des) )+(?=.)/, "");
  const called = (node, role, label) => { node?.setAttribute("role", role); node?.setAttribute("aria-label", label); };
  const plural = (n, word) => `${n}\u00a0${word}${n > 1 ? "s" : ""}`;
  // The words that come down from Python are ids and closed lists; a symbol is an SVG drawn from our own list.
  const picture = (svg) => { const box = element("span", { class: "ess-symbole", "aria-hidden": "true" }); box.innerHTML = svg; return box; };

  // ---- messages up: said at once through the component's own channel, numbered so that none is taken for another
  function say(message) {
    state.sent += 1;
    const value = { last_object_clicked_popup: `${message}#${state.sent}` }, shared = window.__GLOBAL_DATA__;
    if (!shared || !window.Streamlit) return;
    shared.last_object_clicked_popup = value.last_object_clicked_popup;
    shared.previous_data = value;
    window.Streamlit.setComponentValue(value);
  }

  // ---- data: each file is asked for once
  const files = new Map();
  function fetchOnce(url) {
    if (!files.has(url)) {
      files.set(url, fetch(url).then((answer) => {
        if (!answer.ok) throw new Error(`${url} ${answer.status}`);
        return answer.json();
      }));
      files.get(url).catch(() => { files.delete(url); notice("Les données de la carte n’ont pas pu être lues. Rechargez la page ; la liste reste disponible."); });
    }
    return files.get(url);
  }
  function notice(text) {
    if (!state.notice) state.map.getContainer().append(state.notice = element("p", { class: "ess-avis", role: "alert" }));
    state.notice.textContent = text;
  }
  function bits(encoded, length) {
    const bytes = atob(encoded), mask = new Uint8Array(length);
    for (let i = 0; i < length; i++) mask[i] = (bytes.charCodeAt(i >> 3) >> (i & 7)) & 1;
    return mask;
  }

  // ---- mount: the constant part
  async function mount(map, options) {
    const box = map.getContainer();
    state.map = map;
    document.documentElement.lang = "fr";
    document.title = "Carte des acteurs de l’ESS";
    // Words for a screen reader; the page finds its frame by what follows them.
    window.frameElement?.setAttribute("title", "Carte des acteurs de l’ESS (st_folium)");
    document.querySelector("meta[name=viewport]")?.setAttribute("content", "width=device-width, initial-scale=1");
    called(box, "region", "Carte des acteurs ; la liste sous la carte donne les mêmes informations");
    map.attributionControl.setPrefix(false).addAttribution(CREDITS);
    if (calm) stayStill(map);
    for (const [name, z] of [["fond", 350], ["contours", 420]]) {
      map.createPane(name).style.zIndex = z;
      map.getPane(name).style.pointerEvents = name === "contours" ? "none" : "";
    }
    frenchControls(map, box);
    state.cluster = L.markerClusterGroup({
      maxClusterRadius: 44, showCoverageOnHover: false, animate: !calm, spiderfyDistanceMultiplier: 1.4, chunkedLoading: false,
      iconCreateFunction: (cluster) => L.divIcon({
        className: "ess-grappe", iconSize: [36, 36],
        html: `<span role="img" aria-label="${cluster.getChildCount()} acteurs, ouvrir">${cluster.getChildCount()}</span>`,
      }),
    }).on("animationend", () => { if (state.keyed && document.activeElement === document.body) box.focus({ preventScroll: true }); state.keyed = false; });
    state.badges = L.layerGroup().addTo(map);
    box.addEventListener("keydown", (event) => {
      if (!["Enter", " "].includes(event.key) || !event.target.matches("[role=button]")) return; // Leaflet forgets Space, and Enter on a marker.
      event.preventDefault();
      state.keyed = event.target.matches(".ess-grappe"); // A cluster that opens takes the focus away with it.
      event.target.click();
    });
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") { map.closePopup(); state.cluster._unspiderfy(); state.drawn?.forEach((layer) => layer.closeTooltip()); }
    });
    // The frame takes its height after the map is made: until somebody has moved it, the territory is framed again.
    for (const gesture of ["pointerdown", "keydown", "wheel"]) box.addEventListener(gesture, () => { state.touched = true; }, { passive: true });
    map.on("resize", () => { if (state.wanted && state.view && !state.touched) { fit(state.wanted.vue.b); state.popup?.update(); } });
    map.on("popupopen moveend", foldLegend);
    map.on("popupclose", () => { (state.opener?.isConnected ? state.opener : box).focus({ preventScroll: true }); if (state.folded) state.legend.open = true; state.folded = false; });
    state.actors = await fetchOnce(options.acteurs).catch(() => null);
    if (!state.actors) return;
    if (state.actors.id.length > MANY) { state.cluster.options.disableClusteringAtZoom = 13; state.cluster.clearLayers(); } // Each level of zoom costs.
    state.shown = new Uint8Array(state.actors.id.length);
    state.position = new Map(state.actors.id.map((id, i) => [id, i]));
    if (state.wanted) await show(state.wanted); // The map before its search.
    buildSearch(box);
  }

  function stayStill(map) {
    Object.assign(map.options, { zoomAnimation: false, fadeAnimation: false, inertia: false, markerZoomAnimation: false });
    map._zoomAnimated = false;
    // The arrow keys and the focus of a marker slide the map whatever the options say.
    const { panBy } = map;
    map.panBy = (offset, options) => panBy.call(map, offset, { ...options, animate: false });
  }
  function frenchControls(map, box) {
    for (const [button, name] of [["in", "Zoomer"], ["out", "Dézoomer"]])
      for (const said of ["title", "aria-label"]) box.querySelector(`.leaflet-control-zoom-${button}`)?.setAttribute(said, name);
    const home = element("a", { href: "#", role: "button", title: "Revoir tout le territoire", "aria-label": "Revoir tout le territoire",
      onclick: (event) => { event.preventDefault(); if (state.wanted) fit(state.wanted.vue.b); } }, "⌂");
    box.querySelector(".leaflet-control-zoom")?.append(home);
    const legend = L.control({ position: "bottomright" });
    legend.onAdd = () => {
      state.legend = Object.assign(element("details", { class: "ess-legende" }), { open: window.matchMedia("(min-width: 520px)").matches });
      L.DomEvent.disableClickPropagation(state.legend).disableScrollPropagation(state.legend);
      return state.legend;
    };
    legend.addTo(map);
    // Under the map: one button a family, the quick filter.
    state.bar = element("div", { class: "ess-barre", role: "group", "aria-label": "Afficher seulement ces familles" });
    // What a filter changes is said aloud here: Streamlit writes the sentence of the page anew, which no one hears.
    state.live = element("p", { class: "ess-cache", role: "status" });
    box.after(state.bar, state.live);
    new ResizeObserver(() => {
      if (window.frameElement) box.style.setProperty("--barre", `${state.bar.offsetHeight}px`);
      map.invalidateSize({ pan: false });
    }).observe(state.bar);
  }

  // ---- apply: what to show now
  function apply(wanted) {
    if (wanted.canal === state.canal && wanted.n <= state.n) return;
    // A number alone whose message has not come down our socket: opened again, it says the last one first.
    if (wanted.canal !== state.canal || !wanted.fond) listen(wanted.canal);
    if (!wanted.fond) return;
    Object.assign(state, { wanted, canal: wanted.canal, n: wanted.n });
    if (state.actors) show(wanted);
  }
  // Messages come down a socket of our own, before the page around has been drawn again.
  function listen(canal) {
    state.socket?.close();
    const address = new window.URL(`../../direct/${canal}`, window.location.href);
    address.protocol = address.protocol.replace("http", "ws");
    state.socket = new window.WebSocket(address);
    state.socket.addEventListener("message", (event) => apply(JSON.parse(event.data)));
  }
  async function show(wanted) {
    const turn = ++state.turn;
    const sheet = await sheetOf(wanted).catch(() => null);
    if (!sheet || turn !== state.turn) return;
    // A legend click that Python has not answered yet keeps its hand on the families.
    if (wanted.ack >= state.sent || !state.families) state.families = new Set(wanted.familles);
    state.mask = bits(wanted.mask, state.actors.id.length);
    // Framed before anything is drawn: clusters and polygons are then computed once, at the right scale.
    const moved = state.view !== wanted.vue.cle;
    if (moved) { fit(wanted.vue.b, wanted.vue.vol); state.view = wanted.vue.cle; }
    state.cluster.addTo(state.map); // Not before it is framed: each change of scale makes the clusters lay the page out.
    if (state.sheet !== sheet || state.level !== wanted.niveau) drawPolygons(sheet, wanted.niveau);
    paint(wanted);
    background(wanted.plan);
    drawActors();
    drawLegend(wanted);
    select(wanted.sel);
    if (moved || (wanted.sel !== state.sel && wanted.ack >= state.sent)) openWanted(wanted.sel); // Chosen beside the map.
    state.sel = wanted.sel;
    state.map.getContainer().dataset.pret = String(turn);
  }
  async function sheetOf(wanted) {
    const urls = [wanted.fond.contours, wanted.niveau === "commune" ? wanted.fond.communes : null];
    const [outlines, communes] = await Promise.all(urls.map((url) => url && fetchOnce(url)));
    const key = urls.join(" ");
    if (!state.sheets.has(key)) state.sheets.set(key, { outlines, communes });
    return state.sheets.get(key);
  }
  function fit(bounds, flies) {
    const beside = state.legend?.open && state.map.getSize().x > 900 ? BESIDE : 0;
    state.map[flies && !calm ? "flyToBounds" : "fitBounds"](bounds, { duration: 0.8, animate: !calm && Boolean(state.view), paddingTopLeft: [12, 52], paddingBottomRight: [12 + beside, 24] });
  }
  function background(on) {
    if (on && !state.tiles) state.tiles = L.tileLayer(PLAN_URL, { attribution: PLAN_CREDITS, maxZoom: 18 });
    if (state.tiles) on ? state.tiles.addTo(state.map) : state.tiles.remove();
    state.map.getContainer().classList.toggle("ess-plan", Boolean(on));
  }

  // ---- polygons
  function drawPolygons(sheet, level) {
    const { map } = state;
    for (const layer of state.drawn ?? []) layer.remove();
    const ground = L.geoJSON(sheet.outlines.voisins, { pane: "fond", interactive: false, style: { fillColor: GROUND, fillOpacity: 0.55, color: "#c9c2b0", weight: 0.8, className: "ess-voisin" } });
    const coloured = L.geoJSON(level === "commune" ? sheet.communes : sheet.outlines.epci, {
      bubblingMouseEvents: false, style: { weight: level === "commune" ? 0.6 : 1.5, color: "#8d958f", fillOpacity: 0.85, className: `ess-polygone ess-${level}` },
    });
    const outline = (features, weight, name) => L.geoJSON(features, { pane: "contours", interactive: false, style: { fill: false, color: STRONG, weight, className: name } });
    state.drawn = [ground, coloured, outline(sheet.outlines.epci, 1.6, "ess-epci-contour"), outline(sheet.outlines.petr, 3.2, "ess-petr-contour")];
    state.drawn.push(L.layerGroup(sheet.outlines.villes.map(({ n, lat, lon }) => L.marker([lat, lon], {
      pane: "contours", interactive: false, keyboard: false, icon: L.divIcon({ className: "ess-ville", iconSize: [0, 0], html: element("span", {}, n) }),
    }))));
    for (const layer of state.drawn) layer.addTo(map);
    state.polygons = coloured.getLayers();
    state.byCode = new Map(state.polygons.map((layer, i) => [layer.feature.properties.c, { layer, i }]));
    Object.assign(state, { sheet, level, painted: null, selected: null });
    coloured.on("click", (event) => { L.DomEvent.stopPropagation(event); say(`${level}:${event.layer.feature.properties.c}`); select(`${level}:${event.layer.feature.properties.c}`); });
    // 163 communes are not 163 stops of the Tab key: with no element to find, Leaflet leaves them out of the focus.
    coloured.getElement = () => null;
    coloured.bindTooltip((layer) => {
      const { c, n } = layer.feature.properties, entry = state.wanted.legende.classes.find((item) => item.k === state.painted?.[state.byCode.get(c).i]);
      return element("span", {}, entry?.t ? `${n}. ${state.wanted.legende.titre}\u00a0: ${entry.t}` : n);
    }, { sticky: true, direction: "top" });
    const svg = coloured.getLayers()[0]?._renderer?._container;
    if (svg && !svg.querySelector("#ess-hachures")) {
      const defs = document.createElementNS("http://www.w3.org/2000/svg", "defs");
      defs.innerHTML = '<pattern id="ess-hachures" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><rect width="2" height="6" fill="#9a9a94"/></pattern>';
      svg.prepend(defs);
    }
  }
  function paint(wanted) {
    const colours = Object.fromEntries(wanted.legende.classes.map((item) => [item.k, item.c === "hachures" ? HATCH : item.c]));
    const same = state.painted && state.colours === JSON.stringify(colours);
    state.polygons.forEach((layer, i) => {
      const kind = wanted.classes[i];
      if (same && state.painted[i] === kind) return;
      // The two attributes that change, written directly: setStyle writes ten of them for each polygon.
      const fill = kind === "." ? GROUND : colours[kind], opacity = kind === "." ? 0.55 : 0.85;
      Object.assign(layer.options, { fillColor: fill, fillOpacity: opacity });
      layer._path?.setAttribute("fill", fill);
      layer._path?.setAttribute("fill-opacity", opacity);
    });
    Object.assign(state, { painted: wanted.classes, colours: JSON.stringify(colours) });
  }
  function select(key) {
    const [level, code] = (key || "").split(":");
    if (state.selected) { state.selected.setStyle({ weight: state.level === "commune" ? 0.6 : 1.5, color: "#8d958f" }); state.selected = null; }
    const found = level === state.level && state.byCode.get(code);
    if (found) { state.selected = found.layer.setStyle({ weight: 4, color: "#b5541c" }).bringToFront(); }
  }
  function openWanted(key) {
    if (key?.startsWith("acteur:")) openActor(state.position.get(key.slice(7)), false);
  }

  // ---- actors
  function marker(i) {
    const a = state.actors, title = `${a.nom[i]}, ${a.symboles[a.cat[i]].t}, ${a.lieu[i]}`;
    if (!(a.marker ??= [])[i]) {
      const style = a.statut[i] === "projet" || a.statut[i] === "passe" ? "vide" : a.precision[i] === "commune" ? "commune" : "plein";
      a.marker[i] = L.marker([a.lat[i], a.lon[i]], {
        alt: title, title, keyboard: true, riseOnHover: true,
        icon: L.divIcon({ className: "ess-marque", iconSize: [28, 28], html: a.symboles[a.cat[i]][style] }),
      }).on("click", () => { const here = together(i); here.length > 1 ? openList([a.lat[i], a.lon[i]], `${plural(here.length, "acteur")} au même endroit`, here) : openActor(i); })
        .on("add", (event) => called(event.target.getElement(), "button", title));
    }
    return a.marker[i];
  }
  // Beyond the last level of clusters, actors of one point lie under each other: all are offered.
  function together(i) {
    const { id, lat, lon } = state.actors;
    return id.length > MANY ? id.flatMap((_, j) => (state.shown[j] && lat[j] === lat[i] && lon[j] === lon[i] ? [j] : [])) : [i];
  }
  function visible(i) { return state.mask[i] && (!state.families.size || state.families.has(state.actors.cat[i])); }
  function drawActors() {
    const a = state.actors, add = [], drop = [], unplaced = new Map();
    let kept = 0, total = 0;
    for (let i = 0; i < a.id.length; i++) {
      const now = visible(i) ? 1 : 0;
      total += now;
      if (a.lon[i] === null) {
        if (now && a.attache[i]) unplaced.set(a.attache[i], [...(unplaced.get(a.attache[i]) ?? []), i]);
      } else {
        if (now !== state.shown[i]) (now ? add : drop).push(i);
        kept += now;
      }
      state.shown[i] = now;
    }
    // Removing is two or three times as quick as building the clusters anew, unless nearly all go.
    if (drop.length > 10 * kept) {
      state.cluster.clearLayers();
      add.length = 0;
      for (let i = 0; i < a.id.length; i++) if (state.shown[i] && a.lon[i] !== null) add.push(i);
    } else if (drop.length) state.cluster.removeLayers(drop.map(marker));
    if (add.length) state.cluster.addLayers(add.map(marker));
    const where = JSON.stringify([...unplaced]); // Drawn anew only when they change: one of them may hold the focus.
    if (where !== state.where) { state.where = where; state.badges.clearLayers(); unplaced.forEach((members, key) => badge(key, members)); }
    const said = total ? `${plural(total, "acteur")} sur la carte et dans la liste` : "Aucun acteur ne correspond";
    if (state.live.textContent !== said) state.live.textContent = said;
  }
  function badge(key, members) {
    const place = state.actors.territoires[key];
    if (!place) return;
    const title = `${place.n} : ${plural(members.length, "acteur")} sans commune connue`;
    L.marker([place.lat, place.lon], {
      alt: title, title, keyboard: true, icon: L.divIcon({ className: "ess-badge", iconSize: [34, 24], html: `<span>${members.length}</span>` }),
    }).on("click", (event) => openList(event.latlng, title, members))
      .on("add", (event) => called(event.target.getElement(), "button", title)).addTo(state.badges);
  }
  function openList(latlng, title, members) {
    popup(latlng, title, element("div", { class: "ess-fiche", tabindex: "-1" }, element("h2", {}, title),
      element("ul", {}, ...members.map((i) => element("li", {}, element("button", { type: "button", onclick: () => openActor(i) }, state.actors.nom[i]))))), true);
  }
  function openActor(i, tell = true) {
    if (i === undefined) return;
    const a = state.actors, place = a.territoires[a.attache[i]];
    const at = a.lon[i] === null ? (place ? [place.lat, place.lon] : state.map.getCenter()) : [a.lat[i], a.lon[i]];
    popup(at, a.nom[i], card(i), tell);
    if (tell) { state.sel = `acteur:${a.id[i]}`; say(state.sel); }
  }
  function popup(latlng, title, content, asked) {
    // Closing gives the focus back to what opened the first of a chain of popups.
    const opener = document.activeElement?.closest(".leaflet-popup") ? state.opener : document.activeElement;
    const width = Math.max(200, Math.min(330, state.map.getSize().x - 110));
    state.popup = L.popup({ maxWidth: width, minWidth: 200, maxHeight: 320, autoPanPaddingTopLeft: [52, 60], autoPanPaddingBottomRight: [8, 24] }).setLatLng(latlng).setContent(content).openOn(state.map);
    state.opener = opener;
    const box = state.popup.getElement();
    called(box, "dialog", title);
    box.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", "Fermer la fiche");
    if (asked) content.focus({ preventScroll: true });
  }
  // The legend lies above the popups and would hide their last lines: it folds, and opens again when they close.
  function foldLegend() {
    const box = state.popup?.getElement()?.getBoundingClientRect(), legend = box && state.legend.getBoundingClientRect();
    if (box && state.legend.open && box.right > legend.left && box.bottom > legend.top) { state.legend.open = false; state.folded = true; }
  }
  function card(i) {
    const a = state.actors, line = (title, text) => (text ? element("div", {}, element("dt", {}, title), element("dd", {}, text)) : "");
    const link = a.site[i] && element("a", { href: a.site[i], target: "_blank", rel: "noopener noreferrer" }, a.site[i].replace(/^https?:\/\//, ""));
    const mail = a.courriel[i] && element("a", { href: `mailto:${a.courriel[i]}` }, a.courriel[i]);
    return element("div", { class: "ess-fiche", tabindex: "-1" },
      element("h2", {}, picture(a.symboles[a.cat[i]].plein), element("span", {}, a.nom[i])),
      element("p", { class: "ess-sous" }, [a.symboles[a.cat[i]].t, a.types[i], a.etat[i]].filter(Boolean).join(" · ")),
      element("dl", {}, line("Thèmes", a.themes[i]), line("Lieu", [a.adresse[i], a.lieu[i]].filter(Boolean).join(", ")), line("Effectif", a.taille[i]),
        line("Téléphone", a.telephone[i]), line("Courriel", mail), line("Site", link), line("Source", a.source[i])));
  }

  // ---- legend: the families are the quick filter, acted on here at once and told to Python
  function drawLegend(wanted) {
    const { legende: legend } = wanted, a = state.actors, counts = {};
    for (let i = 0; i < a.id.length; i++) if (state.mask[i]) counts[a.cat[i]] = (counts[a.cat[i]] ?? 0) + 1;
    const swatch = (item) => element("li", {}, element("span", { class: item.c === "hachures" ? "ess-case ess-hachures" : "ess-case", style: item.c === "hachures" ? "" : `background:${item.c}`, "data-classe": item.k }), item.t);
    const toggle = (key) => element("button", { type: "button", class: "ess-famille", "aria-pressed": String(state.families.has(key)), "data-famille": key,
      onclick: () => {
        state.families.has(key) ? state.families.delete(key) : state.families.add(key);
        drawActors();
        for (const other of state.bar.children) other.setAttribute("aria-pressed", String(state.families.has(other.dataset.famille)));
        say(`familles:${[...state.families].join(",")}`);
      } }, picture(a.symboles[key].plein), element("span", {}, a.symboles[key].t), element("span", { class: "ess-nombre" }, String(counts[key] ?? 0)));
    state.legend.replaceChildren(element("summary", {}, element("h2", {}, "Légende")),
      element("h3", {}, legend.titre), element("p", {}, legend.note), element("ul", { class: "ess-classes" }, ...legend.classes.map(swatch)),
      element("details", {}, element("summary", {}, "Lire les symboles"),
        element("p", {}, "Plein : adresse ou rue. Tireté : commune seule. Vide : projet ou activité terminée. Pastille : acteurs sans commune connue.")));
    const focused = state.bar.contains(document.activeElement) && document.activeElement.dataset.famille;
    state.bar.replaceChildren(...Object.keys(a.symboles).filter((key) => counts[key] || state.families.has(key)).map(toggle));
    if (focused) state.bar.querySelector(`[data-famille="${focused}"]`)?.focus();
  }

  // ---- search: a commune of the sheet or an actor, accents and articles ignored
  function buildSearch(box) {
    const input = element("input", { type: "search", role: "combobox", "aria-expanded": "false", "aria-controls": "ess-trouves", "aria-autocomplete": "list",
      "aria-label": "Chercher une commune ou un acteur", placeholder: "Commune ou acteur", autocomplete: "off" });
    const list = element("ul", { id: "ess-trouves", role: "listbox", "aria-label": "Résultats", hidden: "" });
    const search = element("div", { class: "ess-recherche" }, input, list);
    L.DomEvent.disableClickPropagation(search).disableScrollPropagation(search);
    box.append(search);
    const a = state.actors, actors = a.id.map((_, i) => ({ words: fold(`${a.nom[i]} ${a.alias[i]}`), name: fold(a.nom[i]), label: a.nom[i], hint: a.lieu[i], go: () => openActor(i) }));
    let found = [], active = -1;
    const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); active = -1; };
    const choose = (hit) => { input.value = hit.label; close(); hit.go(); };
    const mark = (next) => {
      active = (next + found.length) % found.length;
      [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === active)));
      input.setAttribute("aria-activedescendant", `ess-trouve-${active}`);
      list.children[active].scrollIntoView({ block: "nearest" });
    };
    input.addEventListener("input", () => {
      const wanted = fold(input.value);
      const places = state.polygons.map((layer) => { const { c, n } = layer.feature.properties; return { words: fold(n), name: fold(n), label: n, hint: state.level === "commune" ? "commune" : "intercommunalité",
        go: () => { state.map.fitBounds(layer.getBounds(), { maxZoom: 11, animate: !calm }); select(`${state.level}:${c}`); say(`${state.level}:${c}`); } }; });
      found = wanted ? [...places, ...actors].filter((item) => wanted.split(" ").every((word) => item.words.includes(word)))
        .sort((one, two) => Number(two.name.startsWith(wanted)) - Number(one.name.startsWith(wanted))).slice(0, 8) : [];
      list.replaceChildren(...found.map((hit, i) => element("li", { id: `ess-trouve-${i}`, role: "option", "aria-selected": "false", onclick: () => choose(hit) }, element("strong", {}, hit.label), " ", element("small", {}, hit.hint))));
      if (wanted && !found.length) list.replaceChildren(element("li", { role: "option", "aria-disabled": "true" }, "Rien de ce nom ici. Choisissez un autre territoire ou vérifiez l’orthographe."));
      list.hidden = !wanted; active = -1;
      input.setAttribute("aria-expanded", String(Boolean(wanted)));
    });
    input.addEventListener("keydown", (event) => {
      const act = { ArrowDown: () => mark(active + 1), ArrowUp: () => mark(active - 1), Enter: () => choose(found[Math.max(active, 0)]) }[event.key];
      if (event.key === "Escape") { close(); input.value = ""; event.stopPropagation(); } else if (act && found.length) { act(); event.preventDefault(); }
    });
    input.addEventListener("blur", () => setTimeout(close, 200));
  }

  window.esscarto = { mount, apply, fold, open: (id) => openActor(state.position.get(id)) };
})();
