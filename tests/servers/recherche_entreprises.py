"""The public search of companies as its OpenAPI describes it, over a small register made up for the tests."""

from dataclasses import dataclass, field

from tests.servers.faults import Asked, LocalService, json_answer

SECONDARY = ("siege", "complements", "matching_etablissements", "dirigeants", "finances", "tva")
LIMITED = 10_000
DIRECTOR = {"nom": "EXEMPLE", "prenoms": "CAMILLE", "type_dirigeant": "personne physique"}


def establishment(siret: str, commune: str, **cells: object) -> dict:
    """Return an establishment with the fields of the documentation, "" or None where nothing is said."""
    return {
        "activite_principale": "88.99B",
        "activite_principale_naf25": "88.99Y",
        "ancien_siege": False,
        "annee_tranche_effectif_salarie": "2023",
        "adresse": "1 RUE DES ESSAIS 02200 SOISSONS",
        "caractere_employeur": "O",
        "code_postal": "02200",
        "commune": commune,
        "date_fermeture": None,
        "epci": None,
        "est_siege": False,
        "etat_administratif": "A",
        "latitude": "49.38",
        "libelle_commune": "SOISSONS",
        "liste_enseignes": None,
        "longitude": "3.32",
        "nom_commercial": None,
        "siret": siret,
        "statut_diffusion_etablissement": "O",
        "tranche_effectif_salarie": "11",
        **cells,
    }


def company(siren: str, name: str, *places: dict, siege: dict | None = None, **cells: object) -> dict:
    """Return a company with the fields of the documentation and its establishments, the first one its seat."""
    labels = {"est_ess": True, "est_siae": False, "type_siae": None, "est_entrepreneur_individuel": False}
    return {
        "siren": siren,
        "nom_complet": name,
        "nom_raison_sociale": name,
        "sigle": None,
        "nombre_etablissements_ouverts": len(places),
        "activite_principale": "94.99Z",
        "etat_administratif": "A",
        "nature_juridique": "9220",
        "statut_diffusion": "O",
        "dirigeants": [DIRECTOR],
        "finances": {"2023": {"ca": 1}},
        **cells,
        "siege": siege or (places[0] if places else {}),
        "complements": {**labels, **cells.get("complements", {})},
        "etablissements": list(places),
    }


@dataclass
class RechercheEntreprises(LocalService):
    """The service. ``communes_of`` gives the communes of each EPCI; ``spoil`` rewrites an answer."""

    register: list[dict] = field(default_factory=list)
    communes_of: dict[str, list[str]] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    spoil: object = None

    def answer(self, asked: Asked) -> tuple[int, str, str]:
        given = {name: values[0] for name, values in asked.parameters.items()}
        if asked.path != "/search":
            return json_answer({"erreur": "Adresse inconnue."}, 404)
        page, per_page = int(given.get("page", 1)), int(given.get("per_page", 10))
        if not 1 <= per_page <= 25:
            return json_answer({"erreur": "Veuillez indiquer un paramètre `per_page` entre `1` et `25`."}, 400)
        if page * per_page > LIMITED:
            return json_answer({"erreur": "Le nombre total de résultats est restreint à 10 000."}, 400)
        if given.get("include") and given.get("minimal") != "true":
            return json_answer({"erreur": "Veuillez indiquer si vous souhaitez une réponse minimale."}, 400)
        found = [shown for each in self.register if (shown := self._shown(each, given)) is not None]
        total = max([len(found), *(self.totals.get(code, 0) for code in given.get("epci", "").split(","))])
        answer = {
            "results": found[(page - 1) * per_page : page * per_page],
            "total_results": total,
            "page": page,
            "per_page": per_page,
            "total_pages": -(-len(found) // per_page),
        }
        return json_answer(self.spoil(answer) if self.spoil else answer)

    def _shown(self, each: dict, given: dict[str, str]) -> dict | None:
        """Return a company as the answer shows it, None when the filters leave it out."""
        codes = [code for code in given.get("code_commune", "").split(",") if code]
        for epci in filter(None, given.get("epci", "").split(",")):
            codes += self.communes_of.get(epci, [])
        matching = [place for place in each["etablissements"] if place["commune"] in codes]
        labels = each["complements"]
        wanted = all(labels[name] for name in ("est_ess", "est_siae") if given.get(name) == "true")
        if not matching or not wanted or given.get("etat_administratif", each["etat_administratif"]) != "A":
            return None
        limit = int(given.get("limite_matching_etablissements", 10))
        whole = {**each, "matching_etablissements": matching[:limit]}
        whole.pop("etablissements")
        if given.get("minimal") == "true":
            included = given.get("include", "").split(",")
            return {name: value for name, value in whole.items() if name not in SECONDARY or name in included}
        return whole
