// The tour on the map, and the notebook of whoever carries it: kept by this browser alone, exported as CSV.
(() => {
  "use strict";
  const { esscarto } = window, { map } = esscarto;
  const find = (id) => document.getElementById(id);
  const tour = JSON.parse(find("etapes").textContent), section = find("tour");
  const FIELDS = ["presents", "notes", "suites"];
  const PERSON = /\w[.\w-]*\.[\w-]*@|(?:\+33|\b0)[ .-]*[67](?:[ .-]*\d){8}/;

  // ---- the way: a line in the order of the visits, a number on each
  map.createPane("chemin").style.zIndex = 610;
  map.createPane("etapes").style.zIndex = 620;
  const line = L.polyline(tour.chemin, { pane: "chemin", color: "#b34700", weight: 4, interactive: false });
  const marks = tour.visites.map(({ rang, acteur, nom, lat, lon }) => {
    const title = `Visite ${rang} : ${nom}`;
    return L.marker([lat, lon], { pane: "etapes", title, keyboard: true, icon: L.divIcon({ className: "etape", iconSize: [30, 30], html: `<span>${rang}</span>` }) })
      .on("click", () => esscarto.open(acteur))
      .on("add", ({ target }) => { target.getElement().setAttribute("role", "button"); target.getElement().setAttribute("aria-label", title); });
  });
  const ends = tour.bouts.map(({ lettre, nom, lat, lon }) => L.marker([lat, lon], {
    pane: "etapes", title: nom, interactive: false, keyboard: false, zIndexOffset: -1000,
    icon: L.divIcon({ className: "etape bout", iconSize: [30, 30], iconAnchor: [34, 34], html: `<span>${lettre}</span>` }),
  }));
  const drawn = L.layerGroup([line, ...ends, ...marks]).addTo(map);
  esscarto.way = (shown, current) => {
    shown ? drawn.addTo(map) : drawn.remove();
    if (shown) marks.forEach((mark, i) => mark.getElement()?.classList.toggle("ici", i === current));
  };

  // ---- the notebook
  const place = `esscarto ${tour.nom} ${tour.jour}`, said = find("carnet-dit");
  let book = {};
  try { book = JSON.parse(window.localStorage.getItem(place)) ?? {}; } catch { said.textContent = "Ce navigateur ne garde rien : exportez vos notes avant de fermer la page."; }
  const written = () => tour.visites.filter(({ acteur }) => FIELDS.some((field) => book[acteur]?.[field]));
  function tell() {
    const some = written();
    for (const box of section.querySelectorAll(".noter")) box.querySelector(".fait").textContent = some.some(({ acteur }) => acteur === box.dataset.acteur) ? " (noté)" : "";
    find("exporter").disabled = find("oublier").disabled = !some.length;
  }
  function fill() {
    for (const box of section.querySelectorAll(".noter")) for (const field of FIELDS) box.querySelector(`[name=${field}]`).value = book[box.dataset.acteur]?.[field] ?? "";
    tell();
  }
  function keep() {
    try { window.localStorage.setItem(place, JSON.stringify(book)); } catch { said.textContent = "Ces notes ne sont pas gardées par ce navigateur : exportez-les avant de fermer la page."; }
    tell();
  }
  section.addEventListener("input", ({ target }) => {
    const { acteur } = target.closest(".noter").dataset;
    book[acteur] = { ...book[acteur], [target.name]: target.value.trim() };
    keep();
    // The page that reads the file refuses what reaches a person: better said here, while it is typed.
    if (PERSON.test(target.value)) said.textContent = "Une adresse électronique ou un numéro de mobile : l’import les refusera. Gardez ceux de l’organisation.";
  });
  // What a spreadsheet could compute stays a text.
  const inert = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  const cell = (text) => (/[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  function table() {
    const rows = written().map(({ acteur, nom }) => [tour.nom, tour.jour, acteur, nom, ...FIELDS.map((field) => book[acteur][field] ?? "")]);
    return [["tour", "jour", "acteur", "nom", ...FIELDS], ...rows].map((row) => row.map((text) => cell(inert(text))).join(";")).join("\r\n");
  }
  find("exporter").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = window.URL.createObjectURL(new window.Blob(["\ufeff", table(), "\r\n"], { type: "text/csv" }));
    link.download = tour.fichier;
    link.click();
    setTimeout(() => window.URL.revokeObjectURL(link.href), 10000);
    said.textContent = `Fichier ${tour.fichier} enregistré dans vos téléchargements.`;
  });
  find("oublier").addEventListener("click", () => {
    if (!window.confirm("Effacer toutes vos notes de ce tour ? Rien ne les fera revenir.")) return;
    book = {};
    keep();
    fill();
    said.textContent = "Notes effacées.";
  });
  section.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-acteur]");
    if (button) { find("carte").scrollIntoView({ block: "nearest" }); esscarto.open(button.dataset.acteur); }
  });
  fill();
})();
