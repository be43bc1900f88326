// The map to take away: one page without a server. The filters of the panel make the message that Python sends to
// the same map elsewhere. Every text that comes from the data is written with textContent.
(() => {
  "use strict";
  const { esscarto } = window;
  const find = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(find(id).textContent);
  const page = read("page"), actors = read("acteurs"), total = actors.id.length;
  // The map fetches its files by their address: here they are blocks of the page, and nothing is ever asked.
  window.fetch = (id) => Promise.resolve({ ok: true, json: () => (id === "acteurs" ? actors : read(id)) });
  const everyone = [...Array(total).keys()], boxes = [...document.querySelectorAll("#filtres input[type=checkbox]")];
  const facets = Object.keys(page.valeurs), where = find("territoire"), words = find("mots");
  const fond = { contours: "contours", communes: "communes" };
  const STEP = 300; // Lines added at a time: a long table would make each filter wait.
  const rows = [];
  let collator = null; // Costly to make, and for the list alone.
  const compare = (one, two) => (collator ??= new Intl.Collator("fr")).compare(one, two);
  const { title } = document; // The map writes its own.
  let number = 0, heard = 0, picked = "", current = "", sort = { key: "nom", up: true }, lines = STEP;
  const count = (n) => (n ? `${n}\u00a0acteur${n > 1 ? "s" : ""}` : "aucun acteur");
  const capital = (said) => said[0].toUpperCase() + said.slice(1);
  const element = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  // ---- which actors
  const chosen = (key) => boxes.filter((box) => box.name === key && box.checked).map((box) => box.value);
  function inside(key) {
    const [level, code] = key.split(":");
    return (i) => page.lieux[level][i] === code;
  }
  function kept(without) {
    const tests = facets.filter((key) => key !== without).map((key) => [page.valeurs[key], new Set(chosen(key))])
      .filter(([, wanted]) => wanted.size).map(([values, wanted]) => (i) => values[i].some((value) => wanted.has(value)));
    if (where.value) tests.push(inside(where.value));
    for (const word of esscarto.fold(words.value).split(" ").filter(Boolean)) tests.push((i) => page.mots[i].includes(` ${word}`));
    return everyone.filter((i) => tests.every((test) => test(i)));
  }
  function bits(positions) {
    const bytes = new Uint8Array(Math.ceil(total / 8));
    for (const i of positions) bytes[i >> 3] |= 1 << (i & 7);
    return window.btoa(bytes.reduce((said, byte) => said + String.fromCharCode(byte), ""));
  }

  // ---- what is shown of them
  const send = (view) => esscarto.apply({ n: ++number, ack: heard, fond, plan: false, sel: "", familles: [], ...view });
  function refresh() {
    const shown = kept();
    draw(shown);
    tellOf(shown);
  }
  function draw(shown) {
    const inEach = new Map();
    for (const i of shown) {
      const code = page.lieux[page.niveau][i];
      inEach.set(code, (inEach.get(code) ?? 0) + 1);
    }
    const within = new Set(page.dedans);
    const kind = (n) => page.legende.find(({ max }) => max === null || n <= max).k;
    send({
      niveau: page.niveau, sel: picked, mask: bits(kept("f")), familles: chosen("f"),
      classes: page.codes.map((code) => (within.has(code) ? kind(inEach.get(code) ?? 0) : ".")).join(""),
      vue: { cle: where.value || page.centre, b: page.bornes[where.value || page.centre] },
      legende: { titre: "Acteurs affichés", note: page.niveau === "commune" ? "Par commune" : "Par intercommunalité", classes: page.legende },
    });
  }
  function tellOf(shown) {
    lines = STEP;
    say(shown);
    list(shown);
    tell();
  }
  function say(shown) {
    const parts = facets.map((key) => boxes.filter((box) => box.name === key && box.checked).map((box) => box.dataset.dit).join(" ou "));
    if (words.value.trim()) parts.push(`contenant «\u00a0${words.value.trim()}\u00a0»`);
    if (where.value) parts.push(where.selectedOptions[0].textContent.trim());
    const filters = parts.filter(Boolean), some = filters.length > 0;
    find("phrase").textContent = capital(some ? `${count(shown.length)} sur ${total}\u00a0: ${filters.join(", ")}` : count(total));
    find("effacer").disabled = !some;
    for (const key of facets) {
      const numbers = new Map();
      for (const i of kept(key)) for (const value of page.valeurs[key][i]) numbers.set(value, (numbers.get(value) ?? 0) + 1);
      for (const box of boxes) if (box.name === key) box.parentNode.lastElementChild.textContent = String(numbers.get(box.value) ?? 0);
    }
  }

  // ---- the list: the twin of the map
  const columns = {
    nom: (i) => actors.nom[i],
    famille: (i) => actors.symboles[actors.cat[i]].t,
    themes: (i) => [actors.types[i], actors.themes[i]].filter(Boolean).join(" · "),
    lieu: (i) => actors.lieu[i],
    taille: (i) => actors.taille[i] || "n. d.",
  };
  const titles = Object.fromEntries([...document.querySelectorAll("[data-tri]")].map((button) => [button.dataset.tri, button]));
  function row(i) {
    if (!rows[i]) {
      const button = element("button", { type: "button", "data-acteur": actors.id[i] }, actors.nom[i]);
      const state = actors.etat[i] ? [element("small", {}, actors.etat[i].toLowerCase())] : [];
      const cells = Object.keys(columns).slice(1).map((key) => element("td", { "data-titre": titles[key].textContent }, columns[key](i)));
      rows[i] = element("tr", { "data-rang": i }, element("th", { scope: "row" }, button, ...state), ...cells);
    }
    rows[i].classList.toggle("ici", actors.id[i] === current);
    return rows[i];
  }
  // Sizes are sorted by the first number that they say: « 10 à 19 » comes after « 3 à 5 », and what is unknown last.
  const size = (i) => (actors.taille[i] ? Number(actors.taille[i].replace(/\s/g, "").match(/\d+/)?.[0] ?? 0) : Infinity);
  function list(shown) {
    const name = (one, two) => compare(actors.nom[one], actors.nom[two]);
    const order = sort.key === "taille" ? (one, two) => Math.sign(size(one) - size(two) || 0)
      : (one, two) => compare(columns[sort.key](one), columns[sort.key](two));
    const sorted = [...shown].sort((one, two) => (sort.up ? 1 : -1) * order(one, two) || name(one, two));
    find("titre-liste").textContent = `La liste\u00a0: ${count(shown.length)}`;
    const empty = element("tr", {}, element("td", { colspan: "5" }, "Aucun acteur connu ne correspond. Effacez un filtre, ou choisissez un territoire plus grand."));
    document.querySelector("#liste tbody").replaceChildren(...(sorted.length ? sorted.slice(0, lines).map(row) : [empty]));
    find("suite").hidden = sorted.length <= lines;
    find("suite").textContent = `Montrer la suite (${sorted.length - lines})`;
    for (const [key, button] of Object.entries(titles)) button.parentNode.setAttribute("aria-sort", key === sort.key ? (sort.up ? "ascending" : "descending") : "none");
  }

  // ---- from the map: a family button, a territory, an actor
  function receive({ last_object_clicked_popup: said }) {
    const [message, sent] = said.split("#"), at = message.indexOf(":"), kind = message.slice(0, at), value = message.slice(at + 1);
    heard = Number(sent);
    if (kind === "familles") {
      for (const box of boxes) if (box.name === "f") box.checked = value.split(",").includes(box.value);
      refresh();
    } else if (kind === "acteur") {
      current = value;
      for (const line of document.querySelectorAll("#liste [data-rang]")) line.classList.toggle("ici", actors.id[line.dataset.rang] === current);
    } else {
      picked = message;
      tell();
    }
  }
  function tell() {
    const box = find("choisi"), option = [...where.options].find(({ value }) => picked && value === picked);
    box.hidden = !option || picked === where.value;
    if (box.hidden) return;
    const name = option.textContent.trim(), here = kept().filter(inside(picked)).length;
    box.firstElementChild.textContent = `${name}\u00a0: ${here ? count(here) : "aucun acteur affiché"}.`;
    box.lastElementChild.hidden = !here;
    box.lastElementChild.textContent = `Ne montrer que ${name}`;
  }

  // ---- from the person
  find("filtres").addEventListener("submit", (event) => event.preventDefault());
  find("filtres").addEventListener("input", refresh);
  find("effacer").addEventListener("click", () => {
    for (const box of boxes) box.checked = false;
    where.value = words.value = "";
    refresh();
    where.focus();
  });
  find("choisi").lastElementChild.addEventListener("click", () => { where.value = picked; refresh(); find("liste").focus({ preventScroll: true }); });
  find("liste").addEventListener("click", ({ target }) => {
    const { tri, acteur } = target.closest("button")?.dataset ?? {};
    if (tri) { sort = { key: tri, up: sort.key === tri ? !sort.up : true }; list(kept()); }
    if (acteur) { find("carte").scrollIntoView({ block: "nearest" }); esscarto.open(acteur); }
  });
  find("suite").addEventListener("click", () => { const at = lines; lines += STEP; list(kept()); document.querySelectorAll("#liste [data-acteur]")[at]?.focus(); });
  // Paper unfolds nothing: the whole list and all the sources are printed.
  window.addEventListener("beforeprint", () => { document.querySelector("#sources details").open = true; lines = Infinity; list(kept()); });
  if (window.matchMedia("(max-width: 899px)").matches) find("panneau").open = false; // innerWidth would lay the page out.

  // The map says what is clicked through the component of the application: here, we are the component.
  window.__GLOBAL_DATA__ = {};
  window.Streamlit = { setComponentValue: receive };
  const map = L.map("carte", { maxZoom: 17, minZoom: 6, scrollWheelZoom: false, zoomSnap: 0.25 });
  esscarto.mount(map, { acteurs: "acteurs" });
  document.title = title;
  // The map first: what is around it waits for its first picture.
  draw(everyone);
  const idle = window.requestIdleCallback ?? setTimeout;
  window.requestAnimationFrame(() => idle(() => { document.body.classList.remove("avant"); tellOf(kept()); }));
  Object.assign(esscarto, { map, send, refresh }); // What the tour and the presentation of the file need.
})();
