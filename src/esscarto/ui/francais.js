// The few English words that Streamlit writes itself and lets no parameter change.
(() => {
  "use strict";
  const WORDS = {
    "Skip to main content": "Aller au contenu", Sidebar: "Filtres", "Collapse sidebar": "Replier les filtres", "Expand sidebar": "Ouvrir les filtres",
    "App pages": "Pages", "Main menu": "Menu", Open: "Ouvrir la liste", Close: "Fermer", "Clear all": "Tout effacer", "Select all": "Tout choisir", "Clear value": "Effacer", "Clear date": "Effacer la date",
    "Clear entry": "Effacer", "Selected values": "Choix faits", "Multiselect options": "Choix", "Selectbox options": "Choix", "No results": "Aucun résultat", "No options to select": "Rien à choisir", "No options to select.": "Rien à choisir.",
    "Choose an option": "Choisissez", "Choose date": "Choisir une date", "Previous month": "Mois précédent", "Next month": "Mois suivant", Pagination: "Pages de la liste",
    "Previous page": "Page précédente", "Next page": "Page suivante", "Add files": "Choisir un fichier", "file upload": "fichier", "Uploading...": "Envoi…", "Loading...": "Chargement…",
    "Running...": "Calcul…", "Stop script": "Arrêter", Increment: "Plus", Decrement: "Moins", Dismiss: "Fermer", "Copy to clipboard": "Copier", Copied: "Copié", Notifications: "Messages",
    "Page not found": "Page introuvable", "Connection error": "Connexion perdue", dd: "jj", yyyy: "aaaa",
  };
  const SHAPES = [
    [/^Help for (.+)$/, "Aide : $1"], [/^Remove (.+)$/, "Retirer $1"], [/^You can only select up to (\d+) options?\. Remove an option first\.$/, "$1 choix au plus : retirez-en un d’abord."],
    [/^Select (\d+) matches$/, "Choisir les $1 résultats"], [/^Upload (.+)$/, "Envoyer $1"], [/^Add: (.+)$/, "Chercher « $1 »"], [/^(\d+) options? available\.$/, "$1 choix."],
    [/^The page that you have requested.*$/s, "Cette page n’existe pas : voici l’accueil."],
    [/^Is Streamlit still running\?.*$/s, "Le serveur ne répond plus. Vérifiez le réseau, puis rechargez la page."],
  ];
  const french = (text) => {
    const bare = text.trim();
    if (Object.hasOwn(WORDS, bare)) return text.replace(bare, WORDS[bare]);
    const shape = SHAPES.find(([pattern]) => pattern.test(bare));
    return shape ? bare.replace(...shape) : text;
  };
  // Only what Streamlit writes around the page: never a text of ours.
  const OURS = "script, style, .ess, [data-testid=stMarkdownContainer], input, textarea";
  const say = (node) => {
    if (node.nodeType === 3) {
      const said = french(node.data);
      if (said !== node.data && !node.parentElement?.closest(OURS)) node.data = said;
      return;
    }
    if (node.nodeType !== 1 || node.matches(".ess")) return; // Ours is French, and long: it is not looked through.
    for (const name of ["aria-label", "placeholder"]) {
      const text = node.getAttribute(name), said = text && french(text);
      if (said !== text) node.setAttribute(name, said);
    }
    node.childNodes.forEach(say);
  };
  say(document.body);
  new window.MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) if (type === "childList") addedNodes.forEach(say); else say(target);
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["aria-label", "placeholder"] });
})();
